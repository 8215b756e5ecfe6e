/** Empties the outbox: tells the bus what became of a change. The event follows from the record, so it goes out at least once. */

import { entryOf } from '../answers/render-change.ts'
import { changeEvents, ENDING_EVENT } from '../model/change-events.ts'
import { isUnpublished } from '../model/due.ts'
import type { Header } from '../model/header.ts'
import type { Workbench } from '../record/desk.ts'
import { amendHeader, storeHeader } from '../record/write-header.ts'

/** What one event is known by, however often it goes out: the change, and the version that came to the state. */
export function eventIdOf({ id, eventVersion = 0 }: Pick<Header, 'id' | 'eventVersion'>): string {
  return `${id}#${eventVersion}`
}

/** Whether what is told of it last is that it is taken back soon. */
export function isEndReminder({ revert, eventVersion }: Pick<Header, 'revert' | 'eventVersion'>): boolean {
  return eventVersion !== undefined && revert?.remindedVersion === eventVersion
}

type Teller = Pick<Workbench, 'bus' | 'ledger' | 'clock' | 'log'>

/** `failed`: the bus could not be reached, so it would take no other event now either. `refused`: this one alone. */
export type Telling = 'told' | 'refused' | 'failed' | 'nothing'

/**
 * Puts the event of the state a change is in, and notes that it went out. What fails stays due for the tick.
 *
 * @returns the header as noted, or the one given where nothing was to be told or it could not be.
 */
export async function announce(teller: Teller, header: Header): Promise<Header> {
  return (await tell(teller, header)).header
}

/** The same, and what came of it. */
export async function tell(
  { bus, ledger, clock, log }: Teller,
  header: Header,
): Promise<{ readonly header: Header; readonly telling: Telling }> {
  const detailType = isEndReminder(header) ? ENDING_EVENT : changeEvents[header.state]
  if (!isUnpublished(header) || detailType === undefined) return { header, telling: 'nothing' }
  const detail = {
    eventId: eventIdOf(header),
    ...(header.state === 'AWAITING_APPROVAL' && header.approval.isReminded ? { isReminder: true } : {}),
    change: entryOf(header),
  }
  try {
    const [isTaken] = await bus.put([{ detailType, detail, atMs: clock.nowMs() }])
    if (!isTaken) {
      log.noteDeferred(header.id, 'the event bus refused its event', undefined)
      return { header, telling: 'refused' }
    }
  } catch (error) {
    log.noteDeferred(header.id, 'its event could not be put', error)
    return { header, telling: 'failed' }
  }
  try {
    const members = { publishedVersion: header.eventVersion, tellingPutOff: undefined }
    // When it last moved stays what it was, so that a repeat is answered alike before and after.
    const next = amendHeader(header, members, header.updatedAtMs)
    const stored = await storeHeader({ ledger, log }, next, header)
    return { header: stored.kind === 'advanced' ? stored.header : header, telling: 'told' }
  } catch (error) {
    log.noteDeferred(
      header.id,
      'it could not be noted that its event went out, so it is put once more',
      error,
    )
    return { header, telling: 'told' }
  }
}
