/** Who changed what upstream, and when: seen from beside the org, whatever the records say. */

import { targetKey } from '../../../lib/changes/model/change.ts'
import type { ChangeState } from '../../../lib/changes/model/transitions.ts'
import type { ChangeWorld } from '../../support/changes/change-world.ts'
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

/** A header that was put, and where among the turns that was. */
interface Put {
  readonly changeId: string
  readonly state: ChangeState
  readonly place: number
}

export interface Witness {
  /** In the order in which they happened. A place is a number of turns that had happened by then. */
  readonly turns: readonly Turn[]
  /** A gate through which one process goes, with its writes watched. Writes of several processes must not overlap. */
  readonly watching: (gate: Gate) => Gate
  /** Watches what a person does straight in the org. */
  readonly person: (act: () => Promise<unknown>) => Promise<void>
  readonly valueNow: (key: string) => boolean
  /** Where a change first came into a state, and where its record was last written in it. */
  readonly placeOf: (changeId: string, state: ChangeState) => number | undefined
  readonly lastPlaceOf: (changeId: string, state: ChangeState) => number | undefined
  /** Where among all headers that were put a change was first, and last, put in a state. */
  readonly putOf: (changeId: string, state: ChangeState) => number | undefined
  readonly lastPutOf: (changeId: string, state: ChangeState) => number | undefined
  /** What a value was from one place to another, inclusive. */
  readonly valuesWithin: (key: string, from: number, to: number) => readonly boolean[]
}

export function witnessOf({ org, clock }: ChangeWorld): Witness {
  const turns: Turn[] = []
  const puts: Put[] = []
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
        const { puts: header, isWrite } = call
        if (header?.state === 'SENT') permitted = header.changeId
        const by = permitted
        return gate(call, async () => {
          if (isWrite) return await watched(by, carryOut)
          const answer = await carryOut()
          if (header && isDone(answer)) puts.push({ ...header, place: turns.length })
          return answer
        })
      }
    },
    async person(act) {
      await watched(undefined, act)
    },
    valueNow: (key) => truth().get(key) ?? false,
    placeOf: (changeId, state) => puts.find((put) => put.changeId === changeId && put.state === state)?.place,
    lastPlaceOf: (changeId, state) =>
      puts.findLast((put) => put.changeId === changeId && put.state === state)?.place,
    putOf(changeId, state) {
      const index = puts.findIndex((put) => put.changeId === changeId && put.state === state)
      return index < 0 ? undefined : index
    },
    lastPutOf(changeId, state) {
      const index = puts.findLastIndex((put) => put.changeId === changeId && put.state === state)
      return index < 0 ? undefined : index
    },
    valuesWithin(key, from, to) {
      let value = beginning.get(key) ?? false
      const values: boolean[] = []
      for (const [place, turn] of turns.slice(0, to).entries()) {
        if (turn.key !== key) continue
        if (place >= from) values.push(value)
        value = turn.value
      }
      return [...values, value]
    },
  }
}

/** A put whose condition fails is answered with 400. */
function isDone(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'status' in answer && answer.status === 200
}
