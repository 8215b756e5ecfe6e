import { expect, it } from 'vitest'
import { keyOf } from './canonical.ts'
import { DESIGN } from './design.ts'
import { stepsFrom } from './model.ts'
import { SCENARIOS } from './scenario.ts'
import { initialState, type State } from './state.ts'

/** Steps from the start: as far as the states, each kept whole, stay few enough for a quick test. */
const DEPTH = 11

it.each(Object.values(SCENARIOS))('states with the same key go the same ways: $title', (scenario) => {
  const waysOf = new Map<string, string>()
  const differing: string[] = []
  const seen = new Set<string>()
  let layer: State[] = [initialState(scenario)]
  for (let depth = 0; depth < DEPTH; depth++) {
    const nextLayer: State[] = []
    for (const state of layer) {
      const successors = [...stepsFrom(state, { design: DESIGN, scenario })].map(({ next }) => next)
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
  expect(waysOf.size).toBeGreaterThan(200)
})
