/**
 * A list's turn: one part, and then the next turn is asked for behind those of other lists. A message carries ids alone,
 * so a turn that is taken twice, or late, does what is to be done then and nothing else.
 */
import { GatewayError } from '../../../errors.ts'
import { withMark, withWait } from '../../answers/list-progress.ts'
import type { ListState } from '../../model/change.ts'
import { approvalLapseOf } from '../../model/due.ts'
import { isLedgerDown } from '../../model/failure.ts'
import type { Header, HeaderIn } from '../../model/header.ts'
import { LIST_PATIENCE_MS, NEXT_TICK_MS, TICK_MS } from '../../model/timing.ts'
import { isSettled } from '../../model/transitions.ts'
import { pauseOf } from '../../model/write-switch.ts'
import type { Workbench } from '../../record/desk.ts'
import type { ListStanding } from '../../record/ledger.ts'
import { requireHeader } from '../../record/write-header.ts'
import { advance } from '../advance.ts'
import { askForTurn } from './ask-for-turn.ts'
import { carryOutPart, namedEndOf, type PartBegun } from './carry-out-part.ts'
import { isAtRest, isRunOut, withPart } from './count-parts.ts'
import { planInTurn } from './plan-in-turn.ts'
import {
  benchInNoHurry,
  holdLists,
  LONGEST_SLEEP_MS,
  LONGEST_WAIT_OF_TURNS_MS,
  sleepInTurn,
  startMeter,
  type Used,
} from './shared-pace.ts'
import { isList, isPastEnd } from './step-list.ts'
import { storeProgress } from './store-progress.ts'
import { isRevertDue, takeBack } from './take-back.ts'
import { expectDeathAtPart, MAX_UNFORESEEN, tryExpectingDeath, UNFORESEEN_WAIT_MS } from './try-again.ts'

/** Races with decisions about the list that are fought before the turn is left to the tick. */
const MAX_TRIES = 5

/** After a failure that was foreseen; while it goes on, as long again as it has lasted, up to a minute. Milliseconds. */
const FIRST_WAIT_MS = 5_000

/**
 * @param isAgain whether it has been handed on before, and nobody knows what became of that.
 * @returns false where what is named is no list, and never was one: no later try helps.
 * @throws GatewayError `ledger.unavailable`, `queue.unavailable`, so that the message comes again.
 */
export async function takeTurn(given: Workbench, changeId: string, isAgain = false): Promise<boolean> {
  const bench = benchInNoHurry(given)
  let standing = await bench.ledger.lookAtList(changeId)
  // What was planned in a turn may have come to no list: its turn may come late, and finds it at its end.
  if (!standing.header || (!standing.header.list && !standing.header.planning)) return false
  const n = standing.header.list?.next
  let hasSlept = false
  // Whoever decides about the list meanwhile comes first; who has begun the part that was next sees to what comes after.
  for (let tries = 1; standing.header?.list?.next === n && standing.header && tries <= MAX_TRIES; tries++) {
    const turn = await tryTurn(bench, standing.header, standing, { hasSlept, isAgain })
    if (turn === 'taken') return true
    hasSlept ||= turn === 'slept'
    standing = await bench.ledger.lookAtList(changeId)
  }
  return true
}

