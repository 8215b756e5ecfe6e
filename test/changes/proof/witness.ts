/** Who changed what upstream, and when: seen from beside the org, whatever the records say. */
import { targetKey } from '../../../lib/changes/change.ts'
import type { ChangeWorld } from '../../support/change-world.ts'
import type { Gate } from './gate.ts'

/** One value upstream became another. */
export interface Turn {
  /** As the target's lock is called. */
  readonly key: string
  readonly value: boolean
  readonly atMs: number
  /** The change whose write did it; undefined where it was a person. */
  readonly by: string | undefined
}

export interface Witness {
  /** In the order in which they happened. */
  readonly turns: readonly Turn[]
  /** A gate through which one process goes, with its writes watched. Calls of several processes must not overlap. */
  readonly watching: (gate: Gate) => Gate
  /** Watches what a person does straight in the org. */
  readonly person: (act: () => Promise<unknown>) => Promise<void>
  readonly valueNow: (key: string) => boolean
  /** What a value was at some time from one time to another, inclusive. */
  readonly valuesWithin: (key: string, fromMs: number, toMs: number) => readonly boolean[]
}

export function witnessOf({ org, clock }: ChangeWorld): Witness {
  const turns: Turn[] = []
  const beginning = truth()

  function truth(): ReadonlyMap<string, boolean> {
    const { toggles, users } = org.truth()
    return new Map([
      ...Object.entries(toggles).map(
        ([featureName, value]) => [targetKey({ featureName, desired: value }), value] as const,
      ),
      ...Object.entries(users).flatMap(([userId, licenses]) =>
        licenses.map((licenseId) => [targetKey({ licenseId, userId, desired: true }), true] as const),
      ),
    ])
  }

  async function watched<T>(by: string | undefined, act: () => Promise<T>): Promise<T> {
    const before = truth()
    try {
      return await act()
    } finally {
      const after = truth()
      for (const key of new Set([...before.keys(), ...after.keys()])) {
        const value = after.get(key) ?? false
        if (value !== (before.get(key) ?? false)) turns.push({ key, value, atMs: clock.nowMs(), by })
      }
    }
  }

  return {
    turns,
    watching(gate) {
      let permitted = 'no change at all'
      return (call, carryOut) => {
        permitted = call.permits ?? permitted
        const by = permitted
        return gate(call, call.isWrite ? () => watched(by, carryOut) : carryOut)
      }
    },
    async person(act) {
      await watched(undefined, act)
    },
    valueNow: (key) => truth().get(key) ?? false,
    valuesWithin(key, fromMs, toMs) {
      let value = beginning.get(key) ?? false
      const values: boolean[] = []
      for (const turn of turns.filter((each) => each.key === key)) {
        if (turn.atMs >= fromMs && turn.atMs <= toMs) values.push(value)
        if (turn.atMs <= toMs) value = turn.value
      }
      return [...values, value]
    },
  }
}
