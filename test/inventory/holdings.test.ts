import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cursorOf } from '../../lib/cursor.ts'
import { differencesOnRecord } from '../../lib/inventory/histories/differences-on-record.ts'
import {
  everyHoldingOf,
  type HoldingsSource,
  holdingsPageOf,
} from '../../lib/inventory/histories/holdings.ts'
import { comparePairs, foldId } from '../../lib/inventory/inventory-person.ts'
import type {
  Difference,
  HoldingsOf,
  LicenseHolding,
  NamedHolding,
  Pair,
} from '../../lib/inventory/inventory-port.ts'
import { type User, userOf } from '../../lib/people/user.ts'
import { compareTimes, differencesAtHand } from '../support/seats/differences-at-hand.ts'
import { longHistory } from '../support/seats/long-history.ts'

const FIRST_AT_MS = 1_000
const AS_OF_MS = 9_000

const users = ['0a', '0b', '0c', '0d']
const licenses = ['cloudCX1', 'cloudCX3', 'wallboardUser']
const pairs = users.flatMap((userId) => licenses.map((licenseId) => ({ userId, licenseId })))
const by = fc.constantFrom('outside' as const, { changeId: 'change-1' }, { changeId: 'change-2' })

const isAsked = ({ userId, licenseId }: HoldingsOf, pair: Pair) =>
  foldId(userId ?? pair.userId) === foldId(pair.userId) &&
  foldId(licenseId ?? pair.licenseId) === foldId(pair.licenseId)

interface Recorded {
  readonly differences: readonly Difference[]
  /** What the journal has shown since the reading. */
  readonly pending?: readonly Difference[]
  readonly held: readonly Pair[]
}

/** What is on record of those of an org whose user or license is asked for. */
function sourceOf(of: HoldingsOf, { differences, pending = [], held }: Recorded): HoldingsSource {
  const everybody = users.map((id) =>
    userOf(
      id,
      { id, name: `Name ${id}`, email: `${id}@example.com` },
      held.filter(({ userId }) => userId === id).map(({ licenseId }) => licenseId),
    ),
  )
  return {
    ...{ asOfMs: AS_OF_MS, isWhole: true, of, firstAtMs: FIRST_AT_MS },
    ...differencesOnRecord(
      of,
      differencesAtHand(differences),
      pending.filter((each) => isAsked(of, each)),
    ),
    async *holders(afterId = '') {
      const isOf = (id: string) => of.userId === undefined || foldId(of.userId) === id
      yield* everybody.filter(({ id }) => isOf(id) && id > afterId)
    },
    people: async (ids) => {
      const wanted = new Set(ids)
      return new Map(
        everybody.filter(({ id }) => wanted.has(id)).map((user): [string, User] => [user.id, user]),
      )
    },
  }
}

/** @param sourceNow what is on record as each page is asked for. */
async function readPages(sourceNow: () => HoldingsSource, limit: number) {
  const holdings: NamedHolding[] = []
  let cursor: string | undefined
  do {
    const page = await holdingsPageOf(sourceNow(), { limit, cursor })
    expect(page.holdings.length).toBeLessThanOrEqual(limit)
    holdings.push(...page.holdings)
    cursor = page.next
  } while (cursor !== undefined)
  return holdings
}

async function readAll(source: HoldingsSource) {
  const holdings: NamedHolding[] = []
  for await (const holding of everyHoldingOf(source)) holdings.push(holding)
  return holdings
}

const plain = ({ name: _name, email: _email, ...holding }: NamedHolding) => holding

/** Everything at once, the earliest first, pair by pair: by other means than those of the code under test. */
function foldAll(of: HoldingsOf, { differences, pending = [], held }: Recorded): LicenseHolding[] {
  const all = [...differences, ...pending].filter((each) => isAsked(of, each)).sort(compareTimes)
  const keyOf = ({ userId, licenseId }: Pair) => foldId(`${userId} ${licenseId}`)
  const told = Map.groupBy(all, keyOf)
  const before = ({ userId, licenseId }: Pair): LicenseHolding => ({
    ...{ userId, licenseId },
    ...{ fromMs: FIRST_AT_MS, by: 'before records' },
  })
  const untold = held.filter((pair) => isAsked(of, pair) && !told.has(keyOf(pair))).map(before)
  const holdings = [...told.values()].flatMap((ofPair) =>
    ofPair.flatMap((each, n): LicenseHolding[] => {
      const { userId, licenseId, atMs, afterMs, by: who } = each
      const end = (one: Difference | undefined) =>
        one && { untilMs: one.atMs, untilAfterMs: one.afterMs, endedBy: one.by }
      if (!each.isGiven) return n === 0 ? [{ ...before(each), ...end(each) }] : []
      const next = ofPair[n + 1]
      if (next?.isGiven) return []
      return [{ userId, licenseId, fromMs: atMs, fromAfterMs: afterMs, by: who, ...end(next) }]
    }),
  )
  return [...untold, ...holdings].sort((a, b) => b.fromMs - a.fromMs || comparePairs(a, b))
}

