/** The first half of the write path: record, lock, look, permit, send. */

import { at, NOBODY, type State, withoutWorker, withWorker } from '../state.ts'
import type { Moves, Setting, Turn } from '../step.ts'
import {
  create,
  isCurrent,
  isLockValid,
  isOvertakenByWish,
  isPermitOf,
  permit,
  withLastWord,
} from '../world/ledger.ts'
import { readings } from '../world/upstream.ts'

/** The intent that a record carries: with the id from the key, there is one record for each. */
const intentOf = (slot: number, { design }: Setting): number => (design.isIdFromKey ? slot : 0)

export const desiredAt = (slot: number, setting: Setting): boolean =>
  at(setting.scenario.intents, intentOf(slot, setting)).desired

/** A plan that waits to be confirmed, which somebody does, or one that is released at once. */
const recordPlan = ({ state, index, worker, setting }: Turn): State =>
  state.changes[worker.slot]
    ? withoutWorker(state, index)
    : withWorker(create(state, worker.slot, intentOf(worker.slot, setting), 'PLANNED', setting), index, {
        place: 'claim',
        lockSeen: NOBODY,
        lockPutSeen: 0,
      })

/**
 * What is decided without claiming the target: that a plan holds already, and what is asked for directly. What the lock
 * says before the reading and after it decides whether it may be.
 */
function* lookAtLock(turn: Turn): Moves {
  const { state, index, worker, setting } = turn
  const { lock, lockPut, newest } = state
  const { isPlanCheckedAtLock, isStalenessWaitedOut, isNewerWishFirst } = setting.design
  // The code reads the holder later, and tells by its times how it was and whether readings were fresh now.
  const isHeld = isPlanCheckedAtLock && isLockValid(state.changes[lock], setting)
  if (isHeld || (state.isStale && isStalenessWaitedOut)) {
    return yield ['finds a change at the target', recordPlan(turn)]
  }
  const { askedAt } = at(setting.scenario.intents, intentOf(worker.slot, setting))
  if (isNewerWishFirst && newest.slot !== NOBODY && newest.askedAt > askedAt) {
    return yield ['finds a newer wish', recordPlan(turn)]
  }
  yield [
    'looks at the lock',
    withWorker(state, index, { place: 'planRead', lockSeen: lock, lockPutSeen: lockPut }),
  ]
}

export function* readForPlan(turn: Turn): Moves {
  const { state, index, worker, setting } = turn
  for (const value of readings(state)) {
    const { isDirect } = at(setting.scenario.intents, intentOf(worker.slot, setting))
    const onward =
      value === desiredAt(worker.slot, setting)
        ? withWorker(state, index, { place: 'planNote' })
        : isDirect
          ? withWorker(state, index, { place: 'permitNew' })
          : recordPlan(turn)
    yield [`reads ${value} for the plan`, onward]
  }
}

const isLockAsSeen = ({ state, worker }: Turn): boolean =>
  state.lock === worker.lockSeen && state.lockPut === worker.lockPutSeen

/** Header, lock and permit in one transaction; its answer may be lost after it went through. */
export function* permitNew(turn: Turn): Moves {
  const { state, index, worker, setting } = turn
  const { slot } = worker
  // The code's write has this for a condition too; the lock of the first alone would refuse it.
  if (state.changes[slot]) {
    return yield ['finds the record of the first', withoutWorker(state, index)]
  }
  if (state.isLate) return yield ['finds it too late', recordPlan(turn)]
  if (setting.design.isDirectOnCondition && !isLockAsSeen(turn)) {
    return yield ['finds the lock changed', recordPlan(turn)]
  }
  const created = create(state, slot, intentOf(slot, setting), 'PLANNED', setting)
  const { askedAt = 0, arrival = 0 } = created.changes[slot] ?? {}
  const locked = { ...created, lock: slot, lockPut: state.lockPut + 1, newest: { slot, askedAt, arrival } }
  const permitted = permit(locked, slot, index, setting)
  const { version = 0 } = permitted.changes[slot] ?? {}
  const knows = { lockSeen: NOBODY, lockPutSeen: 0 }
  yield ['records SENT', withWorker(permitted, index, { place: 'post', version, ...knows })]
  if (state.crashesLeft > 0) {
    const lost = { ...permitted, crashesLeft: state.crashesLeft - 1 }
    const unsure = withWorker(lost, index, { place: 'unsure', version: version - 1, ...knows })
    yield ['records SENT, the answer is lost,', unsure, 'environment']
  }
}

export function* notePlan(turn: Turn): Moves {
  const { state, index, worker, setting } = turn
  const { isPlanNoted, isPlanNotedOnCondition } = setting.design
  const { slot } = worker
  if (state.changes[slot]) return yield ['finds the record of the first', withoutWorker(state, index)]
  if (isPlanNoted && isPlanNotedOnCondition && !isLockAsSeen(turn)) {
    return yield ['finds the lock changed', recordPlan(turn)]
  }
  const noop = create(state, slot, intentOf(slot, setting), 'NOOP', setting)
  const { askedAt = 0, arrival = 0 } = noop.changes[slot] ?? {}
  // A put of the lock item like any other: whoever has seen it as it was before puts theirs in vain.
  const noted = isPlanNoted
    ? { ...noop, lockPut: noop.lockPut + 1, newest: { slot, askedAt, arrival } }
    : noop
  yield [
    'notes the wish and records NOOP',
    withoutWorker(withLastWord(noted, desiredAt(slot, setting)), index),
  ]
}

