/** Why a change goes no further for now, and until when, as far as anybody knows. It looks only where something waits. */
import { isoOf } from '../../utc-day.ts'
import type { Waits } from '../answers/decision-schemas.ts'
import { reasonOf } from '../model/failure.ts'
import type { Header, HeaderIn } from '../model/header.ts'
import { partIdOf } from '../model/record-ids.ts'
import { CLOCK_ALLOWANCE_MS } from '../model/timing.ts'
import { waitingStates } from '../model/transitions.ts'
import type { WritePause } from '../model/write-switch.ts'
import type { Desk, LatestReading } from './desk.ts'

const UNKNOWN_END = 'until when is not known'

/** In place of Genesys's own words, which name seconds that have gone by, and are two sentences. */
const TURNED_AWAY = 'Genesys took no more requests'

/** Between two parts so long is the pace's, and nothing that is waited for. Milliseconds. */
const USUAL_MS = 5_000

/** A part takes less, also one that begins with a cold function. Milliseconds. */
const STILL_MS = 10_000

/** Other lists that are counted. */
const MAX_OTHERS = 20

type WaitsDesk = Pick<Desk, 'ledger' | 'clock' | 'seats'>

/**
 * @param pause as it was read for the same answer.
 * @throws GatewayError `ledger.unavailable`
 */
export async function readWaits(
  desk: WaitsDesk,
  header: Header,
  pause: WritePause | undefined,
): Promise<Waits | undefined> {
  const nowMs = desk.clock.nowMs()
  if (header.state === 'PLANNING') {
    return waitsForReading(header.planning, await desk.seats.latest?.(), nowMs)
  }
  const isReleased = waitingStates.includes(header.state) && header.isReleased
  if (header.state !== 'RUNNING' && !isReleased) return undefined
  if (pause) return { why: 'writes.paused', says: `It waits until writes are resumed; ${UNKNOWN_END}` }
  return header.state === 'RUNNING' ? await waitsOfList(desk, header, nowMs) : waitsForTime(header, nowMs)
}

function waitsForTime({ state, notBeforeMs = 0, retryAtMs = 0, failure }: Header, nowMs: number) {
  if (state === 'AWAITING_APPROVAL') return undefined
  if (notBeforeMs > nowMs) {
    const until = isoOf(notBeforeMs)
    return { why: 'time', until, says: `It begins at ${until}` } as const
  }
  if (retryAtMs <= nowMs) return undefined
  const until = isoOf(retryAtMs)
  const because = failure ? `: ${failure.status === 429 ? TURNED_AWAY : reasonOf(failure)}` : ''
  return { why: 'retry', until, says: `It is tried again at ${until}${because}` } as const
}

function waitsForReading(
  { askedAtMs, isWholeNeeded }: HeaderIn<'PLANNING'>['planning'],
  latest: LatestReading | undefined,
  nowMs: number,
): Waits {
  const why = 'reading'
  const { state, beganAtMs } = latest ?? {}
  const isLateEnough = beganAtMs !== undefined && beganAtMs > askedAtMs + CLOCK_ALLOWANCE_MS
  if (latest && state === 'reading' && beganAtMs !== undefined) {
    const far = farTextOf(latest)
    const begun = `reading of the whole organization began at ${isoOf(beganAtMs)} (${far})`
    if (!isLateEnough) {
      return {
        why,
        says: `It is planned from a reading that begins after it was asked for. An earlier ${begun} and comes first; ${UNKNOWN_END}`,
      }
    }
    const endMs = expectedEndOf(latest, beganAtMs, nowMs)
    const until = endMs === undefined ? undefined : isoOf(endMs)
    const when = until === undefined ? UNKNOWN_END : `by its pace so far it is read at ${until}`
    return { why, until, says: `The ${begun}, and the list is planned from it; ${when}` }
  }
  if (latest && state === 'waiting') {
    return {
      why,
      says: `The reading of the whole organization that it is planned from was asked for at ${isoOf(latest.askedAtMs)} and has not begun; ${UNKNOWN_END}`,
    }
  }
  if (isLateEnough && (state === 'whole' || !isWholeNeeded)) {
    return {
      why: 'turn',
      says: 'The reading that it is planned from has ended: it is planned within minutes',
    }
  }
  return {
    why,
    says: `The reading of the whole organization that it is planned from is asked for within a minute; ${UNKNOWN_END}`,
  }
}

