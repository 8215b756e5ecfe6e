/**
 * The whole model: every step that may come next. In comes a state of the world (state.ts), out come its successors;
 * explore.ts looks at them all. `node test/model/step-through.ts duplicates` lists the first steps of a scenario, and with
 * their numbers behind it takes them.
 */

import type { State } from './state.ts'
import type { Setting, Step } from './step.ts'
import { stepsOfWorker } from './worker/worker.ts'
import { deliveries, mishaps, settlements, tick, time } from './world/environment.ts'
import { stepsOfNetwork } from './world/network.ts'

export function* stepsFrom(state: State, setting: Setting): Generator<Step> {
  for (const index of state.workers.keys()) yield* stepsOfWorker(state, index, setting)
  yield* stepsOfNetwork(state, setting)
  yield* tick(state, setting)
  yield* time(state, setting)
  yield* deliveries(state, setting)
  yield* settlements(state, setting)
  yield* mishaps(state, setting)
}
