import type { Design } from './design.ts'
import type { Scenario } from './scenario.ts'
import type { State, Worker } from './state.ts'

/** The rules under test in the world they are tested in. */
export interface Setting {
  readonly design: Design
  readonly scenario: Scenario
}

export interface Step {
  /** In plain words, for a trace. */
  readonly name: string
  /**
   * `system`: happens sooner or later, if nothing else does (a worker goes on, time passes, a POST lands or is lost).
   * `environment`: may happen, and nobody may count on it (a crash, a duplicate, a person, an upstream that refuses).
   */
  readonly kind: 'system' | 'environment'
  readonly next: State
}

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
