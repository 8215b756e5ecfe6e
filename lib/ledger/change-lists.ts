import type { ChangeState, Header } from '../changes/change.ts'
import type { Ledger, ListFilter } from '../changes/ledger.ts'
import { changeIdOf, headerKey, listPkOf, listPks, planRowOf } from './keys.ts'
import { newestFirst } from './listing.ts'
import { DUE_PK, headerOf, ifKnown } from './records.ts'
import type { Item, Store } from './store.ts'
import { table } from './table.ts'

type ChangeLists = Pick<Ledger, 'due' | 'open' | 'list'>

/** In the order in which a change takes them, so that one that moves on meanwhile is met again, and not missed. */
const openStates: readonly ChangeState[] = ['PLANNED', 'APPROVED', 'CLAIMED', 'SENT', 'UNKNOWN']

/** Headers read at once. */
const MAX_ROWS = 100

export function changeLists(store: Store): ChangeLists {
  async function headers(rows: readonly Item[]): Promise<(Header | undefined)[]> {
    const items = await store.getAll(rows.map((row) => headerKey(changeIdOf(row))))
    return rows.map(({ pk }) => ifKnown(headerOf, items.get(pk)))
  }

  return {
    async due(nowMs, limit) {
      const { name, partitionKey, sortKey } = table.indexes.due
      const { items } = await store.query({
        index: name,
        expression: '#pk = :pk AND #at <= :now',
        names: { '#pk': partitionKey, '#at': sortKey },
        values: { ':pk': DUE_PK, ':now': nowMs },
        isNewestFirst: false,
        limit,
      })
      return items.map(changeIdOf)
    },

    async open() {
      const found = new Map<string, Header>()
      for (const state of openStates) {
        let startKey: Item | undefined
        do {
          const { items, lastKey } = await store.query({
            index: table.indexes.list.name,
            expression: '#pk = :pk',
            names: { '#pk': table.indexes.list.partitionKey },
            values: { ':pk': listPks.state(state) },
            isNewestFirst: true,
            limit: MAX_ROWS,
            ...(startKey && { startKey }),
          })
          for (const header of await headers(items)) {
            const isOpen = header && openStates.includes(header.state)
            if (isOpen && (header.state !== 'PLANNED' || header.isReleased)) found.set(header.id, header)
          }
          startKey = lastKey
        } while (startKey)
      }
      return [...found.values()]
    },

    async list({ filter, ...query }) {
      const { found, ...rest } = await newestFirst(
        store,
        { listPk: listPkOf(filter), ...query },
        async (rows) => {
          const read = await headers(rows)
          return rows.map((row, index) => fitting(row, read[index], filter))
        },
      )
      return { headers: found, ...rest }
    },
  }
}

/** An index is behind the records, and has rows of creations that lost; the header decides. */
function fitting(row: Item, header: Header | undefined, filter: ListFilter): Header | undefined {
  const planRow = planRowOf(row)
  const fits = planRow === undefined ? isIn(filter, header) : header?.planRow === planRow
  return fits ? header : undefined
}

function isIn(filter: ListFilter, header: Header | undefined): boolean {
  return filter.by === 'state' && header?.state === filter.state
}
