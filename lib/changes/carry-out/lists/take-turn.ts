/**
 * A list's turn: one part, and then the next turn is asked for behind those of other lists. A message carries ids alone,
 * so a turn that is taken twice, or late, does what is to be done then and nothing else.
 */
import { GatewayError } from '../../../errors.ts'
import { withMark } from '../../answers/list-progress.ts'
import { isLedgerDown } from '../../model/failure.ts'
import type { Header, ListState } from '../../model/header.ts'
import { LIST_PATIENCE_MS, TICK_MS } from '../../model/timing.ts'
import { isSettled } from '../../model/transitions.ts'
import type { Workbench } from '../../record/desk.ts'
import { readPause } from '../../record/read-pause.ts'
import { requireHeader } from '../../record/write-header.ts'
import { advance } from '../advance.ts'
import { carryOutPart, namedEndOf, type PartBegun } from './carry-out-part.ts'
import { isAtRest, isRunOut, withPart } from './count-parts.ts'
import { planInTurn } from './plan-in-turn.ts'
import { isList, LONGEST_LIST_HOLD_MS, LONGEST_SLEEP_MS } from './step-list.ts'
import { storeProgress } from './store-progress.ts'
import { isRevertDue, takeBack } from './take-back.ts'

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
  let list = await requireHeader(bench, changeId)
  const n = list.list?.next
  // Whoever decides about the list meanwhile comes first; who has begun the part that was next sees to what comes after.
  for (let tries = 1; tries <= MAX_TRIES && list.list?.next === n; tries++) {
    if ((await tryTurn(bench, list)) !== 'overtaken') return
    list = await requireHeader(bench, changeId)
  }
}

/** @returns `overtaken` where the list is not as it was seen, and nothing was begun. */
async function tryTurn(bench: Workbench, list: Header): Promise<'taken' | 'overtaken'> {
  const { clock, scope } = bench
  const { id } = list
  if (list.state === 'PLANNING') {
    const planned = await planInTurn(bench, list)
    if (planned.kind === 'advanced') await advance(bench, id, planned.header)
    return 'taken'
  }
  if (isList(list) && isRevertDue(list, clock.nowMs())) {
    await takeBack(bench, list)
    return 'taken'
  }
  if (!isList(list) || list.state !== 'RUNNING' || isRunOut(list.list)) {
    await advance(bench, id, list)
    return 'taken'
  }
  const sleepMs = (list.list.waitUntilMs ?? 0) - clock.nowMs()
  if (sleepMs > LONGEST_SLEEP_MS) return 'taken'
  if (sleepMs > 0) await clock.sleep(sleepMs)
  const n = list.list.next
  const atMs = clock.nowMs()
  if (atMs > (namedEndOf(list) ?? atMs)) {
    const stopped = { why: 'late', by: 'gateway', atMs } as const
    const late = await note(bench, list, (seen) => ({ ...seen, stopped: seen.stopped ?? stopped }))
    if (late) await advance(bench, id, late)
    return 'taken'
  }
  if (await readPause(bench)) {
    const waitUntilMs = clock.nowMs() + LONGEST_LIST_HOLD_MS
    await note(bench, list, (seen) => ({ ...seen, waitUntilMs }))
    return 'taken'
  }
  const startedAtMs = clock.nowMs()
  const sentBefore = scope.observed.sent
  let begun: PartBegun | undefined
  try {
    begun = await carryOutPart(bench, list)
  } catch (error) {
    if (isLedgerDown(error)) throw error
    bench.log.noteDeferred(id, `part ${n} could not be carried out`, error)
    const requests = scope.observed.sent - sentBefore
    const failed = await note(bench, list, (seen) =>
      withFailure({ ...seen, requests: seen.requests + requests }, n, error, clock.nowMs()),
    )
    if (!(error instanceof GatewayError)) throw error
    if (failed?.list?.stopped) await advance(bench, id, failed)
    return 'taken'
  }
  if (!begun) return 'overtaken'
  const { part } = begun
  const requests = scope.observed.sent - sentBefore
  const paceUntilMs = paceOf(requests, startedAtMs)
  const [plan, evidence] = [await bench.ledger.plan(part), await bench.ledger.evidence(part)]
  const waitUntilMs = Math.max(paceUntilMs, minuteOf(bench, clock.nowMs()), part.retryAtMs ?? 0)
  const noted = await note(bench, begun.list, (seen) => {
    const counted = withMark({ ...seen, requests: seen.requests + requests, waitUntilMs }, clock.nowMs())
    return isAtRest(part) ? withPart(counted, { n, header: part, plan, evidence }) : counted
  })
  if (noted) await advance(bench, id, noted)
  // While a turn lasts no other list's begins: the pace is that of all of them together.
  const restMs = Math.min(paceUntilMs - clock.nowMs(), LONGEST_SLEEP_MS)
  if (restMs > 0) await clock.sleep(restMs)
  return 'taken'
}

/** The list where part n could not be carried out: it waits, and where that has not begun it is given up at last. */
function withFailure(list: ListState, n: number, error: unknown, nowMs: number): ListState {
  const isForeseen = error instanceof GatewayError
  const waitMs = isForeseen ? Math.max((error.retryAfterSeconds ?? 0) * 1_000, TICK_MS) : UNFORESEEN_WAIT_MS
  const waiting = { ...list, waitUntilMs: nowMs + waitMs }
  if (list.next !== n) return waiting
  const { sinceMs = nowMs, unforeseen = 0 } = list.failing ?? {}
  const failing = { sinceMs, unforeseen: unforeseen + (isForeseen ? 0 : 1) }
  const isGivenUp = nowMs - sinceMs >= LIST_PATIENCE_MS || failing.unforeseen >= MAX_UNFORESEEN
  const stopped = isGivenUp ? ({ why: 'failing', by: 'gateway', atMs: nowMs } as const) : undefined
  return { ...waiting, failing, stopped: list.stopped ?? stopped }
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

/** Notes what a turn came to, whatever has been decided about the list meanwhile. @returns undefined where it has ended, or others kept coming first. */
async function note(
  bench: Workbench,
  list: Header,
  next: (seen: ListState) => ListState,
): Promise<Header | undefined> {
  let seen = list
  for (let tries = 1; tries <= MAX_TRIES; tries++) {
    if (!isList(seen) || isSettled(seen.state)) return undefined
    const stored = await storeProgress(bench, seen, next(seen.list), bench.clock.nowMs())
    if (stored.kind === 'advanced') return stored.header
    seen = await requireHeader(bench, list.id)
  }
  return undefined
}
