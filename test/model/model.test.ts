import { describe, expect, it } from 'vitest'
import { DESIGN } from './design.ts'
import { type Exploration, explore } from './explore.ts'
import { PROMISES } from './invariants.ts'
import { MUTATIONS } from './mutations.ts'
import { SCENARIOS } from './scenario.ts'

/** States that each scenario reaches at least, so that a model which explores nothing fails. */
const AT_LEAST = {
  duplicates: 30_000,
  patience: 20_000,
  patienceAndAnother: 40_000,
  newerWish: 50_000,
  planOfWhatHolds: 10_000,
  settledByPerson: 9_000,
  noEffect: 4_000,
  person: 20_000,
  sameWish: 50_000,
  oppositeWishAndPerson: 50_000,
  staleToggle: 30_000,
  assignment: 30_000,
  assignmentAndPerson: 20_000,
  giveAndTake: 75_000,
} as const satisfies Record<keyof typeof SCENARIOS, number>

describe('a change keeps every promise, whatever order things happen in', () => {
  const atLeast = new Map(Object.entries(AT_LEAST))
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    it(scenario.title, () => {
      const exploration = explore({ design: DESIGN, scenario })
      expect(story(exploration)).toBe('')
      expect(exploration.states).toBeGreaterThan(atLeast.get(name) ?? Infinity)
      expect(exploration.restStates).toBeGreaterThan(10)
    })
  }
})

describe('a promise breaks when', () => {
  it.each(MUTATIONS)('$title: $breaks', ({ turned, scenario, breaks }) => {
    const design = { ...DESIGN, ...turned }
    const { broken } = explore({ design, scenario: SCENARIOS[scenario] }, breaks)
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

/** A broken promise and the steps that break it, to be read from top to bottom. */
function story({ broken }: Exploration): string {
  if (!broken) return ''
  const steps = broken.trace.map((step, index) => `${index + 1}. ${step}`)
  return [`Broken: ${broken.promise}`, ...steps].join('\n')
}
