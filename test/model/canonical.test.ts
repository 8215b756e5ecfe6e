import { expect, it } from 'vitest'
import { DESIGN } from './design.ts'
import type { Model } from './explore.ts'
import { LIST_DESIGN, LIST_SCENARIOS } from './lists/list-design.ts'
import { modelOfList } from './lists/list-promises.ts'
import { modelOf } from './model.ts'
import { SCENARIOS } from './scenario.ts'

/** Steps from the start: as far as the states, each kept whole, stay few enough for a quick test. */
const DEPTH = 11

it.each(Object.values(SCENARIOS))('states with the same key go the same ways: $title', (scenario) => {
  expectSameWays(modelOf({ design: DESIGN, scenario }), 200)
})

it.each(Object.values(LIST_SCENARIOS))('and so do those of lists: $title', (scenario) => {
  expectSameWays(modelOfList({ design: LIST_DESIGN, scenario }), 100)
})

function expectSameWays<World>({ start, stepsFrom, keyOf }: Model<World, string>, atLeast: number): void {
  const waysOf = new Map<string, string>()
  const differing: string[] = []
  const seen = new Set<string>()
  let layer = [start]
  for (let depth = 0; depth < DEPTH; depth++) {
    const nextLayer: World[] = []
    for (const state of layer) {
      const successors = [...stepsFrom(state)].map(({ next }) => next)
      const ways = [...new Set(successors.map(keyOf))].sort().join()
      const key = keyOf(state)
      if (ways !== (waysOf.get(key) ?? ways)) differing.push(key)
      waysOf.set(key, ways)
      for (const next of successors) {
        const whole = JSON.stringify(next)
        if (!seen.has(whole)) nextLayer.push(next)
        seen.add(whole)
      }
    }
    layer = nextLayer
  }
  expect(differing).toEqual([])
  expect(seen.size).toBeGreaterThan(waysOf.size)
  expect(waysOf.size).toBeGreaterThan(atLeast)
}
