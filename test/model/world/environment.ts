/** All that happens to the workers: messages, the tick, time, crashes, and people who use Genesys directly. */

import { at, type Change, type State, withChange, withoutWorker, withWorker } from '../state.ts'
import { nameOf, type Setting, type Step } from '../step.ts'
import { advance, isDue } from '../worker/advance.ts'
import { isUnclear } from './ledger.ts'
import { canStillLand } from './network.ts'
import { flipByPerson } from './upstream.ts'

/** An idle worker is as good as another, so the first one takes each call. */
const firstIdle = (state: State): number => state.workers.findIndex(({ place }) => place === 'idle')

/** A request, an event or a chat message, for the first time or again. */
export function* deliveries(state: State, setting: Setting): Generator<Step> {
  const worker = firstIdle(state)
  if (worker < 0) return
  for (const [intent, left] of state.deliveriesLeft.entries()) {
    const slot = slotFor(state, intent, setting)
    if (left === 0 || slot < 0) continue
    const delivered = { ...state, deliveriesLeft: state.deliveriesLeft.with(intent, left - 1) }
    const next = state.changes[slot]
      ? advance(delivered, worker, slot, setting)
      : withWorker(delivered, worker, { place: 'record', slot })
    // A duplicate that finds nothing to do answers with the change as it stands; nothing comes of it.
    if (next) yield { name: `the message for ${nameOf(slot)} arrives`, kind: 'environment', next }
  }
}

function slotFor(state: State, intent: number, { design }: Setting): number {
  if (design.isIdFromKey) return intent
  return state.changes.findIndex(
    (change, slot) => !change && !state.workers.some((worker) => worker.slot === slot),
  )
}

export function* tick(state: State, setting: Setting): Generator<Step> {
  const worker = firstIdle(state)
  if (worker < 0 || !setting.design.hasTick) return
  for (const [slot, change] of state.changes.entries()) {
    const next = change && isDue(change) ? advance(state, worker, slot, setting) : undefined
    if (next) yield { name: `the tick takes up ${nameOf(slot)}`, kind: 'system', next }
  }
}

export function* time(state: State, setting: Setting): Generator<Step> {
  const { design, scenario } = setting
  for (const [slot, change] of state.changes.entries()) {
    if (!change) continue
    const canLapse = change.state === 'CLAIMED' || (change.state === 'SENT' && design.canTakeOverSent)
    if (canLapse && change.hasLease) {
      const next = withChange(state, slot, { ...change, hasLease: false })
      yield { name: `the lease of ${nameOf(slot)} lapses`, kind: 'system', next }
    }
    if (isWaiting(change) && isQuietOver(state, slot, setting)) {
      const next = withChange(state, slot, { ...change, isQuiet: true })
      yield { name: `the quiet period of ${nameOf(slot)} is over`, kind: 'system', next }
    }
  }
  if (state.isStale)
    yield { name: 'readings are fresh again', kind: 'system', next: { ...state, isStale: false } }
  if (scenario.hasDeadline && !state.isLate) {
    yield { name: 'notAfter passes', kind: 'environment', next: { ...state, isLate: true } }
  }
}

const isWaiting = ({ state, isQuiet, isLookDue }: Change): boolean =>
  !isQuiet && (state === 'SENT' || state === 'UNKNOWN' || isLookDue)

/**
 * This is the one place where the model trusts a clock: the length of the quiet period must follow from the sender's
 * hard limits. Whatever the clock says, it is over only when nothing of the sender's can come any more.
 */
const isQuietOver = (state: State, slot: number, { design }: Setting): boolean =>
  (!design.isQuietLongEnough || !canStillLand(state, slot)) &&
  (!design.isQuietLongEnoughForReads || !state.isStale)

/** A person has the gateway look at what nobody knows the outcome of. */
export function* settlements(state: State, { design }: Setting): Generator<Step> {
  const worker = firstIdle(state)
  if (worker < 0 || state.settlesLeft === 0) return
  for (const [slot, change] of state.changes.entries()) {
    if (!change || !isUnclear(change)) continue
    const isOver = change.state === 'NEEDS_ATTENTION' || change.isQuiet || !design.isSettledAfterQuiet
    if (!isOver) continue
    const asked = { ...state, settlesLeft: state.settlesLeft - 1 }
    const next = withWorker(asked, worker, { place: 'look', slot, version: change.version })
    yield { name: `a person has ${nameOf(slot)} looked at`, kind: 'environment', next }
  }
}

export function* mishaps(state: State, { scenario }: Setting): Generator<Step> {
  if (state.foreignFlipsLeft > 0) {
    yield { name: 'a person switches the value', kind: 'environment', next: flipByPerson(state, scenario) }
  }
  if (state.crashesLeft === 0) return
  for (const index of state.workers.keys()) {
    if (at(state.workers, index).place === 'idle') continue
    const next = withoutWorker({ ...state, crashesLeft: state.crashesLeft - 1 }, index)
    yield { name: `worker ${index + 1} crashes`, kind: 'environment', next }
  }
}
