/** The write path: what a worker does at each place of it. Between any two steps others act, or it crashes. */

import { at, type Place, type State, withoutWorker } from '../state.ts'
import { type Moves, nameOf, type Setting, type Step, type Turn } from '../step.ts'
import { giveUp } from '../world/network.ts'
import { advance } from './advance.ts'
import {
  lookBefore,
  lookWhosePermit,
  notePlan,
  permitNew,
  permitOnce,
  putLock,
  readForPlan,
  readLock,
  record,
  send,
} from './sending.ts'
import { judgeAnswer, judgeReadBack, lookForPerson, settleVerdict } from './settling.ts'

const movesAt: Readonly<Record<Exclude<Place, 'idle'>, (turn: Turn) => Moves>> = {
  record,
  planRead: readForPlan,
  planNote: notePlan,
  permitNew,
  claim,
  lock: readLock,
  putLock,
  before: lookBefore,
  permit: permitOnce,
  unsure: lookWhosePermit,
  post: send,
  await: giveUp,
  verify: judgeAnswer,
  readBack: judgeReadBack,
  look: lookForPerson,
  settle: settleVerdict,
}

/** Whoever recorded the plan goes on at once, if nobody was quicker. */
function* claim({ state, index, worker, setting }: Turn): Moves {
  const idle = withoutWorker(state, index)
  yield ['claims', advance(idle, index, worker.slot, setting) ?? idle]
}

export function* stepsOfWorker(state: State, index: number, setting: Setting): Generator<Step> {
  const worker = at(state.workers, index)
  if (worker.place === 'idle') return
  for (const [does, next, kind = 'system'] of movesAt[worker.place]({ state, index, worker, setting })) {
    yield { name: `worker ${index + 1} ${does} (${nameOf(worker.slot)})`, kind, next }
  }
}