/** A license is written in whatever case, several things happen at one time, some before the first reading, some twice. */
const difference: fc.Arbitrary<Difference> = fc.record({
  userId: fc.constantFrom(...users),
  licenseId: fc.constantFrom(...licenses).chain((id) => fc.constantFrom(id, id.toUpperCase())),
  isGiven: fc.boolean(),
  atMs: fc.integer({ min: FIRST_AT_MS - 3, max: FIRST_AT_MS + 12 }),
  afterMs: fc.option(fc.constant(FIRST_AT_MS - 9), { nil: undefined }),
  by,
})

const onRecord: fc.Arbitrary<Recorded> = fc
  .record({
    all: fc.uniqueArray(difference, {
      maxLength: 60,
      selector: ({ userId, licenseId, isGiven, atMs }) => foldId(`${userId} ${licenseId} ${isGiven} ${atMs}`),
    }),
    held: fc.subarray(pairs),
    isPending: fc.func(fc.boolean()),
  })
  .map(({ all, held, isPending }) => {
    const { kept = [], pending = [] } = Object.groupBy(all, (each) => (isPending(each) ? 'pending' : 'kept'))
    return { differences: kept, pending, held }
  })

const asked: fc.Arbitrary<HoldingsOf> = fc.oneof(
  fc.constantFrom(...users).map((userId) => ({ userId: userId.toUpperCase() })),
  fc.constantFrom(...licenses).map((licenseId) => ({ licenseId: licenseId.toUpperCase() })),
)

interface Step extends Pair {
  readonly by: Difference['by']
}

/** A person turns licenses over, one after the other: each step gives what is not held, and takes what is. */
const histories = fc.record({
  before: fc.subarray(pairs),
  steps: fc.array(
    fc.record({ userId: fc.constantFrom(...users), licenseId: fc.constantFrom(...licenses), by }),
    { maxLength: 40 },
  ),
})

/** The same history written down as it happens: the naive truth. */
function liveThrough({ before, steps }: { before: readonly Pair[]; steps: readonly Step[] }): Recorded {
  const held = new Map(before.map((pair) => [JSON.stringify(pair), pair]))
  const differences: Difference[] = []
  for (const [index, { by: who, ...pair }] of steps.entries()) {
    const key = JSON.stringify(pair)
    differences.push({ ...pair, isGiven: !held.has(key), atMs: FIRST_AT_MS + 1 + index, by: who })
    if (!held.delete(key)) held.set(key, pair)
  }
  return { differences, held: [...held.values()] }
}

