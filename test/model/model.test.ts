import { describe, expect, it } from 'vitest'
import { arrows } from '../../lib/changes/model/transitions.ts'
import { DESIGN } from './design.ts'
import { explore, storyOf } from './explore.ts'
import { PROMISES } from './invariants.ts'
import { modelOf } from './model.ts'
import { MUTATIONS } from './mutations.ts'
import { LARGEST, SCENARIOS } from './scenario.ts'
import { statesLeftOut } from './state.ts'

/** States that each scenario reaches at least, so that a model which explores nothing fails; `npm run soak` has the largest. */
const AT_LEAST = {
  duplicates: 30_000,
  patience: 20_000,
  patienceAndAnother: 40_000,
  newerWish: 50_000,
  planOfWhatHolds: 10_000,
  settledByPerson: 9_000,
  noEffect: 4_000,
  person: 20_000,
  staleToggle: 30_000,
  assignment: 30_000,
  assignmentAndPerson: 20_000,
  direct: 4_000,
  directAndPerson: 3_500,
  directNewerWish: 25_000,
  directBesideClaim: 15_000,
  directGiveAndTake: 40_000,
} as const satisfies Record<Exclude<keyof typeof SCENARIOS, keyof typeof LARGEST>, number>

/** What no step of the model is: a plan is confirmed before it begins, what comes too late is no plan, and what meets a lock fails. */
const withoutModel: readonly string[] = ['PLANNED PLANNED', 'nothing EXPIRED', 'CLAIMED PLANNED']

/** The largest of these takes some 2 s of a core that it has for itself. */
const timeout = 60_000

describe('a change keeps every promise, whatever order things happen in', { timeout }, () => {
  const atLeast = new Map(Object.entries(AT_LEAST))
  const taken = new Set<string>()
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    if (name in LARGEST) continue
    it(scenario.title, () => {
      const exploration = explore(modelOf({ design: DESIGN, scenario }))
      expect(storyOf(exploration)).toBe('')
      expect(exploration.states).toBeGreaterThan(atLeast.get(name) ?? Infinity)
      expect(exploration.restStates).toBeGreaterThan(10)
      for (const arrow of exploration.arrows) taken.add(arrow)
    })
  }

  it('and takes, in all of them together, every arrow of the table between its states', () => {
    const leftOut: readonly (string | undefined)[] = [...statesLeftOut]
    const between = arrows.filter(({ from, to }) => !leftOut.includes(from) && !leftOut.includes(to))
    const named = new Set(between.map(({ from = 'nothing', to }) => `${from} ${to}`))
    expect([...taken].sort()).toEqual([...named].filter((arrow) => !withoutModel.includes(arrow)).sort())
  })
})

describe('a promise breaks when', () => {
  it.each(MUTATIONS)('$title: $breaks', ({ turned, scenario, breaks }) => {
    const design = { ...DESIGN, ...turned }
    const { broken } = explore(modelOf({ design, scenario: SCENARIOS[scenario] }), breaks)
    expect(broken?.promise).toBe(breaks)
    expect(broken?.trace.length).toBeGreaterThan(2)
  })

  it('any rule is turned round, so that no rule is there without need', () => {
    const turned = new Set(MUTATIONS.flatMap((mutation) => Object.keys(mutation.turned)))
    expect([...turned].sort()).toEqual(Object.keys(DESIGN).sort())
  })

  it('the rules are wrong enough: no promise is there that nothing can break', () => {
    const broken = new Set(MUTATIONS.map(({ breaks }) => breaks))
    expect([...broken].sort()).toEqual([...PROMISES].sort())
  })
})
