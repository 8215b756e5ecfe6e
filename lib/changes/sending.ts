/** From a claim to the decision whether anything is to be sent: locks, and a reading under them. */
import { randomUUID } from 'node:crypto'
import { GatewayError } from '../errors.ts'
import { type Failure, type Header, type PlanRow, type Target, targetKey } from './change.ts'
import { failureOf } from './failure.ts'
import { giveUp } from './giving-up.ts'
import { kinds, type Readings } from './kinds.ts'
import { takeLocks } from './locks.ts'
import { permitAndSend, tooShort } from './permit.ts'
import { settle } from './settle.ts'
import { MIN_SENDING_MS, RECORD_RESERVE_MS, SENDER_LIFE_MS } from './timing.ts'
import { type Move, moved, store } from './transition.ts'
import { type Evidence, isAsDesired, type Verdict } from './verdict.ts'
import type { Workbench } from './work.ts'

/**
 * Claims a change that waits, or whose claim has lapsed, and carries it out.
 *
 * @returns the header as it then stands; undefined where another write came first.
 */
export async function carryOut(bench: Workbench, seen: Header): Promise<Header | undefined> {
  const { clock, ledger } = bench
  const nowMs = clock.nowMs()
  const claim: Move = {
    state: 'CLAIMED',
    by: 'gateway',
    // Unique for the invocation and never for the container: the fence against a slow worker that is still alive.
    with: { owner: randomUUID(), leaseUntilMs: nowMs + SENDER_LIFE_MS, retryAtMs: undefined },
  }
  const claimed = await store(bench, moved(seen, claim, nowMs), seen)
  if (!claimed) return undefined
  const plan = await ledger.plan(claimed)
  let before: Readings & Pick<Evidence, 'atMs'>
  try {
    before = await readUnderLock(bench, claimed, plan.targets)
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'ledger.unavailable') throw error
    return await failUnsent(bench, claimed, failureOf(error))
  }
  return await sendWhatDiffers(bench, claimed, plan, before)
}

/** The plan's reading decides nothing: the world may have moved since (ADR 7). */
async function readUnderLock(
  { ledger, clock, scope, genesys }: Workbench,
  claimed: Header,
  targets: readonly Target[],
): Promise<Readings & Pick<Evidence, 'atMs'>> {
  const freshFromMs = await takeLocks({ ledger }, claimed, targets.map(targetKey))
  const waitMs = freshFromMs - clock.nowMs()
  if (waitMs > 0) {
    if (waitMs > scope.deadline.remainingMs() - MIN_SENDING_MS - RECORD_RESERVE_MS) throw tooShort()
    await clock.sleep(waitMs)
  }
  const atMs = clock.nowMs()
  return { ...(await kinds[claimed.kind].read(genesys, targets)), atMs }
}

/** Nothing has left. */
function failUnsent(bench: Workbench, claimed: Header, failure: Failure): Promise<Header | undefined> {
  return giveUp(bench, claimed, failure, `nothing was sent: ${failure.code}`)
}

async function sendWhatDiffers(
  bench: Workbench,
  claimed: Header,
  plan: PlanRow,
  { values, holdings, atMs }: Readings & Pick<Evidence, 'atMs'>,
): Promise<Header | undefined> {
  const { targets } = plan
  const evidence: Evidence = {
    kind: claimed.kind,
    targets,
    wasSent: targets.map((target, index) => !isAsDesired(target, values[index])),
    after: values,
    texts: targets.map(() => null),
    holdings,
    isRead: true,
    atMs,
  }
  if (!evidence.wasSent.includes(true)) {
    const verdict: Verdict = { state: 'NOOP', note: 'everything was as desired already' }
    return await settle(bench, claimed, verdict, evidence)
  }
  const unplanned = targets.filter(
    (target, index) => evidence.wasSent[index] && plan.before?.[index] === target.desired,
  )
  if (claimed.isConfirmed && unplanned.length > 0) {
    return await settle(bench, claimed, supersededBy(unplanned), evidence)
  }
  if (bench.scope.deadline.remainingMs() < MIN_SENDING_MS + RECORD_RESERVE_MS) {
    return await failUnsent(bench, claimed, failureOf(tooShort()))
  }
  return await permitAndSend(bench, claimed, evidence)
}

/** Nothing may be sent that a confirmed plan did not show. */
function supersededBy(unplanned: readonly Target[]): Verdict {
  const names = unplanned.map(targetKey).slice(0, 5).join(', ')
  return {
    state: 'SUPERSEDED',
    note: `somebody has changed ${names} since the plan was made; nothing was sent, plan again`,
  }
}
