/** The change that takes another back: exactly what that one touched, and only where nobody has touched it since. */
import { type Actor, type Asked, type ChangeState, type Header, type Target, targetKey } from './change.ts'
import { onRecord } from './decisions.ts'
import { stateConflict } from './failure.ts'
import { isPlannedRevert } from './identity.ts'
import { kinds } from './kinds.ts'
import type { Lock } from './ledger.ts'
import { lastHolderOf } from './locks.ts'
import { subjectOf, withName } from './order.ts'
import { askedIn, type Planned, type Proposal, planned } from './plan.ts'
import type { PlanningDesk } from './work.ts'

interface Undo {
  readonly id: string
  readonly actor: Actor
  readonly askers?: readonly Actor[]
  readonly reason?: string
  readonly requestDigest: string
  /** A planned revert: approved with its original, and nobody waits for it. */
  readonly isPlanned: boolean
  /** When a planned revert was due. */
  readonly askedAtMs?: number
  /** To be confirmed by whoever asked, there. */
  readonly draftFor?: Asked
}

/**
 * Plans the undoing of a change that was applied, in whole or in part.
 *
 * @throws GatewayError where upstream cannot be read.
 */
export async function undoing(desk: PlanningDesk, original: Header, undo: Undo): Promise<Planned> {
  const { ledger, genesys } = desk
  const plan = await ledger.plan(original)
  const evidence = await ledger.evidence(original)
  const touched = plan.targets.filter((_, index) => evidence?.outcomes[index] === 'applied')
  const { values } = await kinds[original.kind].read(genesys, touched)
  const claimed = await claimedSince(desk, original, touched)
  const isUntouchedSince = (target: Target, index: number) =>
    values[index] === target.desired && !claimed.has(targetKey(target))
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
        : withName(subjectOf(targets), (userId) =>
            subject.userId === userId ? subject.userName : undefined,
          ),
    requestDigest: undo.requestDigest,
    isReleased: undo.draftFor === undefined,
    ...(undo.draftFor ? askedIn(undo.draftFor) : {}),
    ...(undo.askedAtMs === undefined ? {} : { askedAtMs: undo.askedAtMs }),
    undoes: original.id,
    leftAlone: touched.filter((target, index) => !isUntouchedSince(target, index)),
    ...(undo.reason === undefined ? {} : { reason: undo.reason }),
    isApproved: undo.isPlanned,
    isPatient: undo.isPlanned,
    ...(undo.isPlanned && approval ? { approval } : {}),
  }
  // A draft of which nothing is left waits for nobody; it has no target on which it could have a say.
  return await planned(desk, proposal, false, undo.draftFor ? { isNothingToDo: async () => true } : {})
}

/** Undoing a planned revert makes its original last: whoever asked for that has asked for this too. */
function askersOfUndo(original: Header, { askers = [] }: Undo): readonly Actor[] {
  return isPlannedRevert(original) ? [...askers, original.actor, ...(original.askers ?? [])] : askers
}

/** Where something was seen as applied, or may have been. */
const undoableStates: readonly ChangeState[] = ['APPLIED', 'PARTIAL', 'NEEDS_ATTENTION']

/** @throws GatewayError `not.found`, `change.state.conflict` where there is nothing of the change to undo. */
export async function undoable(desk: Pick<PlanningDesk, 'ledger'>, changeId: string): Promise<Header> {
  const original = await onRecord(desk, changeId)
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
 * what has changed it or was approved too, and not by an order that nobody approved and that found it so.
 */
async function claimedSince(
  { ledger }: PlanningDesk,
  original: Header,
  touched: readonly Target[],
): Promise<ReadonlySet<string>> {
  const named = await ledger.locks(touched.map(targetKey))
  const isApproved = (header: Header) => header.approval?.decision?.isApproved ?? false
  const meant = new Map<string, (key: string) => boolean>()
  for (const id of new Set([...named.values()].flatMap((lock) => lastHolderOf(lock) ?? []))) {
    const other = id === original.id ? undefined : await ledger.get(id)
    if (!other || withoutSay.includes(other.state)) continue
    if (!isApproved(original) || isApproved(other)) {
      meant.set(id, () => true)
      continue
    }
    const { targets } = await ledger.plan(other)
    const outcomes = (await ledger.evidence(other))?.outcomes ?? []
    const changed = new Set(targets.filter((_, index) => outcomes[index] === 'applied').map(targetKey))
    meant.set(id, (key) => changed.has(key))
  }
  const isMeant = (key: string, lock: Lock) => meant.get(lastHolderOf(lock) ?? '')?.(key) ?? false
  return new Set([...named].flatMap(([key, lock]) => (isMeant(key, lock) ? [key] : [])))
}
