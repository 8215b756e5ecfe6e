/** Tells the bus what became of a change. The event follows from the record, so it goes out at least once. */
import { changeEvents } from './announce.ts'
import type { Header } from './change.ts'
import { isUnpublished } from './due.ts'
import { entryOf } from './render.ts'
import { amended } from './transition.ts'
import type { Workbench } from './work.ts'

/** What one event is known by, however often it goes out: the change, and the version that came to the state. */
export function eventIdOf({ id, eventVersion = 0 }: Pick<Header, 'id' | 'eventVersion'>): string {
  return `${id}#${eventVersion}`
}

/**
 * Puts the event of the state a change is in, and notes that it went out. What fails stays due for the tick.
 *
 * @returns the header as noted, or the one given where nothing was to be told or it could not be.
 */
export async function announce(
  { bus, ledger, clock, log }: Pick<Workbench, 'bus' | 'ledger' | 'clock' | 'log'>,
  header: Header,
): Promise<Header> {
  const detailType = changeEvents[header.state]
  if (!isUnpublished(header) || detailType === undefined) return header
  try {
    const detail = {
      eventId: eventIdOf(header),
      ...(header.state === 'AWAITING_APPROVAL' && header.approval?.isReminded ? { isReminder: true } : {}),
      change: entryOf(header),
    }
    const [isTaken] = await bus.put([{ detailType, detail, atMs: clock.nowMs() }])
    if (!isTaken) {
      log.left(header.id, 'the event bus refused its event', undefined)
      return header
    }
    const next = amended(header, { publishedVersion: header.eventVersion ?? 0 }, clock.nowMs())
    return (await ledger.replace(next, header)) ? next : header
  } catch (error) {
    log.left(header.id, 'its event could not be put', error)
    return header
  }
}
