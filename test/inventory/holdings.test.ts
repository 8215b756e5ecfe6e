import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { everyHoldingOf, type HoldingsSource, holdingsPageOf } from '../../lib/inventory/holdings.ts'
import type { Difference, HoldingsFilter, NamedHolding } from '../../lib/inventory/inventory-port.ts'
import { type User, userOf } from '../../lib/people/user.ts'

const FIRST_AT_MS = 1_000
const AS_OF_MS = 9_000

const users = ['0a', '0b', '0c', '0d']
const licenses = ['cloudCX1', 'cloudCX3', 'wallboardUser']
const changeIds = ['change-1', 'change-2']

interface Held {
  readonly userId: string
  readonly licenseId: string
}

/** What is on record of those of an org whose user or license is asked for. */
function sourceOf(
  { userId, licenseId }: HoldingsFilter,
  differences: readonly Difference[],
  held: readonly Held[],
): HoldingsSource {
  const isAsked = (pair: Held) =>
    (userId === undefined || pair.userId === userId.toLowerCase()) &&
    (licenseId === undefined || pair.licenseId.toLowerCase() === licenseId.toLowerCase())
  const everybody = users.map((id) =>
    userOf(
      id,
      { id, name: `Name ${id}`, email: `${id}@example.com` },
      held.filter((pair) => pair.userId === id).map((pair) => pair.licenseId),
    ),
  )
  const asked = everybody.filter(({ id }) => userId === undefined || id === userId.toLowerCase())
  return {
    asOfMs: AS_OF_MS,
    isWhole: true,
    firstAtMs: FIRST_AT_MS,
    differences: differences.filter(isAsked),
    async *holders(afterId = '') {
      yield* asked.filter(({ id }) => id > afterId)
    },
    people: async (ids) => {
      const wanted = new Set(ids)
      return new Map(
        everybody.filter(({ id }) => wanted.has(id)).map((user): [string, User] => [user.id, user]),
      )
    },
  }
}

async function readPages(source: HoldingsSource, filter: HoldingsFilter, limit: number) {
  const holdings: NamedHolding[] = []
  let cursor: string | undefined
  do {
    const page = await holdingsPageOf(source, { ...filter, limit, cursor })
    expect(page.holdings.length).toBeLessThanOrEqual(limit)
    holdings.push(...page.holdings)
    cursor = page.next
  } while (cursor !== undefined)
  return holdings
}

async function readAll(source: HoldingsSource, filter: HoldingsFilter) {
  const holdings: NamedHolding[] = []
  for await (const holding of everyHoldingOf(source, filter)) holdings.push(holding)
  return holdings
}

const plain = ({ userId, licenseId, fromMs, untilMs, by, endedBy }: NamedHolding) => ({
  userId,
  licenseId,
  fromMs,
  untilMs,
  by,
  endedBy,
})

interface Step extends Held {
  readonly changeId: string | undefined
}

/** A person turns licenses over, one after the other: each step gives what is not held, and takes what is. */
const histories = fc.record({
  before: fc.subarray(users.flatMap((userId) => licenses.map((licenseId) => ({ userId, licenseId })))),
  steps: fc.array(
    fc.record({
      userId: fc.constantFrom(...users),
      licenseId: fc.constantFrom(...licenses),
      changeId: fc.constantFrom(undefined, ...changeIds),
    }),
    { maxLength: 40 },
  ),
})

/** The same history written down as it happens, pair by pair: the naive truth. */
function liveThrough({ before, steps }: { before: readonly Held[]; steps: readonly Step[] }) {
  const holdings: ReturnType<typeof plain>[] = before.map((pair) => ({
    ...pair,
    fromMs: FIRST_AT_MS,
    untilMs: undefined,
    by: 'before records',
    endedBy: undefined,
  }))
  const differences: Difference[] = []
  for (const [index, { userId, licenseId, changeId }] of steps.entries()) {
    const atMs = FIRST_AT_MS + 1 + index
    const by = changeId === undefined ? 'outside' : { changeId }
    const open = holdings.find(
      (each) => each.userId === userId && each.licenseId === licenseId && each.untilMs === undefined,
    )
    differences.push({ userId, licenseId, isGiven: open === undefined, atMs, by })
    if (open) Object.assign(open, { untilMs: atMs, endedBy: by })
    else holdings.push({ userId, licenseId, fromMs: atMs, untilMs: undefined, by, endedBy: undefined })
  }
  const held = holdings.filter(({ untilMs }) => untilMs === undefined)
  const sorted = holdings.toSorted(
    (a, b) =>
      b.fromMs - a.fromMs || a.userId.localeCompare(b.userId) || a.licenseId.localeCompare(b.licenseId),
  )
  return { holdings: sorted, differences, held }
}

