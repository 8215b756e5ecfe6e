/**
 * The history of a license with 100,000 holders and 50,000 differences, made as it is asked for, so that nothing of it is in
 * memory but what the code under test keeps: of each eight people two were given it, one of them lost it again, and one
 * other who had held it before lost it. What is read is counted.
 */
import { differencesOnRecord } from '../../../lib/inventory/histories/differences-on-record.ts'
import type { HoldingsSource } from '../../../lib/inventory/histories/holdings.ts'
import type { Difference, Pair } from '../../../lib/inventory/inventory-port.ts'
import type { RecordedDifferences } from '../../../lib/inventory/reading-store.ts'
import { userOf } from '../../../lib/people/user.ts'

const PEOPLE = 100_000
const licenseId = 'cloudCX3'

/** What DynamoDB reads in one query, 1 MB, of rows of some 250 bytes. */
const ROWS_A_QUERY = 4_000

export interface LongHistory {
  readonly source: HoldingsSource
  /** How many queries of differences there were. */
  readonly queries: () => number
}

/** @param isLostLate all who lost it did so after the last had been given it; else soon after they were. */
export function longHistory({ isLostLate }: { readonly isLostLate: boolean }): LongHistory {
  const numbers = (from: number) => Array(PEOPLE - from).keys()
  let queries = 0
  async function* counted(differences: Iterable<Difference>): AsyncGenerator<Difference> {
    let rows = 0
    queries += 1
    for (const each of differences) {
      if (rows++ === ROWS_A_QUERY) [rows, queries] = [1, queries + 1]
      yield each
    }
  }
  const rowsOf = (n: number): Difference[] => {
    const pair: Pair = { userId: idOf(n), licenseId }
    const givenAtMs = 10_000_000 + 10 * n
    const given = { ...pair, isGiven: true, atMs: givenAtMs, by: 'outside' } as const
    const atMs = isLostLate ? 90_000_000 + n : givenAtMs + 5
    const taken = { ...pair, isGiven: false, atMs, by: { changeId: `change-${n}` } }
    return [...(n % 4 === 0 ? [given] : []), ...(isLost(n) ? [taken] : [])]
  }
  function* everyRow(
    order: 'first' | 'last',
    from: number,
    isWanted: (each: Difference) => boolean = () => true,
  ) {
    for (const n of numbers(from))
      yield* rowsOf(order === 'first' ? from + n : PEOPLE - 1 - n).filter(isWanted)
  }
  const recorded: RecordedDifferences = {
    between: () => counted([]),
    of: (_license, isGiven, toMs = Number.POSITIVE_INFINITY) =>
      counted(everyRow('last', 0, (each) => each.isGiven === isGiven && each.atMs <= toMs)),
    ofPair: ({ userId }, fromMs) => counted(rowsOf(numberOf(userId)).filter(({ atMs }) => atMs >= fromMs)),
    byUser: (_license, afterUserId) =>
      counted(everyRow('first', afterUserId === undefined ? 0 : numberOf(afterUserId) + 1)),
  }
  const userAt = (n: number) => {
    const id = idOf(n)
    return userOf(id, { id, name: `Name ${n}`, email: `${n}@example.com` }, isLost(n) ? [] : [licenseId])
  }
  return {
    queries: () => queries,
    source: {
      ...{ asOfMs: 100_000_000, isWhole: true, of: { licenseId }, firstAtMs: 1_000 },
      ...differencesOnRecord({ licenseId }, recorded, []),
      async *holders(afterId) {
        const from = afterId === undefined ? 0 : numberOf(afterId) + 1
        for (const n of numbers(from)) yield userAt(from + n)
      },
      people: async (ids) => new Map([...ids].map((id) => [id, userAt(numberOf(id))])),
    },
  }
}

const isLost = (n: number) => n % 8 < 2
const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const numberOf = (id: string) => Number(id.slice(-12))