function farTextOf({ pagesRead, pagesToRead }: LatestReading): string {
  return pagesToRead === undefined
    ? `${pagesRead} requests so far, of how many is not known yet`
    : `${pagesRead} of ${pagesToRead} requests`
}

/** Undefined where its pace is not known, or Genesys has asked to wait longer than that. */
function expectedEndOf(
  { pagesRead, pagesToRead, waitUntilMs = 0 }: LatestReading,
  beganAtMs: number,
  nowMs: number,
): number | undefined {
  if (pagesToRead === undefined || pagesRead === 0) return undefined
  const endMs = beganAtMs + ((nowMs - beganAtMs) * pagesToRead) / pagesRead
  return waitUntilMs > endMs ? undefined : Math.max(endMs, nowMs)
}

async function waitsOfList(
  { ledger }: WaitsDesk,
  header: HeaderIn<'RUNNING'>,
  nowMs: number,
): Promise<Waits | undefined> {
  const { id, list } = header
  const { open, failing, waitUntilMs = 0 } = list
  if (list.stopped || list.next >= list.parts) {
    if (open.length === 0) return undefined
    return waitsForParts([...(await ledger.headers(open.map((n) => partIdOf(id, n)))).values()], nowMs)
  }
  const { hold } = await ledger.lookAtList(id)
  const holdMs = hold?.untilMs ?? 0
  const untilMs = Math.max(holdMs, waitUntilMs)
  const until = isoOf(untilMs)
  if (failing) {
    const why = 'failing'
    const says = 'Its next part could not be begun: it is tried again'
    return untilMs > nowMs
      ? { why, until, says: `${says} at ${until}` }
      : { why, says: `${says} within minutes; ${UNKNOWN_END}` }
  }
  if (holdMs > nowMs) {
    return hold?.refusedAtMs === undefined
      ? {
          why: 'minute.used',
          until,
          says: `Of what Genesys takes in a minute the rest is left to whoever waits for an answer: all lists wait until ${until}`,
        }
      : {
          why: 'refused',
          until,
          says: `Genesys takes no more requests for now: all lists wait until ${until}`,
        }
  }
  if (waitUntilMs > nowMs + USUAL_MS) return { why: 'pace', until, says: `Its next part begins at ${until}` }
  const running = await ledger.list({ filter: { states: ['RUNNING'] }, limit: MAX_OTHERS + 1 })
  const others = running.headers.filter((each) => each.id !== id && each.list).length
  if (others === 0) return nowMs - header.updatedAtMs > STILL_MS ? waitsForTurn(header) : undefined
  const lists =
    others === 1 ? 'another list' : `${others >= MAX_OTHERS ? `${MAX_OTHERS} or more` : others} other lists`
  return { why: 'other.lists', says: `Its parts take turns with those of ${lists}` }
}

/** Of a list of which no further part begins: those that have begun, and have not come to rest. */
function waitsForParts(parts: readonly Header[], nowMs: number): Waits {
  const givenBack = parts.filter(({ state }) => waitingStates.includes(state))
  if (givenBack.length > 0) {
    const until = laterOf(nowMs, ...givenBack.map(({ retryAtMs = 0 }) => retryAtMs))
    const when = until === undefined ? `within minutes; ${UNKNOWN_END}` : `at ${until}`
    return { why: 'retry', until, says: `What of it has not come about is tried again ${when}` }
  }
  const until = laterOf(
    nowMs,
    ...parts.map(({ lookDueAtMs, quietUntilMs = 0 }) => lookDueAtMs ?? quietUntilMs),
  )
  const when = until === undefined ? UNKNOWN_END : `not before ${until}`
  return {
    why: 'settling',
    until,
    says: `What was sent last is read back once nothing of it can land any more; ${when}`,
  }
}

/** The latest of some times, where that is still to come. */
function laterOf(nowMs: number, ...times: readonly number[]): string | undefined {
  const latestMs = Math.max(...times)
  return latestMs > nowMs ? isoOf(latestMs) : undefined
}

/** A turn that was lost is asked for again by the tick, and one that failed comes again by itself. */
function waitsForTurn({ updatedAtMs }: Header): Waits {
  return {
    why: 'turn',
    says: `Nothing more of it has come about since ${isoOf(updatedAtMs)}: its next turn comes again within five minutes at the latest`,
  }
}
