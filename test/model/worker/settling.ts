/** The second half of the write path: read back, conclude, record the conclusion. */

import { type State, withoutWorker, withWorker } from '../state.ts'
import type { Moves, Turn } from '../step.ts'
import { isCurrent, isUnclear, settle } from '../world/ledger.ts'
import { readings } from '../world/upstream.ts'
import { desiredAt } from './sending.ts'
import { type Verdict, verdictOfReadBack, verdictOfSender } from './verdict.ts'

/** The sender has its answer, or none, and reads back at once. */
export function* judgeAnswer({ state, index, worker, setting }: Turn): Moves {
  const desired = desiredAt(worker.slot, setting)
  for (const value of readings(state)) {
    const verdict = verdictOfSender(worker.answer, value === desired, desired, setting)
    yield [`answered ${worker.answer}, reads back ${value}`, withVerdict(state, index, verdict)]
  }
}

/** Anybody reads back a change that is SENT, UNKNOWN or due for its second look. */
export function* judgeReadBack({ state, index, worker, setting }: Turn): Moves {
  const change = state.changes[worker.slot]
  if (!change) return yield ['finds no record', withoutWorker(state, index)]
  const desired = desiredAt(worker.slot, setting)
  for (const value of readings(state)) {
    const verdict = verdictOfReadBack(change, value === desired, setting)
    const next =
      verdict === 'wait'
        ? withoutWorker(state, index)
        : verdict === 'permit'
          ? withWorker(state, index, { place: 'permit' })
          : withVerdict(state, index, verdict)
    yield [`reads back ${value}`, next]
  }
}

/** A person has it looked at: what is read decides. */
export function* lookForPerson({ state, index, worker, setting }: Turn): Moves {
  const { slot, version } = worker
  const change = state.changes[slot]
  if (!change || !isUnclear(change) || !isCurrent(change, version, setting)) {
    return yield ['finds nothing to look at', withoutWorker(state, index)]
  }
  const desired = desiredAt(slot, setting)
  for (const value of readings(state)) {
    const { ghost, truth } = state
    const wasDesired = truth === desired ? ghost.wasDesired.with(change.intent, true) : ghost.wasDesired
    const seen = { ...state, ghost: { ...ghost, wasDesired } }
    const verdict = { state: value === desired ? 'APPLIED' : 'FAILED', isLookDue: false } as const
    yield [`reads ${value} for a person`, withVerdict(seen, index, verdict)]
  }
}

const withVerdict = (state: State, index: number, verdict: Verdict): State =>
  withWorker(state, index, {
    place: 'settle',
    answer: 'none',
    verdict: verdict.state,
    isLookDue: verdict.isLookDue,
  })

export function* settleVerdict({ state, index, worker, setting }: Turn): Moves {
  const { slot, version, verdict, isOvertaken } = worker
  const change = state.changes[slot]
  if (!change || !isCurrent(change, version, setting)) {
    return yield ['finds that others went on without it', withoutWorker(state, index)]
  }
  const isLookDue = worker.isLookDue && (setting.design.isQuietJudgedBeforeRead || !change.isQuiet)
  const settled = settle(state, slot, verdict, { isLookDue, isOvertaken }, setting)
  yield [`records ${verdict}`, withoutWorker(settled, index)]
}
