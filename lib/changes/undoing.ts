/** The change that takes another back: exactly what that one touched, and only where nobody has touched it since. */
import type { Actor, Header, Target } from './change.ts'
import { kinds } from './kinds.ts'
import { type Planned, type Proposal, planned } from './plan.ts'
import { DEFAULT_WINDOW_MS } from './timing.ts'
import type { PlanningDesk } from './work.ts'

interface Undo {
  readonly id: string
  readonly actor: Actor
  readonly reason?: string
  readonly requestDigest: string
  /** Approved with its original. */
  readonly isApproved: boolean
}

/**
 * Plans the undoing of a change that was applied, in whole or in part.
 *
 * @throws GatewayError where upstream cannot be read.
 */
export async function undoing(desk: PlanningDesk, original: Header, undo: Undo): Promise<Planned> {
  const { ledger, genesys, clock } = desk
  const plan = await ledger.plan(original)
  const evidence = await ledger.evidence(original)
  const touched = plan.targets.filter((_, index) => evidence?.outcomes[index] === 'applied')
  const { values } = await kinds[original.kind].read(genesys, touched)
  const isUntouchedSince = (target: Target, index: number) => values[index] === target.desired
  const targets = touched.filter(isUntouchedSince).map((target) => ({ ...target, desired: !target.desired }))
  const { subject, kind, approval } = original
  const proposal: Proposal = {
    id: undo.id,
    actor: undo.actor,
    kind,
    targets,
    subject:
      'featureName' in subject
        ? { featureName: subject.featureName, enabled: !subject.enabled }
        : { ...subject, pairs: targets.length },
    requestDigest: undo.requestDigest,
    isReleased: true,
    notAfterMs: clock.nowMs() + DEFAULT_WINDOW_MS,
    undoes: original.id,
    leftAlone: touched.filter((target, index) => !isUntouchedSince(target, index)),
    ...(undo.reason === undefined ? {} : { reason: undo.reason }),
    isApproved: undo.isApproved,
    ...(undo.isApproved && approval ? { approval } : {}),
  }
  return await planned(desk, proposal, false)
}
