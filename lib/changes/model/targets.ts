/** What a change is about: toggles, or who holds which license. */
import { canonicalBatchOf } from '../../genesys/models/assignments.ts'

/** One value upstream that a change is about: a toggle, or whether one user holds one license. */
export type Target = { readonly desired: boolean } & (
  | { readonly featureName: string }
  | { readonly licenseId: string; readonly userId: string }
)

/** The lock's name; also the order in which locks are taken. */
export function targetKey(target: Target): string {
  return 'featureName' in target
    ? `toggle#${target.featureName}`
    : `pair#${target.licenseId}#${target.userId}`
}

/** The batch that brings about the targets. */
export function batchOf(targets: readonly Target[]) {
  return canonicalBatchOf({
    assignments: targets.map((target) => {
      const { licenseId, userId } = pairOf(target)
      return {
        licenseId,
        userIdsAdd: target.desired ? [userId] : [],
        userIdsRemove: target.desired ? [] : [userId],
      }
    }),
  })
}

export function pairOf(target: Target) {
  if ('licenseId' in target) return target
  throw new Error('an assignments change has pairs as its targets')
}
