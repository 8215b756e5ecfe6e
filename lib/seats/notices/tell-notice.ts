/** Empties the outbox: a row is put, its event goes out, and that is noted. What fails is told again by a later minute. */
import type { EventBus } from '../../changes/model/change-events.ts'
import type { Policy } from '../../changes/model/policy.ts'
import { randomId } from '../../changes/model/record-ids.ts'
import type { ChangeLog } from '../../changes/record/desk.ts'
import type { Clock } from '../../clock.ts'
import type { Inventory } from '../../inventory/inventory-port.ts'
import type { Seats } from '../seats-port.ts'
import { type Notice, type Notices, noticeEvents, noticeIdOf } from './notices.ts'

/** What the watch is bound to. */
export interface NoticeWork {
  readonly seats: Pick<Seats, 'now' | 'report'>
  readonly inventory: Pick<Inventory, 'counts' | 'differences'>
  readonly notices: Notices
  readonly bus: EventBus
  readonly clock: Pick<Clock, 'nowMs'>
  /** Of what could not be told now, and is at a later minute. */
  readonly log: Pick<ChangeLog, 'noteDeferred'>
  readonly policy: Pick<Policy, 'nearPercent' | 'digest'>
}

/** Whoever has put a row tells it at once, by one try of a second; so long nobody else does. Milliseconds. */
const TELLING_LIFE_MS = 30_000

type Drawn = 'version' | 'writeId' | 'atMs' | 'isTold' | 'tellingUntilMs'
type Undrawn<N> = N extends Notice ? Omit<N, Drawn> : never

/** Puts what is to be told in the place of what was told last, and tells it. Where somebody else was first, they tell. */
export async function noteAndTell(
  work: NoticeWork,
  noted: Undrawn<Notice>,
  seen: Notice | undefined,
  isToBeTold = true,
): Promise<void> {
  const { clock, notices } = work
  const atMs = clock.nowMs()
  const next: Notice = {
    ...noted,
    version: (seen?.version ?? 0) + 1,
    writeId: randomId(),
    atMs,
    isTold: !isToBeTold,
    tellingUntilMs: atMs + TELLING_LIFE_MS,
  }
  if ((await notices.put(next, seen)) && isToBeTold) await putEvent(work, next)
}

/** Tells what somebody has noted and not told, once they can no longer be at it. */
export async function tellLeft(work: NoticeWork, seen: Notice): Promise<void> {
  const atMs = work.clock.nowMs()
  if (seen.isTold || atMs < seen.tellingUntilMs) return
  const taken: Notice = { ...seen, writeId: randomId(), tellingUntilMs: atMs + TELLING_LIFE_MS }
  if (await work.notices.put(taken, seen)) await putEvent(work, taken)
}

async function putEvent({ bus, notices, clock, log }: NoticeWork, notice: Notice): Promise<void> {
  const id = noticeIdOf(notice)
  try {
    const event = { detailType: eventTypeOf(notice), detail: eventDetailOf(notice), atMs: clock.nowMs() }
    const [isTaken] = await bus.put([event])
    if (!isTaken) {
      log.noteDeferred(id, 'the event bus refused it', undefined)
      return
    }
  } catch (error) {
    log.noteDeferred(id, 'its event could not be put', error)
    return
  }
  try {
    await notices.put({ ...notice, writeId: randomId(), isTold: true }, notice)
  } catch (error) {
    log.noteDeferred(id, 'it could not be noted that it went out, so it is put once more', error)
  }
}

/** The detail type that a row is told as. */
function eventTypeOf(notice: Notice): string {
  if (notice.kind !== 'seats') return noticeEvents[notice.kind]
  const { was, standing, turn } = notice.told
  // What is entered is where it stands now, what is left where it stood.
  const about = turn === 'entered' ? standing : was
  return noticeEvents[about === 'over' ? 'over' : 'near']
}

/** JSON, as docs/events.md shows it. */
function eventDetailOf(notice: Notice): Readonly<Record<string, unknown>> {
  return { eventId: noticeIdOf(notice), [notice.kind]: notice.told }
}