describe('from when until when people have held licenses', () => {
  test('any history comes out as it was, of a user, of a license and of both, in pages of any size and in one go', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories,
        fc.option(fc.constantFrom(...users), { nil: undefined }),
        fc.option(fc.constantFrom(...licenses), { nil: undefined }),
        fc.integer({ min: 1, max: 7 }),
        async (history, userId, licenseId, limit) => {
          const { holdings, differences, held } = liveThrough(history)
          const filter = { userId: userId?.toUpperCase(), licenseId: licenseId?.toUpperCase() }
          const source = sourceOf(filter, differences, held)
          const wanted = holdings.filter(
            (each) =>
              (userId === undefined || each.userId === userId) &&
              (licenseId === undefined || each.licenseId === licenseId),
          )
          const paged = await readPages(source, filter, limit)
          expect(paged.map(plain)).toEqual(wanted)
          expect(paged.every(({ userId, name }) => name === `Name ${userId}`)).toBe(true)
          expect((await readAll(source, filter)).map(plain)).toEqual(wanted)
        },
      ),
    )
  })

  test('a cursor goes on where its page ended, whatever has come since', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories,
        histories.map(({ steps }) => steps),
        fc.integer({ min: 1, max: 7 }),
        async (history, further, limit) => {
          const earlier = liveThrough(history)
          const later = liveThrough({ ...history, steps: [...history.steps, ...further] })
          const first = await holdingsPageOf(sourceOf({}, earlier.differences, earlier.held), { limit })
          fc.pre(first.next !== undefined)
          const source = sourceOf({}, later.differences, later.held)
          const rest = await holdingsPageOf(source, { limit: 100, cursor: first.next })
          const keyOf = ({ userId, licenseId, fromMs }: NamedHolding) => `${userId} ${licenseId} ${fromMs}`
          const all = (await readAll(sourceOf({}, earlier.differences, earlier.held), {})).map(keyOf)
          expect([...first.holdings, ...rest.holdings].map(keyOf)).toEqual(all.slice(0, limit + 100))
        },
      ),
    )
  })

  test('rows that tell again what is known already change nothing', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const { holdings, differences, held } = liveThrough(history)
        const twice = differences.flatMap((each) => [each, { ...each, by: 'outside' as const }])
        const source = sourceOf({}, twice, held)
        expect((await readAll(source, {})).map(plain)).toEqual(holdings)
      }),
    )
  })

  test('what was done outside says after when, at either end', async () => {
    const pair = { userId: '0a', licenseId: 'cloudCX3', by: 'outside' } as const
    const differences = [
      { ...pair, isGiven: true, atMs: 3_000, afterMs: 2_000 },
      { ...pair, isGiven: false, atMs: 5_000, afterMs: 4_000 },
    ]
    const [holding] = await readAll(sourceOf({}, differences, []), {})
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
    const [holding] = await readAll(sourceOf({}, differences, []), {})
    expect(holding).toMatchObject({ userId: 'ff', by: 'before records', untilMs: 3_000 })
    expect(holding?.name).toBeUndefined()
  })

  test('a cursor of another list, and one that is made up, are refused', async () => {
    const { differences, held } = liveThrough({
      before: users.map((userId) => ({ userId, licenseId: 'cloudCX3' })),
      steps: [],
    })
    const source = sourceOf({}, differences, held)
    const { next } = await holdingsPageOf(source, { licenseId: 'cloudCX3', limit: 1 })
    const other = holdingsPageOf(source, { licenseId: 'cloudCX1', limit: 1, cursor: next })
    await expect(other).rejects.toMatchObject({ code: 'bad.request' })
    const madeUp = holdingsPageOf(source, { limit: 1, cursor: 'AAAA' })
    await expect(madeUp).rejects.toMatchObject({ code: 'bad.request' })
  })
})
