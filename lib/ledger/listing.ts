/** Pages of a list, newest first: an index finds candidates, the records themselves decide. */
import { cursorOf, positionOf } from '../cursor.ts'
import { listBounds } from './keys.ts'
import type { Item, Store } from './store.ts'
import { table } from './table.ts'

/** Queries for one page: where hardly anything that the index finds still fits, the caller goes on from `next`. */
const MAX_QUERIES = 10

/** Records are read in one batch, and DynamoDB's has at most 100. */
const MAX_ROWS = 100

export interface Listing {
  readonly listPk: string
  readonly fromMs?: number
  readonly toMs?: number
  readonly limit: number
  readonly cursor?: string
}

interface Page<T> {
  readonly found: readonly T[]
  readonly next?: string
}

/**
 * @param read reads what index rows stand for; undefined for each that is not in the list any more.
 * @throws GatewayError `bad.request` for a cursor of another list.
 */
export async function newestFirst<T>(
  store: Store,
  { listPk, fromMs, toMs, limit, cursor }: Listing,
  read: (rows: readonly Item[]) => Promise<readonly (T | undefined)[]>,
): Promise<Page<T>> {
  const list = [store.tableName, listPk, fromMs ?? null, toMs ?? null]
  const bounds = listBounds(fromMs, toMs)
  const after = cursor === undefined ? undefined : positionOf(list, cursor)
  const upper = after ?? bounds.upper
  if (upper < bounds.lower) return { found: [] }

  const found: T[] = []
  let position = after
  let startKey: Item | undefined
  for (let queries = 1; queries <= MAX_QUERIES; queries++) {
    const { items, lastKey } = await store.query({
      ...within(listPk, bounds.lower, upper),
      limit: Math.min(limit - found.length + 1, MAX_ROWS),
      ...(startKey && { startKey }),
    })
    const rows = items.filter(({ listSk }) => listSk !== after)
    const values = await read(rows)
    for (const [index, { listSk }] of rows.entries()) {
      const value = values[index]
      // With one more than asked for it is known that there is a next page.
      if (value !== undefined && found.length === limit) return { found, ...nextOf(position) }
      if (value !== undefined) found.push(value)
      position = String(listSk)
    }
    if (!lastKey) return { found }
    startKey = lastKey
  }
  return { found, ...nextOf(position) }

  function nextOf(last: string | undefined) {
    return last === undefined ? {} : { next: cursorOf(list, last) }
  }
}

function within(listPk: string, lower: string, upper: string) {
  const { name, partitionKey, sortKey } = table.indexes.list
  return {
    index: name,
    expression: '#pk = :pk AND #sk BETWEEN :lower AND :upper',
    names: { '#pk': partitionKey, '#sk': sortKey },
    values: { ':pk': listPk, ':lower': lower, ':upper': upper },
    isNewestFirst: true,
  }
}
