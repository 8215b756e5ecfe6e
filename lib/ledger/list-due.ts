/**
 * What is taken back soon, the soonest first. The index of what is due finds candidates: there each change stands by the
 * first thing that time does to it, a reminder perhaps, which is never later than its end. So once the index has been
 * read beyond an end, all that ends before is known.
 */
import { revertDueAtOf } from '../changes/model/due.ts'
import type { Header } from '../changes/model/header.ts'
import type { ListPage, ListQuery } from '../changes/record/ledger.ts'
import { cursorOf, invalidCursor, positionOf } from '../cursor.ts'
import { DUE_PK } from './stored-items.ts'
import type { Item } from './table/keys.ts'
import type { Store } from './table/store.ts'
import { table } from './table/table.ts'

/** Headers are read in one batch, and DynamoDB's has at most 100. */
const MAX_ROWS = 100

/** What a tick could not do stands in the index by when it is tried again: in some ten minutes at most. */
const PUT_OFF_MS = 15 * 60_000

interface Ending {
  readonly header: Header
  readonly endMs: number
}

/**
 * @param read reads what of the index's rows may go back: without what is undone, and what this version does not know.
 * @throws GatewayError `bad.request` for a cursor of another list.
 */
export async function listDue(
  store: Store,
  { nowMs, byMs }: { readonly nowMs: number; readonly byMs: number },
  { limit, cursor }: Pick<ListQuery, 'limit' | 'cursor'>,
  read: (rows: readonly Item[]) => Promise<readonly Header[]>,
): Promise<ListPage> {
  const list = [store.tableName, 'due']
  const after = cursor === undefined ? undefined : placeOf(positionOf(list, cursor))
  const latePutOffMs = nowMs + PUT_OFF_MS
  const { name, partitionKey, sortKey } = table.indexes.due
  const found = new Map<string, Ending>()
  let startKey: Item | undefined
  do {
    const { items, lastKey } = await store.query({
      index: name,
      expression: '#pk = :pk AND #at <= :by',
      names: { '#pk': partitionKey, '#at': sortKey },
      values: { ':pk': DUE_PK, ':by': Math.max(byMs, latePutOffMs) },
      isNewestFirst: false,
      limit: MAX_ROWS,
      startKey,
    })
    for (const header of await read(items)) {
      const endMs = revertDueAtOf(header)
      if (endMs === undefined || endMs > byMs) continue
      const ending = { header, endMs }
      if (after === undefined || compare(after, placeIn(ending)) < 0) found.set(header.id, ending)
    }
    startKey = lastKey
    const readToMs = Number(items.at(-1)?.[sortKey] ?? 0)
    // With one more than asked for it is known that there is a next page.
    const beyond = inOrder(found)[limit]
    if (beyond && readToMs > Math.max(beyond.endMs, latePutOffMs)) break
  } while (startKey)
  const ordered = inOrder(found)
  const page = ordered.slice(0, limit)
  const last = page.at(-1)
  return {
    headers: page.map(({ header }) => header),
    next: last && ordered.length > limit ? cursorOf(list, `${last.endMs}.${last.header.id}`) : undefined,
  }
}

interface Place {
  readonly endMs: number
  readonly id: string
}

const placeIn = ({ header: { id }, endMs }: Ending): Place => ({ endMs, id })

function inOrder(found: ReadonlyMap<string, Ending>): Ending[] {
  return [...found.values()].sort((a, b) => compare(placeIn(a), placeIn(b)))
}

function compare(a: Place, b: Place): number {
  if (a.endMs !== b.endMs) return a.endMs - b.endMs
  return a.id < b.id ? -1 : a.id === b.id ? 0 : 1
}

/** @throws GatewayError `bad.request` */
function placeOf(position: string): Place {
  const [endMs = '', id = ''] = position.split('.')
  if (!/^\d{1,15}$/.test(endMs) || id === '') throw invalidCursor()
  return { endMs: Number(endMs), id }
}
