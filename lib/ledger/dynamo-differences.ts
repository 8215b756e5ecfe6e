/** Who was given and who lost what: rows that stay, found by time, by user, by license and by pair with strongly consistent queries. */
import * as z from 'zod/mini'
import type { Difference } from '../inventory/inventory-port.ts'
import type { ReadingStore } from '../inventory/reading-store.ts'
import {
  differenceKeys,
  differenceMonths,
  differencePks,
  type Item,
  kindBounds,
  listBounds,
  pairBounds,
  pairsAfter,
} from './table/keys.ts'
import type { Range, Store } from './table/store.ts'

type DifferenceRows = Pick<ReadingStore, 'putDifferences' | 'recorded'>

const Stored = z.object({
  schema: z.literal(1),
  userId: z.string(),
  licenseId: z.string(),
  isGiven: z.boolean(),
  atMs: z.number(),
  afterMs: z.optional(z.number()),
  notedAtMs: z.number(),
  /** Absent of what was done outside. */
  changeId: z.optional(z.string()),
})

export function differenceRows(store: Store): DifferenceRows {
  return {
    async putDifferences(differences, notedAtMs) {
      await store.putAll(differences.flatMap((each) => itemsOf(each, notedAtMs)))
    },

    recorded(notedToMs) {
      async function* rowsOf(range: Range): AsyncGenerator<Difference, void, void> {
        for await (const item of store.range(range)) yield* differenceOf(item, notedToMs)
      }
      return {
        async *between(fromMs, toMs) {
          const bounds = listBounds(fromMs, toMs - 1)
          for (const pk of differenceMonths(fromMs, toMs - 1)) yield* rowsOf({ pk, ...bounds })
        },
        of({ userId, licenseId }, isGiven, toMs) {
          const pk = userId === undefined ? differencePks.license(licenseId) : differencePks.user(userId)
          return rowsOf({ pk, ...kindBounds(isGiven, toMs), isNewestFirst: true })
        },
        ofPair: ({ userId, licenseId }, fromMs) =>
          rowsOf({ pk: differencePks.pairs(licenseId), ...pairBounds(userId, fromMs) }),
        byUser: (licenseId, afterUserId = '') =>
          rowsOf({ pk: differencePks.pairs(licenseId), lower: pairsAfter(afterUserId) }),
      }
    },
  }
}

function itemsOf(difference: Difference, notedAtMs: number): Item[] {
  const { by, ...rest } = difference
  const changeId = by === 'outside' ? undefined : by.changeId
  return differenceKeys(difference).map((key) => ({ ...key, schema: 1, ...rest, notedAtMs, changeId }))
}

/** A row of another version says nothing that this one can tell. */
function differenceOf(item: Item, notedToMs: number): Difference[] {
  const { data } = Stored.safeParse(item)
  if (data === undefined || data.notedAtMs > notedToMs) return []
  const { schema: _schema, notedAtMs: _noted, changeId, ...rest } = data
  return [{ ...rest, by: changeId === undefined ? 'outside' : { changeId } }]
}