/** @returns `overtaken` where the list is not as it was seen, `slept` where it is to be looked at again; nothing was begun. */
async function tryTurn(
  bench: Workbench,
  list: Header,
  { thrown, hold }: ListStanding,
  { hasSlept, isAgain }: { readonly hasSlept: boolean; readonly isAgain: boolean },
): Promise<'taken' | 'overtaken' | 'slept'> {
  const { clock } = bench
  const { id } = list
  const isLapsed = clock.nowMs() >= (approvalLapseOf(list) ?? Number.POSITIVE_INFINITY)
  const isToGoOn = isList(list) && !isLapsed && !isRunOut(list.list) && !isPastEnd(list, clock.nowMs())
  if (!isToGoOn || list.state !== 'RUNNING') {
    // Asked before it is put off.
    const isToTakeBack = isList(list) && isRevertDue(list, clock.nowMs())
    const work = (seen: Header) => takeStepOf(bench, seen, isToTakeBack)
    if (isAgain) return await tryExpectingDeath(bench, list, work)
    await work(list)
    return 'taken'
  }
  const untilMs = Math.max(list.list.waitUntilMs ?? 0, hold?.untilMs ?? 0)
  const waitMs = untilMs - clock.nowMs()
  if (waitMs > 0 && !hasSlept && waitMs <= LONGEST_SLEEP_MS) {
    await clock.sleep(waitMs)
    return 'slept'
  }
  if (waitMs > 0) {
    await putOffTurn(bench, list, untilMs)
    return 'taken'
  }
  const n = list.list.next
  const atMs = clock.nowMs()
  if (atMs > (namedEndOf(list) ?? atMs)) {
    const stopped = { why: 'late', by: 'gateway', atMs } as const
    const late = await note(bench, list, (seen) => ({ ...seen, stopped: seen.stopped ?? stopped }))
    if (late) await advance(bench, id, late)
    return 'taken'
  }
  if (pauseOf(bench.policy, thrown)) {
    const waitUntilMs = clock.nowMs() + NEXT_TICK_MS
    await note(bench, list, (seen) => ({ ...seen, waitUntilMs }))
    return 'taken'
  }
  const again = isAgain ? await expectDeathAtPart(bench, list) : { list, forget: async () => {} }
  if (!again) return 'overtaken'
  if (again === 'given up') {
    await advance(bench, id)
    return 'taken'
  }
  const usedSoFar = startMeter(bench, hold)
  let begun: PartBegun | undefined
  try {
    begun = await carryOutPart(bench, again.list)
  } catch (error) {
    if (isLedgerDown(error)) {
      await again.forget()
      throw error
    }
    bench.log.noteDeferred(id, `part ${n} could not be carried out`, error)
    const used = usedSoFar()
    await holdLists(bench, id, used)
    const failed = await note(bench, again.list, (seen) => {
      // That it might die counts for nothing: it has come to this end.
      const failing = seen.next === n ? list.list.failing : seen.failing
      const counted = { ...seen, failing, requests: seen.requests + used.requests }
      return withFailure(counted, n, error, used, clock.nowMs())
    })
    if (!(error instanceof GatewayError)) throw error
    if (failed) await advance(bench, id, failed)
    await sleepInTurn(bench, used.paceUntilMs)
    return 'taken'
  }
  if (!begun) {
    await again.forget()
    return 'overtaken'
  }
  const { part } = begun
  const used = usedSoFar()
  await holdLists(bench, id, used)
  const { requests, paceUntilMs, isRefused } = used
  const [plan, evidence] = [await bench.ledger.plan(part), await bench.ledger.evidence(part)]
  // What Genesys asks for after a refusal is asked of all lists.
  const waitUntilMs = Math.max(paceUntilMs, used.waitUntilMs, isRefused ? 0 : (part.retryAtMs ?? 0))
  const noted = await note(bench, begun.list, (seen) => {
    const nowMs = clock.nowMs()
    const counted = withMark(
      withWait({ ...seen, requests: seen.requests + requests }, waitUntilMs, nowMs),
      nowMs,
    )
    return isAtRest(part) ? withPart(counted, { n, header: part, plan, evidence }) : counted
  })
  if (noted) await advance(bench, id, noted)
  const isShort = used.waitUntilMs - clock.nowMs() <= LONGEST_SLEEP_MS
  await sleepInTurn(bench, isShort ? Math.max(paceUntilMs, used.waitUntilMs) : paceUntilMs)
  return 'taken'
}

/** All that turns do but parts. */
async function takeStepOf(bench: Workbench, list: Header, isToTakeBack: boolean): Promise<void> {
  if (list.state === 'PLANNING') {
    const planned = await planInTurn(bench, list)
    if (planned.kind === 'advanced') await advance(bench, list.id, planned.header)
  } else if (isToTakeBack && isList(list)) await takeBack(bench, list)
  else await advance(bench, list.id, list)
}

/** All lists wait, or this one: what is left of a short wait is for the turns that follow, of a long one for the tick. */
async function putOffTurn(bench: Workbench, list: HeaderIn<'RUNNING'>, untilMs: number): Promise<void> {
  const isLater = untilMs > (list.list.waitUntilMs ?? 0)
  const waiting = isLater
    ? await note(bench, list, (seen) => withWait(seen, untilMs, bench.clock.nowMs()))
    : list
  if (!waiting || untilMs - bench.clock.nowMs() > LONGEST_WAIT_OF_TURNS_MS) return
  await sleepInTurn(bench, untilMs)
  await askForTurn(bench, waiting, Math.ceil((untilMs - bench.clock.nowMs()) / LONGEST_SLEEP_MS))
}

/** The list where part n could not be carried out: it waits, and where that has not begun it is given up at last. */
function withFailure(list: ListState, n: number, error: unknown, used: Used, nowMs: number): ListState {
  const isForeseen = error instanceof GatewayError
  const { sinceMs = nowMs, unforeseen = 0 } = list.failing ?? {}
  const growingMs = Math.min(TICK_MS, Math.max(FIRST_WAIT_MS, nowMs - sinceMs))
  const askedMs = isForeseen ? (error.retryAfterSeconds ?? 0) * 1_000 : UNFORESEEN_WAIT_MS
  const waitUntilMs = Math.max(nowMs + Math.max(growingMs, askedMs), used.waitUntilMs)
  const waiting = withWait(list, waitUntilMs, nowMs)
  if (list.next !== n) return waiting
  const failing = { sinceMs, unforeseen: unforeseen + (isForeseen ? 0 : 1) }
  const isGivenUp = nowMs - sinceMs >= LIST_PATIENCE_MS || failing.unforeseen >= MAX_UNFORESEEN
  const stopped = isGivenUp ? ({ why: 'failing', by: 'gateway', atMs: nowMs } as const) : undefined
  return { ...waiting, failing, stopped: list.stopped ?? stopped }
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
