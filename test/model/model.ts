/** The whole model: every step that may come next. */
import { deliveries, mishaps, settlements, tick, time } from './environment.ts'
import { stepsOfNetwork } from './network.ts'
import type { State } from './state.ts'
import type { Setting, Step } from './step.ts'
import { stepsOfWorker } from './worker.ts'

export function* stepsFrom(state: State, setting: Setting): Generator<Step> {
  for (const index of state.workers.keys()) yield* stepsOfWorker(state, index, setting)
  yield* stepsOfNetwork(state, setting)
  yield* tick(state, setting)
  yield* time(state, setting)
  yield* deliveries(state, setting)
  yield* settlements(state, setting)
  yield* mishaps(state, setting)
}
