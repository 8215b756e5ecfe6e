/** From a claim to the decision whether anything is to be sent: locks, and a reading under them. */
import { randomUUID } from 'node:crypto'
import { GatewayError } from '../../errors.ts'
import { type PlanRow, type Target, targetKey } from '../model/change.ts'
import { failureOf, sayNothingSent } from '../model/failure.ts'
import type { Header } from '../model/header.ts'
import { isPlannedRevert } from '../model/record-ids.ts'
import { INVOCATION_LIFE_MS, MIN_SENDING_MS, RECORD_RESERVE_MS } from '../model/timing.ts'
import { type Evidence, isAsDesired, newerIn, type Verdict } from '../model/verdict.ts'
import { kinds, type Readings } from '../plan/kinds.ts'
import type { Workbench } from '../record/desk.ts'
import { readPause } from '../record/read-pause.ts'
import { takeLocks, targetNameOf } from '../record/take-locks.ts'
import { type Move, moveHeader, requireHeader, type StepTaken, storeHeader } from '../record/write-header.ts'
import { giveUp } from './give-up.ts'
import { holdBack } from './hold-back.ts'
import { lookAgain, readBack } from './look-again.ts'
import { recordVerdict } from './record-verdict.ts'
import { permitAndSend, tooShort } from './send-once.ts'

/**
 * Claims a change that waits, or whose claim has lapsed, and carries it out.
 */
export async function carryOut(bench: Workbench, seen: Header): Promise<StepTaken> {
  const { clock, ledger } = bench
  // A claim that has lapsed is taken over all the same, and given back before anything is sent.
  const pause = seen.state === 'CLAIMED' ? undefined : await readPause(bench)
  if (pause) return await holdBack(bench, seen, pause)
  const nowMs = clock.nowMs()
  const claim: Move = {
    state: 'CLAIMED',
    as: seen.state === 'CLAIMED' ? 'clock' : 'worker',
    by: 'gateway',
    // The fencing token, unique for the invocation and never for the container: it stops a slow worker that is still alive.
    with: {
      owner: randomUUID(),
      leaseUntilMs: nowMs + INVOCATION_LIFE_MS,
      failure: undefined,
    },
  }
  const stored = await storeHeader(bench, moveHeader(seen, claim, nowMs), seen)
  if (stored.kind === 'overtaken') return stored
  const claimed = stored.header
  const plan = await ledger.plan(claimed)
  let found: UnderLock
  try {
    found = await readUnderLock(bench, claimed, plan.targets)
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'ledger.unavailable') throw error
    return await failUnsent(bench, claimed, error)
  }
  return found.readings
    ? await sendWhatDiffers(bench, claimed, plan, found.yieldedTo, found.readings)
    : await yieldToNewer(bench, claimed, plan.targets, found.yieldedTo)
}

/** With the time at which looking began, epoch milliseconds. */
type DatedReadings = Readings & Pick<Evidence, 'atMs'>

interface UnderLock {
  /** By target: the change that it is left to. */
  readonly yieldedTo: readonly (string | undefined)[]
  /** Absent where nothing of it is this change's to send. */
  readonly readings?: DatedReadings
}

/** The plan's reading decides nothing: the world may have moved since (ADR 7). */
async function readUnderLock(
  bench: Workbench,
  claimed: Header,
  targets: readonly Target[],
): Promise<UnderLock> {
  const { clock, scope, genesys } = bench
  const keys = targets.map(targetKey)
  const { freshFromMs, overtakenBy } = await takeLocks(bench, claimed, keys, (other) => takeUp(bench, other))
  const yieldedTo = keys.map((key) => overtakenBy.get(key))
  if (targets.length > 0 && yieldedTo.every((newer) => newer !== undefined)) return { yieldedTo }
  const waitMs = freshFromMs - clock.nowMs()
  if (waitMs > 0) {
    if (waitMs > scope.deadline.remainingMs() - MIN_SENDING_MS - RECORD_RESERVE_MS) throw tooShort()
    await clock.sleep(waitMs)
  }
  const atMs = clock.nowMs()
  return { yieldedTo, readings: { ...(await kinds[claimed.kind].read(genesys, targets)), atMs } }
}

/**
 * Whoever meets a change whose quiet period is over looks at what became of it: so it holds its targets no longer than
 * it was said to. One whose claim has lapsed is left to the tick.
 */
async function takeUp(bench: Workbench, other: Header): Promise<Header> {
  if (other.state === 'CLAIMED') return other
  const isUnderWay = other.state === 'SENT' || other.state === 'UNKNOWN'
  const looked = await (isUnderWay ? readBack(bench, other) : lookAgain(bench, other))
  return looked.kind === 'overtaken' ? await requireHeader(bench, other.id) : looked.header
}

