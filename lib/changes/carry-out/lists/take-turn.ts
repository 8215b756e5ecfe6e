/**
 * A list's turn: one part, and then the next turn is asked for behind those of other lists. A message carries ids alone,
 * so a turn that is taken twice, or late, does what is to be done then and nothing else.
 */
import { GatewayError } from '../../../errors.ts'
import { isLedgerDown } from '../../model/failure.ts'
import type { Header, ListState } from '../../model/header.ts'
import { LIST_PATIENCE_MS, TICK_MS } from '../../model/timing.ts'
import type { Workbench } from '../../record/desk.ts'
import { readPause } from '../../record/read-pause.ts'
import { amendHeader, requireHeader, storeHeader } from '../../record/write-header.ts'
import { advance } from '../advance.ts'
import { carryOutPart, namedEndOf } from './carry-out-part.ts'
import { isAtRest, isRunOut, withPart } from './count-parts.ts'
import { planInTurn } from './plan-in-turn.ts'
import { isList, LONGEST_LIST_HOLD_MS, LONGEST_SLEEP_MS } from './step-list.ts'

/** Requests of all lists a minute: within Genesys's 300, with room for whoever waits. */
const REQUESTS_A_MINUTE = 240

/** A share of the token's minute that lists leave to others. */
const MOST_OF_MINUTE = 0.8

/** Races with decisions about the list that are fought before the turn is left to the tick. */
const MAX_TRIES = 5

/** Failures at a part that nobody foresaw, after which the list is given up: a fault of the gateway does not mend itself. */
const MAX_UNFORESEEN = 3

/** After one of these the message comes again, for nothing, and the next try is later than that. Milliseconds. */
const UNFORESEEN_WAIT_MS = 5 * 60_000

/**
 * @throws GatewayError `ledger.unavailable`, `queue.unavailable`, so that the message comes again.
 */
export async function takeTurn(bench: Workbench, changeId: string): Promise<void> {
  const { clock, scope } = bench
  const list = await requireHeader(bench, changeId)
  if (list.state === 'PLANNING') {
    const planned = await planInTurn(bench, list)
    if (planned.kind === 'advanced') await advance(bench, changeId, planned.header)
    return
  }
  if (!isList(list) || list.state !== 'RUNNING' || isRunOut(list.list)) {
    await advance(bench, changeId, list)
    return
  }
  const sleepMs = (list.list.waitUntilMs ?? 0) - clock.nowMs()
  if (sleepMs > LONGEST_SLEEP_MS) return
  if (sleepMs > 0) await clock.sleep(sleepMs)
  const n = list.list.next
  const atMs = clock.nowMs()
  if (atMs > (namedEndOf(list) ?? atMs)) {
    const stopped = { why: 'late', by: 'gateway', atMs } as const
    const late = await note(bench, list, n, (seen) => ({ ...seen, stopped: seen.stopped ?? stopped }))
    if (late) await advance(bench, changeId, late)
    return
  }
  if (await readPause(bench)) {
    const waitUntilMs = clock.nowMs() + LONGEST_LIST_HOLD_MS
    await note(bench, list, n, (seen) => ({ ...seen, waitUntilMs }))
    return
  }
  const startedAtMs = clock.nowMs()
  const sentBefore = scope.observed.sent
  let part: Header
  try {
    part = await carryOutPart(bench, list, n)
  } catch (error) {
    if (isLedgerDown(error)) throw error
    bench.log.noteDeferred(changeId, `part ${n} could not be begun`, error)
    const failed = await note(bench, list, n, (seen) => withFailure(seen, error, clock.nowMs()))
    if (!(error instanceof GatewayError)) throw error
    if (failed?.list?.stopped) await advance(bench, changeId, failed)
    return
  }
  const requests = scope.observed.sent - sentBefore
  const paceUntilMs = paceOf(requests, startedAtMs)
  const [plan, evidence] = [await bench.ledger.plan(part), await bench.ledger.evidence(part)]
  const waitUntilMs = Math.max(paceUntilMs, minuteOf(bench, clock.nowMs()), part.retryAtMs ?? 0)
  const noted = await note(bench, list, n, (seen) => {
    const begun = {
      ...seen,
      next: n + 1,
      open: [...seen.open, n],
      requests: seen.requests + requests,
      waitUntilMs,
      failing: undefined,
    }
    const next = isAtRest(part) ? withPart(begun, { n, header: part, plan, evidence }) : begun
    return plan.leftAlone?.length ? stopAtConflict(next, clock.nowMs()) : next
  })
  if (noted) await advance(bench, changeId, noted)
  // While a turn lasts no other list's begins: the pace is that of all of them together.
  const restMs = Math.min(paceUntilMs - clock.nowMs(), LONGEST_SLEEP_MS)
  if (restMs > 0) await clock.sleep(restMs)
}

/** The list where its next part could not be begun: it waits, and at last it is given up. */
function withFailure(list: ListState, error: unknown, nowMs: number): ListState {
  const isForeseen = error instanceof GatewayError
  const { sinceMs = nowMs, unforeseen = 0 } = list.failing ?? {}
  const failing = { sinceMs, unforeseen: unforeseen + (isForeseen ? 0 : 1) }
  const waitMs = isForeseen ? Math.max((error.retryAfterSeconds ?? 0) * 1_000, TICK_MS) : UNFORESEEN_WAIT_MS
  const isGivenUp = nowMs - sinceMs >= LIST_PATIENCE_MS || failing.unforeseen >= MAX_UNFORESEEN
  const stopped = isGivenUp ? ({ why: 'failing', by: 'gateway', atMs: nowMs } as const) : undefined
  return { ...list, failing, waitUntilMs: nowMs + waitMs, stopped: list.stopped ?? stopped }
}

function stopAtConflict(list: ListState, atMs: number): ListState {
  if (list.onConflict !== 'abort' || list.stopped) return list
  return { ...list, stopped: { why: 'conflict', by: 'gateway', atMs } }
}

/** By when so many requests fit into the pace, epoch milliseconds. */
function paceOf(requests: number, startedAtMs: number): number {
  return startedAtMs + Math.ceil((requests * 60_000) / REQUESTS_A_MINUTE)
}

/** When the token's minute has room again, as its last answer told; epoch milliseconds, 0 where it has some. */
function minuteOf({ scope: { observed } }: Workbench, nowMs: number): number {
  const { rateLimitUsed = 0, rateLimitAllowed, rateLimitResetSeconds } = observed
  if (rateLimitAllowed === undefined || rateLimitResetSeconds === undefined) return 0
  return rateLimitUsed < rateLimitAllowed * MOST_OF_MINUTE ? 0 : nowMs + rateLimitResetSeconds * 1_000
}

/** Notes what a turn came to, whatever has been decided about the list meanwhile. @returns undefined where another turn did. */
async function note(
  bench: Workbench,
  list: Header,
  n: number,
  next: (seen: ListState) => ListState,
): Promise<Header | undefined> {
  let seen = list
  for (let tries = 1; tries <= MAX_TRIES; tries++) {
    if (!isList(seen) || seen.list.next !== n) return undefined
    const amended = amendHeader(seen, { list: next(seen.list) }, bench.clock.nowMs())
    const stored = await storeHeader(bench, amended, seen)
    if (stored.kind === 'advanced') return stored.header
    seen = await requireHeader(bench, list.id)
  }
  return undefined
}
