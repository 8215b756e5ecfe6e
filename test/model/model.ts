/**
 * The whole model: every step that may come next. In comes a state of the world (state.ts), out come its successors;
 * explore.ts looks at them all. `node test/model/step-through.ts duplicates` lists the first steps of a scenario, and with
 * their numbers behind it takes them.
 */

import { keyOf } from './canonical.ts'
import type { Model } from './explore.ts'
import { AT_REST, OVER_STEP, type Promised } from './invariants.ts'
import { arrowsTaken, initialState, type State } from './state.ts'
import type { Setting, Step } from './step.ts'
import { stepsOfWorker } from './worker/worker.ts'
import { deliveries, mishaps, settlements, tick, time } from './world/environment.ts'
import { stepsOfNetwork } from './world/network.ts'

function* stepsFrom(state: State, setting: Setting): Generator<Step> {
  for (const index of state.workers.keys()) yield* stepsOfWorker(state, index, setting)
  yield* stepsOfNetwork(state, setting)
  yield* tick(state, setting)
  yield* time(state, setting)
  yield* deliveries(state, setting)
  yield* settlements(state, setting)
  yield* mishaps(state, setting)
}

export const modelOf = (setting: Setting): Model<State, Promised> => ({
  start: initialState(setting.scenario),
  stepsFrom: (state) => stepsFrom(state, setting),
  keyOf,
  arrowsTaken,
  overStep: OVER_STEP.map(([promise, holds]) => [
    promise,
    (before: State, after: State) => holds(before, after, setting),
  ]),
  atRest: AT_REST.map(([promise, holds]) => [promise, (state: State) => holds(state, setting)]),
})
