/** Who has left: licenses that a plan would give to people whom Genesys does not have as active. Pure. */
import type { Findings, Reading, Target } from '../../model/change.ts'

/** `active`, `inactive` or `deleted`, as Genesys says it; undefined of whom nobody has read it. */
export type StateOf = (userId: string) => string | undefined

/** @returns undefined where there are none: of whom nothing is known nothing is said. */
export function findNotActive(
  targets: readonly Target[],
  values: readonly Reading[],
  stateOf: StateOf,
): Findings['notActive'] {
  const found = targets.flatMap((target, index) => {
    if (!('userId' in target) || !target.desired || values[index] === true) return []
    const { userId, licenseId } = target
    const state = stateOf(userId)
    return isLeft(state) ? [{ userId, licenseId, state }] : []
  })
  return found.length > 0 ? found : undefined
}

/** Whether somebody is known not to be active. */
export function isLeft(state: string | null | undefined): state is string {
  return typeof state === 'string' && state !== '' && state.toLowerCase() !== 'active'
}