describe('from when until when people have held licenses', () => {
  test('whatever is on record folds backwards, in pages of any size and in one go, as all of it does forwards', async () => {
    await fc.assert(
      fc.asyncProperty(onRecord, asked, fc.integer({ min: 1, max: 9 }), async (recorded, of, limit) => {
        const wanted = foldAll(of, recorded)
        const source = sourceOf(of, recorded)
        expect((await readAll(source)).map(plain)).toEqual(wanted)
        expect((await readPages(() => source, limit)).map(plain)).toEqual(wanted)
      }),
      { seed: 20_261_129, numRuns: 1_000 },
    )
  })

  test('a cursor goes on where its page ended, whatever has come since', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories,
        histories.map(({ steps }) => steps),
        asked,
        fc.integer({ min: 1, max: 7 }),
        async (history, further, of, limit) => {
          const earlier = liveThrough(history)
          const later = liveThrough({ ...history, steps: [...history.steps, ...further] })
          const states = [earlier, later].values()
          const paged = await readPages(() => sourceOf(of, states.next().value ?? later), limit)
          const keyOf = ({ userId, licenseId, fromMs }: NamedHolding) => `${userId} ${licenseId} ${fromMs}`
          expect(paged.map(keyOf)).toEqual(foldAll(of, earlier).map(keyOf))
          expect(paged.every(({ userId, name }) => name === `Name ${userId}`)).toBe(true)
        },
      ),
    )
  })

  test('ends of more than are kept are looked up, and the file is the same', async () => {
    const [licenseId = ''] = licenses
    const many = Array.from({ length: 12_000 }, (_, n) => ({
      userId: `u${n}`,
      licenseId,
      by: 'outside' as const,
    }))
    const given = many.map((pair, n) => ({ ...pair, isGiven: true, atMs: 2_000 + n }))
    const taken = many.map((pair, n) => ({ ...pair, isGiven: false, atMs: 20_000 + n }))
    const recorded = { differences: [...given, ...taken], held: [] }
    expect((await readAll(sourceOf({ licenseId }, recorded))).map(plain)).toEqual(
      foldAll({ licenseId }, recorded),
    )
  })

  test('what was done outside says after when, at either end', async () => {
    const pair = { userId: '0a', licenseId: 'cloudCX3', by: 'outside' } as const
    const differences = [
      { ...pair, isGiven: true, atMs: 3_000, afterMs: 2_000 },
      { ...pair, isGiven: false, atMs: 5_000, afterMs: 4_000 },
    ]
    const [holding] = await readAll(sourceOf({ userId: '0a' }, { differences, held: [] }))
    expect(holding).toEqual({
      userId: '0a',
      licenseId: 'cloudCX3',
      name: 'Name 0a',
      email: '0a@example.com',
      fromMs: 3_000,
      fromAfterMs: 2_000,
      by: 'outside',
      untilMs: 5_000,
      untilAfterMs: 4_000,
      endedBy: 'outside',
    })
  })

  test('somebody whom the newest reading does not know has no name, and is there', async () => {
    const differences = [
      { userId: 'ff', licenseId: 'cloudCX3', isGiven: false, atMs: 3_000, by: 'outside' },
    ] as const
    const [holding] = await readAll(sourceOf({ userId: 'FF' }, { differences, held: [] }))
    expect(holding).toMatchObject({ userId: 'ff', by: 'before records', untilMs: 3_000 })
    expect(holding?.name).toBeUndefined()
  })

  test('a cursor of another list, and one that is made up, are refused', async () => {
    const held = users.map((userId) => ({ userId, licenseId: 'cloudCX3' }))
    const source = (licenseId: string) => sourceOf({ licenseId }, { differences: [], held })
    const { next } = await holdingsPageOf(source('cloudCX3'), { limit: 1 })
    for (const cursor of [next, 'AAAA']) {
      const page = holdingsPageOf(source('cloudCX1'), { limit: 1, cursor })
      await expect(page).rejects.toMatchObject({ code: 'bad.request' })
    }
  })
})

describe('a page of a license with 100,000 holders and 50,000 differences', () => {
  const limit = 25

  test('asks twice for differences where it is the first, and once besides for each pair where it goes on', async () => {
    const { source, queries } = longHistory({ isLostLate: false })
    const first = await holdingsPageOf(source, { limit })
    expect([first.holdings.length, queries()]).toEqual([limit, 2])
    const second = await holdingsPageOf(source, { limit, cursor: first.next })
    expect(second.holdings).toHaveLength(limit)
    expect(queries()).toBeLessThanOrEqual(2 + 1 + 2 * limit)
  })

  test('asks no more where as many as are kept have lost it since', async () => {
    const { source, queries } = longHistory({ isLostLate: true })
    const { holdings } = await holdingsPageOf(source, { limit })
    expect(holdings.map(({ untilMs }) => untilMs === undefined)).toEqual(holdings.map((_, n) => n % 2 === 0))
    expect(queries()).toBeLessThanOrEqual(2 * limit)
  })

  test('asks twice where it is of those who held it before records', async () => {
    const { source, queries } = longHistory({ isLostLate: true })
    const position = `${source.firstAtMs} 00000000-0000-4000-8000-000000050000 cloudcx3`
    const cursor = cursorOf(['holdings', null, 'cloudcx3'], position)
    const { holdings } = await holdingsPageOf(source, { limit, cursor })
    expect(holdings.map(({ by: who }) => who)).toEqual(Array(limit).fill('before records'))
    expect(holdings[0]).toMatchObject({ userId: '00000000-0000-4000-8000-000000050001', untilMs: 90_050_001 })
    expect(queries()).toBe(2)
  })
})
