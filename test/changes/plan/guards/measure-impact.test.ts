/** What a plan does to people, measured beside a count by hand of any org, any order and any age of the reading. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Reading, Target } from '../../../../lib/changes/model/change.ts'
import { measureImpact } from '../../../../lib/changes/plan/guards/measure-impact.ts'
import type { ChangeWorld } from '../../../support/changes/change-world.ts'
import { changeWorld } from '../../../support/changes/change-world.ts'

const HOUR_MS = 3_600_000
const LICENSES = ['alpha', 'Beta']

interface Person {
  readonly id: string
  readonly isUnread: boolean
  /** By license: whether they hold it, and what is asked for. */
  readonly alpha: readonly [isHeld: boolean, asked: Asked]
  readonly Beta: readonly [isHeld: boolean, asked: Asked]
}
type Asked = 'give' | 'take' | 'leave'

const roll = fc.integer({ min: 0, max: 19 })

/** From so many people in twenty a license is taken, so that shares lie on both sides of a fifth. */
const org = fc
  .tuple(
    fc.integer({ min: 0, max: 8 }),
    fc.array(fc.tuple(roll, roll, roll), { minLength: 1, maxLength: 260, size: 'max' }),
  )
  .map(([taken, rolls]) => {
    const askedBy = (rolled: number): Asked => (rolled < taken ? 'take' : rolled === 19 ? 'give' : 'leave')
    return rolls.map(
      ([one, two, three], index): Person => ({
        id: `user-${index}`,
        isUnread: three === 0,
        alpha: [two < 18, askedBy(one)],
        Beta: [one < 12, askedBy(two)],
      }),
    )
  })

const pairsOf = (people: readonly Person[]) =>
  people.flatMap(({ id, isUnread, alpha, Beta }) =>
    (
      [
        ['alpha', alpha],
        ['Beta', Beta],
      ] as const
    ).flatMap(([licenseId, [isHeld, asked]]): { target: Target; value: Reading }[] =>
      asked === 'leave'
        ? []
        : [
            {
              target: { licenseId, userId: id, desired: asked === 'give' },
              value: isUnread ? undefined : isHeld,
            },
          ],
    ),
  )

function deskOf({ bench }: ChangeWorld, people: readonly Person[], ageHours: number | undefined) {
  const desk = bench()
  const held = (licenseId: string) =>
    new Set(people.filter((each) => (licenseId === 'alpha' ? each.alpha : each.Beta)[0]).map(({ id }) => id))
  const reading =
    ageHours === undefined ? undefined : { atMs: desk.clock.nowMs() - ageHours * HOUR_MS, holdersOf: held }
  return { ...desk, seats: { newest: async () => reading } }
}

it('a mass is more than twenty people and more than a fifth of those who hold it, or more than twenty where nobody knows', async () => {
  const world = await changeWorld()
  let masses = 0
  await fc.assert(
    fc.asyncProperty(org, fc.constantFrom(undefined, 1, 25, 27), async (people, ageHours) => {
      const pairs = pairsOf(people)
      const impact = await measureImpact(
        deskOf(world, people, ageHours),
        pairs.map(({ target }) => target),
        pairs.map(({ value }) => value),
        true,
      )
      const changed = pairs.filter(({ target, value }) => value !== target.desired)
      const isKnown = ageHours !== undefined && ageHours <= 26
      const expected = LICENSES.flatMap((licenseId) => {
        const losers = changed.flatMap(({ target }) =>
          'licenseId' in target && target.licenseId === licenseId && !target.desired ? [target.userId] : [],
        )
        const holders = new Set([
          ...people.flatMap((each) => ((licenseId === 'alpha' ? each.alpha : each.Beta)[0] ? [each.id] : [])),
          ...losers,
        ]).size
        if (losers.length <= 20) return []
        if (!isKnown) return [{ licenseId, people: losers.length }]
        return losers.length / holders > 0.2 ? [{ licenseId, people: losers.length, holders }] : []
      })
      masses += expected.length
      expect(impact.people).toBe(
        new Set(changed.map(({ target }) => ('userId' in target ? target.userId : ''))).size,
      )
      const byId = (a: { licenseId: string }, b: { licenseId: string }) =>
        a.licenseId < b.licenseId ? -1 : 1
      expect([...(impact.massRemovals ?? [])].sort(byId)).toEqual([...expected].sort(byId))
    }),
    { numRuns: 100 },
  )
  // The property has met both sides.
  expect(masses).toBeGreaterThan(0)
})

it('one license that an order spells in two ways is one license', async () => {
  const world = await changeWorld()
  const people = Array.from({ length: 24 }, (_, index) => `user-${index}`)
  const targets = people.map(
    (userId, index): Target => ({
      licenseId: index % 2 === 0 ? 'alpha' : 'ALPHA',
      userId,
      desired: false,
    }),
  )
  const values = people.map(() => true)
  expect(await measureImpact(deskOf(world, [], undefined), targets, values, true)).toEqual({
    people: 24,
    massRemovals: [{ licenseId: 'alpha', people: 24 }],
  })
})
