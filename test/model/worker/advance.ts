/** `advance(changeId)`: what a delivery, a redelivery or the tick does with a change that is on record. */

import { type Change, type State, withChange, withWorker } from '../state.ts'
import type { Setting } from '../step.ts'
import { advanceTo, settle } from '../world/ledger.ts'

/** Whether the tick has something to do on this change. */
export function isDue(change: Change): boolean {
  if (change.state === 'PLANNED') return true
  if (change.state === 'CLAIMED') return !change.hasLease
  return isReadBack(change) && change.isQuiet
}

const isReadBack = ({ state, isLookDue }: Change) => state === 'SENT' || state === 'UNKNOWN' || isLookDue

/**
 * Reading the header and the first conditional write on it are one step: had the header changed in between, the
 * write would fail and the worker stop, as if it had come later.
 *
 * @returns the state in which the worker is on its way, or undefined where there is nothing for it to do.
 */
export function advance(state: State, worker: number, slot: number, setting: Setting): State | undefined {
  const change = state.changes[slot]
  if (!change) return undefined
  const { design } = setting
  const isUnsent = change.state === 'PLANNED' || change.state === 'CLAIMED'
  const isFree =
    change.state === 'PLANNED' ||
    (!change.hasLease && (change.state === 'CLAIMED' || (change.state === 'SENT' && design.canTakeOverSent)))
  const canExpire = isUnsent ? isFree : design.canExpireSent && !change.isLookDue && isReadBack(change)
  if (state.isLate && canExpire) {
    return settle(state, slot, 'EXPIRED', { isLookDue: false, isOvertaken: false }, setting)
  }
  if (isFree) {
    const claimed = advanceTo(change, { state: 'CLAIMED', owner: worker, hasLease: true })
    return withWorker(withChange(state, slot, claimed), worker, {
      place: 'lock',
      slot,
      version: claimed.version,
    })
  }
  // The second look waits for the quiet period; before it there is nothing that a duplicate could add.
  if (!isReadBack(change) || (change.isLookDue && !change.isQuiet)) return undefined
  return withWorker(state, worker, { place: 'readBack', slot, version: change.version })
}
