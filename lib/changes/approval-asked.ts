/** Whether an order waits for a second person: asked here by every door, so that no rule is forgotten on one of them. */
import type { ChangeKind, Target } from './change.ts'
import { approvalReasons } from './policy.ts'
import type { Desk } from './work.ts'

/** @returns why a second person must approve it, one sentence for each rule; none where it may go ahead. */
export async function approvalAsked(
  { policy }: Pick<Desk, 'policy'>,
  kind: ChangeKind,
  targets: readonly Target[],
): Promise<string[]> {
  return approvalReasons(policy, kind, targets)
}
