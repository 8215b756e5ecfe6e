/** A list in every order of its steps, and each rule of it broken on purpose. */
import { describe, expect, it } from 'vitest'
import { arrows, listStates } from '../../../lib/changes/model/transitions.ts'
import { explore, storyOf } from '../explore.ts'
import { LIST_DESIGN, LIST_SCENARIOS } from './list-design.ts'
import { LIST_MUTATIONS } from './list-mutations.ts'
import { LIST_PROMISES, modelOfList } from './list-promises.ts'

/** States that each scenario reaches at least, so that a model which explores nothing fails. */
const AT_LEAST = {
  listOfCrashes: 40_000,
  listDecided: 35_000,
  listLeftOpen: 30_000,
  listOfEndings: 35_000,
  listInConflict: 8_000,
} as const satisfies Record<keyof typeof LIST_SCENARIOS, number>

const timeout = 60_000

describe('a list keeps every promise, whatever order things happen in', { timeout }, () => {
  const atLeast = new Map(Object.entries(AT_LEAST))
  const taken = new Set<string>()
  for (const [name, scenario] of Object.entries(LIST_SCENARIOS)) {
    it(scenario.title, () => {
      const exploration = explore(modelOfList({ design: LIST_DESIGN, scenario }))
      expect(storyOf(exploration)).toBe('')
      expect(exploration.states).toBeGreaterThan(atLeast.get(name) ?? Infinity)
      expect(exploration.restStates).toBeGreaterThan(10)
      for (const arrow of exploration.arrows) taken.add(arrow)
    })
  }

  it('and takes, in all of them together, every arrow of the table between states of a list under way', () => {
    const isOfList = (state: string | undefined) => listStates.some((each) => each === state)
    const named = arrows.filter(({ from, to }) => isOfList(from) || isOfList(to))
    const expected = new Set(named.map(({ from = 'nothing', to }) => `${from} ${to}`))
    // What waits for approval is begun as what waits for nothing.
    expected.delete('APPROVED RUNNING')
    expect([...taken].filter((arrow) => arrow !== 'PLANNED CANCELLED').sort()).toEqual([...expected].sort())
  })
})

describe('a promise breaks when', { timeout }, () => {
  it.each(LIST_MUTATIONS)('$title: $breaks', ({ turned, scenario, breaks }) => {
    const design = { ...LIST_DESIGN, ...turned }
    const { broken } = explore(modelOfList({ design, scenario: LIST_SCENARIOS[scenario] }), breaks)
    expect(broken?.promise).toBe(breaks)
    expect(broken?.trace.length).toBeGreaterThan(2)
  })

  it('any rule is turned round, so that no rule is there without need', () => {
    const turned = new Set(LIST_MUTATIONS.flatMap((mutation) => Object.keys(mutation.turned)))
    expect([...turned].sort()).toEqual(Object.keys(LIST_DESIGN).sort())
  })

  it('the rules are wrong enough: no promise is there that nothing can break', () => {
    const broken = new Set(LIST_MUTATIONS.map(({ breaks }) => breaks))
    expect([...broken].sort()).toEqual([...LIST_PROMISES].sort())
  })
})