/** All of it is what others have wished for since: nothing is read, and nothing sent. */
async function yieldToNewer(
  bench: Workbench,
  claimed: Header,
  targets: readonly Target[],
  yieldedTo: readonly (string | undefined)[],
): Promise<StepTaken> {
  const supersededBy = yieldedTo.find((newer) => newer !== undefined)
  const names = [...new Set(targets.map((target) => targetNameOf(targetKey(target))))]
  const move: Move = {
    state: 'SUPERSEDED',
    as: 'owner',
    by: 'gateway',
    note: `the newer change ${supersededBy} decides about ${names.slice(0, 5).join(', ')}; nothing was sent`,
    with: { supersededBy },
  }
  return await storeHeader(bench, moveHeader(claimed, move, bench.clock.nowMs()), claimed)
}

/** Whether something of what a planned revert leaves alone is still as its original made it: else others were quicker. */
async function doesStay(
  { genesys }: Pick<Workbench, 'genesys'>,
  { kind }: Header,
  { leftAlone = [] }: PlanRow,
): Promise<boolean> {
  const { values } = await kinds[kind].read(genesys, leftAlone)
  return leftAlone.some((target, index) => isAsDesired(target, values[index]))
}

/** Of a planned revert: others have dealt with all of it since, and it ends as what nobody is to take for done. */
async function leaveToOthers(
  bench: Workbench,
  claimed: Header,
  { leftAlone = [] }: PlanRow,
): Promise<StepTaken> {
  // Its own wish may be the newer one, so no change is named as the one that decides (ADR 7, rule 16).
  const names = leftAlone.slice(0, 5).map((target) => targetNameOf(targetKey(target)))
  const move: Move = {
    state: 'SUPERSEDED',
    as: 'owner',
    by: 'gateway',
    note: `somebody has dealt with ${names.join(', ') || 'it'} since, so it was not taken back`,
  }
  return await storeHeader(bench, moveHeader(claimed, move, bench.clock.nowMs()), claimed)
}

/** Nothing has left. */
function failUnsent(bench: Workbench, claimed: Header, error: GatewayError): Promise<StepTaken> {
  const failure = failureOf(sayNothingSent(error))
  return giveUp(bench, claimed, failure, `nothing was sent: ${failure.code}`)
}

async function sendWhatDiffers(
  bench: Workbench,
  claimed: Header,
  plan: PlanRow,
  yieldedTo: readonly (string | undefined)[],
  { values, holdings, atMs }: DatedReadings,
): Promise<StepTaken> {
  const { targets } = plan
  if (isPlannedRevert(claimed) && targets.length === 0 && (await doesStay(bench, claimed, plan))) {
    return await leaveToOthers(bench, claimed, plan)
  }
  const evidence: Evidence = {
    kind: claimed.kind,
    targets,
    wasSent: targets.map(
      (target, index) => yieldedTo[index] === undefined && !isAsDesired(target, values[index]),
    ),
    yieldedTo,
    after: values,
    texts: targets.map(() => null),
    holdings,
    isRead: true,
    atMs,
  }
  if (!evidence.wasSent.includes(true)) {
    const verdict: Verdict =
      newerIn(evidence) === undefined
        ? { state: 'NOOP', note: 'everything was as desired already' }
        : { state: 'SUPERSEDED', note: supersededInPart(newerIn(evidence)) }
    return await recordVerdict(bench, claimed, verdict, evidence, 'owner')
  }
  const unplanned = targets.filter(
    (target, index) => evidence.wasSent[index] && plan.before?.[index] === target.desired,
  )
  // What is planned for later is judged then: between the plan and its time others may act, and are meant to.
  // Where all of it held already, it was confirmed for what an earlier change, still open then, might make of it. An
  // approver has approved what was shown and no more.
  const isAgainstOpen =
    claimed.approval === undefined &&
    targets.every((target, index) => plan.before?.[index] === target.desired)
  const isBounded = claimed.isConfirmed && claimed.notBeforeMs === undefined && !isAgainstOpen
  if (isBounded && unplanned.length > 0) {
    return await recordVerdict(bench, claimed, supersededBy(unplanned), evidence, 'owner')
  }
  if (bench.scope.deadline.remainingMs() < MIN_SENDING_MS + RECORD_RESERVE_MS) {
    return await failUnsent(bench, claimed, tooShort())
  }
  return await permitAndSend(bench, claimed, evidence, 'owner')
}

function supersededInPart(newer: string | undefined): string {
  return `the newer change ${newer} decides about some of it, and the rest was as desired already; nothing was sent`
}

/** Nothing may be sent that a confirmed plan did not show. */
function supersededBy(unplanned: readonly Target[]): Verdict {
  const names = unplanned
    .slice(0, 5)
    .map((target) => targetNameOf(targetKey(target)))
    .join(', ')
  return {
    state: 'SUPERSEDED',
    note: `somebody has changed ${names} since the plan was made; nothing was sent, plan again`,
  }
}
