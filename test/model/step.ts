import type { Design } from './design.ts'
import type { Step as ExploredStep } from './explore.ts'
import type { Scenario } from './scenario.ts'
import type { State, Worker } from './state.ts'

/** The rules under test in the world they are tested in. */
export interface Setting {
  readonly design: Design
  readonly scenario: Scenario
}

export type Step = ExploredStep<State>

/** Changes are called by letters in traces. */
export const nameOf = (slot: number): string => `change ${'AB'.charAt(slot)}`

/** A worker, and the world as it is when its turn comes. */
export interface Turn {
  readonly state: State
  readonly index: number
  readonly worker: Worker
  readonly setting: Setting
}

/** What a worker may do next; more than one where readings or the ledger's answers may differ. */
export type Moves = Iterable<readonly [name: string, next: State, kind?: Step['kind']]>
