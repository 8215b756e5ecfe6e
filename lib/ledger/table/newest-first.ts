/** Pages of a list, newest first: an index finds candidates, the records themselves decide. */
import { cursorOf, positionOf } from '../../cursor.ts'
import type { Item } from './keys.ts'
import { listBounds } from './keys.ts'
import type { Store } from './store.ts'
import { table } from './table.ts'

/** Rounds for one page: where hardly anything that the index finds still fits, the caller goes on from `next`. */
const MAX_ROUNDS = 10

/** Records are read in one batch, and DynamoDB's has at most 100. */
const MAX_ROWS = 100

export interface Listing {
  /** The lists that are merged, each by time. */
  readonly lists: readonly string[]
  /** All that says which list it is to whoever holds a cursor. */
  readonly of: readonly unknown[]
  /** Whether few of the candidates are likely to fit: then many are looked at together. */
  readonly isSparse?: boolean | undefined
  readonly fromMs?: number | undefined
  readonly toMs?: number | undefined
  readonly limit: number
  readonly cursor?: string | undefined
}

interface QueryPage<T> {
  readonly found: readonly T[]
  readonly next?: string | undefined
}

/**
 * @param read reads what index rows stand for; undefined for each that is not in the list any more.
 * @throws GatewayError `bad.request` for a cursor of another list.
 */
export async function pageNewestFirst<T>(
  store: Store,
  { lists, of, isSparse = false, fromMs, toMs, limit, cursor }: Listing,
  read: (rows: readonly Item[]) => Promise<readonly (T | undefined)[]>,
): Promise<QueryPage<T>> {
  const list = [store.tableName, of, fromMs ?? null, toMs ?? null]
  const { lower, upper } = listBounds(fromMs, toMs)
  const found: T[] = []
  let position = cursor === undefined ? undefined : positionOf(list, cursor)
  for (let rounds = 1; rounds <= MAX_ROUNDS; rounds++) {
    // With one more than asked for it is known that there is a next page.
    const wanted = isSparse ? MAX_ROWS : Math.min(limit - found.length + 1, MAX_ROWS)
    const { rows, isEnd } = await mergeLists(store, { lists, lower, upper, after: position, wanted })
    const values = await read(rows)
    for (const [index, { listSk }] of rows.entries()) {
      const value = values[index]
      if (value !== undefined && found.length === limit) return { found, next: nextOf(position) }
      if (value !== undefined) found.push(value)
      position = String(listSk)
    }
    if (isEnd) return { found }
  }
  return { found, next: nextOf(position) }

  function nextOf(last: string | undefined) {
    return last === undefined ? undefined : cursorOf(list, last)
  }
}

interface QueryRound {
  readonly lists: readonly string[]
  readonly lower: string
  readonly upper: string
  /** Where the round before ended. */
  readonly after: string | undefined
  readonly wanted: number
}

/** The next rows of several lists in one order. @returns at most as many as wanted. */
async function mergeLists(
  store: Store,
  { lists, lower, upper, after, wanted }: QueryRound,
): Promise<{ readonly rows: readonly Item[]; readonly isEnd: boolean }> {
  const from = after ?? upper
  if (from < lower) return { rows: [], isEnd: true }
  // The row that the round before ended with is found again.
  const limit = wanted + (after === undefined ? 0 : 1)
  const pages = await Promise.all(
    lists.map((listPk) => store.query({ ...listQueryOf(listPk, lower, from), limit })),
  )
  // Of a list that goes on, what is older than the last that was read of it is not known yet.
  const known = pages.flatMap(({ lastKey }) => (lastKey ? [String(lastKey['listSk'])] : []))
  const oldest = known.reduce((newest, each) => (each > newest ? each : newest), '')
  const all = pages
    .flatMap(({ items }) => items)
    .filter(({ listSk }) => listSk !== after && String(listSk) >= oldest)
    .sort((a, b) => (String(a['listSk']) < String(b['listSk']) ? 1 : -1))
  // While it moves from one state to another, an index may show a record in both.
  const rows = all.filter((row, index) => row['listSk'] !== all[index - 1]?.['listSk']).slice(0, wanted)
  return { rows, isEnd: known.length === 0 && rows.length === all.length }
}

function listQueryOf(listPk: string, lower: string, upper: string) {
  const { name, partitionKey, sortKey } = table.indexes.list
  return {
    index: name,
    expression: '#pk = :pk AND #sk BETWEEN :lower AND :upper',
    names: { '#pk': partitionKey, '#sk': sortKey },
    values: { ':pk': listPk, ':lower': lower, ':upper': upper },
    isNewestFirst: true,
  }
}
