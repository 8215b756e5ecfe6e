/** The change that takes another back: exactly what that one touched, and only where nobody has touched it since. */

import { type Actor, type Target, targetKey } from '../model/change.ts'
import { endOf } from '../model/due.ts'
import { stateConflict } from '../model/failure.ts'
import type { Asked, Header, Planned } from '../model/header.ts'
import { isPlannedRevert } from '../model/record-ids.ts'
import { type ChangeState, isSettled, undoableStates } from '../model/transitions.ts'
import type { PlanningDesk } from '../record/desk.ts'
import { readTouched } from '../record/read-targets.ts'
import { lastHolderOf } from '../record/take-locks.ts'
import { requireHeader } from '../record/write-header.ts'
import { isProtected } from './guards/refuse-limits.ts'
import { kinds } from './kinds.ts'
import { planChange } from './plan-change.ts'
import { nameSubjectBy, subjectOf } from './read-order.ts'
import { type Proposal, proposalAskedIn } from './record-proposal.ts'

interface UndoRequest {
  readonly id: string
  readonly actor: Actor
  readonly askers?: readonly Actor[] | undefined
  readonly reason?: string | undefined
  readonly requestDigest: string
  /** A planned revert: approved with its original, and nobody waits for it. */
  readonly isPlanned: boolean
  /** See Header. */
  readonly moves?: number | undefined
  /** When a planned revert was due. */
  readonly askedAtMs?: number | undefined
  /** To be confirmed by whoever asked, there. */
  readonly draftFor?: Asked | undefined
}

/**
 * Plans the undoing of a change that was applied, in whole or in part.
 *
 * @throws GatewayError where upstream cannot be read.
 */
export async function planUndo(desk: PlanningDesk, original: Header, undo: UndoRequest): Promise<Planned> {
  const { ledger, genesys } = desk
  const touched = await readTouched(ledger, original)
  const { values } = await kinds[original.kind].read(genesys, touched)
  const claimed = await findTouchedSince(desk, original, touched)
  const isUntouchedSince = (target: Target, index: number) =>
    values[index] === target.desired &&
    !claimed.has(targetKey(target)) &&
    // What has become protected stays as it is: of a planned revert nobody is there who could leave it out.
    !(undo.isPlanned && isProtected(desk.policy, target))
  const targets = touched.filter(isUntouchedSince).map((target) => ({ ...target, desired: !target.desired }))
  const { subject, kind, approval } = original
  const proposal: Proposal = {
    id: undo.id,
    actor: undo.actor,
    askers: askersOfUndo(original, undo),
    kind,
    targets,
    subject:
      'featureName' in subject
        ? { featureName: subject.featureName, enabled: !subject.enabled }
        : nameSubjectBy(subjectOf(targets), (userId) =>
            subject.userId === userId ? subject.userName : undefined,
          ),
    requestDigest: undo.requestDigest,
    isReleased: undo.draftFor === undefined,
    ...proposalAskedIn(undo.draftFor),
    askedAtMs: undo.askedAtMs,
    undoes: original.id,
    moves: undo.moves,
    leftAlone: touched.filter((target, index) => !isUntouchedSince(target, index)),
    reason: undo.reason,
    isApproved: undo.isPlanned,
    isPatient: undo.isPlanned,
    approval: undo.isPlanned ? approval : undefined,
  }
  // A draft of which nothing is left waits for nobody; it has no target on which it could have a say.
  const isNothingToDo = undo.draftFor && (async () => true)
  return await planChange(desk, proposal, false, { isNothingToDo })
}

/** Undoing a planned revert makes its original last: whoever asked for that has asked for this too. */
function askersOfUndo(original: Header, { askers = [] }: UndoRequest): readonly Actor[] {
  return isPlannedRevert(original) ? [...askers, original.actor, ...(original.askers ?? [])] : askers
}

/** @throws GatewayError `not.found`, `change.state.conflict` where there is nothing of the change to undo. */
export async function readUndoable(desk: Pick<PlanningDesk, 'ledger'>, changeId: string): Promise<Header> {
  const original = await requireHeader(desk, changeId)
  if (original.extends !== undefined) {
    throw stateConflict(
      original,
      `The change ${changeId} called off a planned revert and switched nothing: undo ${original.extends} instead`,
    )
  }
  if (undoableStates.includes(original.state)) return original
  throw stateConflict(original, `The change ${changeId} is ${original.state}: there is nothing of it to undo`)
}

/** Ends in which a change asked for nothing in the end, or was kept from it. */
const withoutSay: readonly ChangeState[] = ['FAILED', 'EXPIRED', 'SUPERSEDED', 'CANCELLED', 'REJECTED']

/**
 * The targets that another change has dealt with since, even where the value is the same again: whoever switched back
 * and forth, or asked for what holds, meant it. The lock names the last one. What was approved with its end is kept by
 * what has changed it or was approved too, and not by an order that nobody approved and that found it so. An order with
 * an end that found it so keeps it until then: it has nothing of its own to take back.
 */
async function findTouchedSince(
  desk: Pick<PlanningDesk, 'ledger' | 'clock'>,
  original: Header,
  touched: readonly Target[],
): Promise<ReadonlySet<string>> {
  const nowMs = desk.clock.nowMs()
  const claims = await readHolds(desk, original, touched)
  return new Set(claims.flatMap(({ key, endMs }) => (endMs === undefined || endMs > nowMs ? [key] : [])))
}

/**
 * The latest end for which others have asked, where they found as it is what a planned revert would take back now.
 *
 * @returns undefined where nobody has, for a time that is still to come.
 */
export async function findHold(
  desk: Pick<PlanningDesk, 'ledger' | 'clock'>,
  original: Header,
): Promise<{ readonly changeId: string; readonly untilMs: number } | undefined> {
  const touched = await readTouched(desk.ledger, original)
  const nowMs = desk.clock.nowMs()
  let latest: { changeId: string; untilMs: number } | undefined
  for (const { changeId, endMs } of await readHolds(desk, original, touched)) {
    if (endMs !== undefined && endMs > Math.max(nowMs, latest?.untilMs ?? 0))
      latest = { changeId, untilMs: endMs }
  }
  return latest
}

/** What the last holder of a target's lock wants with it. */
interface Hold {
  readonly key: string
  readonly changeId: string
  /** Until when, epoch milliseconds; undefined for good, or until that change itself is taken back. */
  readonly endMs: number | undefined
}

async function readHolds(
  { ledger }: Pick<PlanningDesk, 'ledger'>,
  original: Header,
  touched: readonly Target[],
): Promise<Hold[]> {
  const named = await ledger.locks(touched.map(targetKey))
  const isApproved = (header: Header) => header.approval?.decision?.isApproved ?? false
  const claims = new Map<string, (key: string) => Hold | undefined>()
  for (const changeId of new Set([...named.values()].flatMap((lock) => lastHolderOf(lock) ?? []))) {
    const other = changeId === original.id ? undefined : await ledger.get(changeId)
    if (!other || other.partOf?.changeId === original.id || withoutSay.includes(other.state)) continue
    const changed = new Set((await readTouched(ledger, other)).map(targetKey))
    const mayKeepAsFound = !isApproved(original) || isApproved(other)
    const foundEndMs = isSettled(other.state) ? endOf(other) : undefined
    claims.set(changeId, (key) => {
      if (changed.has(key)) return { key, changeId, endMs: undefined }
      return mayKeepAsFound ? { key, changeId, endMs: foundEndMs } : undefined
    })
  }
  return [...named].flatMap(([key, lock]) => claims.get(lastHolderOf(lock) ?? '')?.(key) ?? [])
}