/** What the plan reads is shown to people; it is left out here as long as it decides nothing. */
export function* record(turn: Turn): Moves {
  const { state, index, worker, setting } = turn
  const { slot } = worker
  if (state.changes[slot]) return yield ['finds the record of the first', withoutWorker(state, index)]
  const { isNoopUnderLock, shouldReadUnderLock } = setting.design
  const intent = intentOf(slot, setting)
  const { isPlan, isDirect } = at(setting.scenario.intents, intent)
  if (isPlan || isDirect) return yield* lookAtLock(turn)
  const planned = withWorker(create(state, slot, intent, 'PLANNED', setting), index, { place: 'claim' })
  if (isNoopUnderLock && shouldReadUnderLock) return yield ['records the plan', planned]
  const desired = desiredAt(slot, setting)
  for (const value of readings(state)) {
    if (value !== desired) yield [`reads ${value} and records the plan`, planned]
    else {
      const noop = withoutWorker(create(state, slot, intent, 'NOOP', setting), index)
      yield [`reads ${value} and records NOOP`, withLastWord(noop, desired)]
    }
  }
}

/** The lock item and the header it names are one step: a final change stays final until the lock is put. */
export function* readLock({ state, index, worker, setting }: Turn): Moves {
  const { lock } = state
  const change = state.changes[worker.slot]
  if (change && isOvertakenByWish(state, worker.slot, change, setting)) {
    return yield ['finds a newer wish', withWorker(state, index, { place: 'settle', verdict: 'SUPERSEDED' })]
  }
  const isFree = lock === NOBODY || lock === worker.slot || !isLockValid(state.changes[lock], setting)
  if (!setting.design.hasLock) yield ['ignores the lock', withWorker(state, index, { place: 'before' })]
  else if (isFree) {
    const { lockPut } = state
    yield [
      'finds the lock free',
      withWorker(state, index, { place: 'putLock', lockSeen: lock, lockPutSeen: lockPut }),
    ]
  } else {
    yield ['meets the lock', withWorker(state, index, { place: 'settle', verdict: 'FAILED' })]
  }
}

export function* putLock({ state, index, worker, setting }: Turn): Moves {
  const { isLockPutConditional, isLockOfOneClaim } = setting.design
  const isAsSeen =
    state.lock === worker.lockSeen && (state.lockPut === worker.lockPutSeen || !isLockOfOneClaim)
  if (!isAsSeen && isLockPutConditional) {
    yield [
      'finds the lock changed',
      withWorker(state, index, { place: 'lock', lockSeen: NOBODY, lockPutSeen: 0 }),
    ]
  } else {
    const { slot } = worker
    const { askedAt = 0, arrival = 0 } = state.changes[slot] ?? {}
    const newest = { slot, askedAt, arrival }
    const locked = { ...state, lock: slot, lockPut: state.lockPut + 1, newest }
    yield ['puts the lock', withWorker(locked, index, { place: 'before', lockSeen: NOBODY, lockPutSeen: 0 })]
  }
}

export function* lookBefore({ state, index, worker, setting }: Turn): Moves {
  const { design } = setting
  const onward = withWorker(state, index, { place: design.hasWriteAhead ? 'permit' : 'post' })
  if (!design.shouldReadUnderLock) return yield ['trusts its plan', onward]
  const desired = desiredAt(worker.slot, setting)
  // Waiting out what the lock's last holder did is time that passes: until then the worker has no step.
  if (state.isStale && design.isStalenessWaitedOut) return
  for (const value of readings(state)) {
    if (value !== desired) yield [`reads ${value} under the lock`, onward]
    else {
      const noop = withWorker(state, index, { place: 'settle', verdict: 'NOOP' })
      yield [`reads ${value} under the lock`, noop]
    }
  }
}

/** One conditional write; its answer may be lost after it went through, and then the SDK's retry is refused. */
export function* permitOnce({ state, index, worker, setting }: Turn): Moves {
  const { slot, version } = worker
  const change = state.changes[slot]
  if (state.isLate && change?.state === 'CLAIMED') {
    return yield ['finds it too late', withWorker(state, index, { place: 'settle', verdict: 'EXPIRED' })]
  }
  if (!change || !isCurrent(change, version, setting)) {
    return yield ['is refused the permit', withWorker(state, index, { place: 'unsure' })]
  }
  const permitted = permit(state, slot, index, setting)
  const place = setting.design.hasWriteAhead ? 'post' : 'await'
  yield ['records SENT', withWorker(permitted, index, { place, version: change.version + 1 })]
  if (state.crashesLeft > 0) {
    const unsure = withWorker({ ...permitted, crashesLeft: state.crashesLeft - 1 }, index, {
      place: 'unsure',
    })
    yield ['records SENT, the answer is lost,', unsure, 'environment']
  }
}

export function* lookWhosePermit({ state, index, worker, setting }: Turn): Moves {
  const change = state.changes[worker.slot]
  const { isPermitKnownByOwner } = setting.design
  const isOwn = isPermitKnownByOwner ? isPermitOf(change, index, worker) : change?.state === 'SENT'
  if (change && isOwn) {
    yield ['finds the permit its own', withWorker(state, index, { place: 'post', version: change.version })]
  } else yield ['finds that it has no permit', withoutWorker(state, index)]
}

/**
 * The POST leaves. Sending it again under the same permit after 429, after 401 or when the socket never connected is
 * this same POST, under way a little longer: upstream did not act on the ones before.
 */
export function* send({ state, index, worker, setting }: Turn): Moves {
  const post = { slot: worker.slot, intent: intentOf(worker.slot, setting), sender: index }
  const sent: State = { ...state, posts: [...state.posts, post] }
  yield [
    'sends the POST',
    withWorker(sent, index, { place: setting.design.hasWriteAhead ? 'await' : 'permit' }),
  ]
}
