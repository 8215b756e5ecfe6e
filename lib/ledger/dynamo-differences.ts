/** Who was given and who lost what: a row each that stays, found by time, by user and by license with strongly consistent queries. */
import * as z from 'zod/mini'
import type { Difference } from '../inventory/inventory-port.ts'
import type { ReadingStore } from '../inventory/reading-store.ts'
import { differenceKeys, differenceMonths, differencePks, type Item, listBounds } from './table/keys.ts'
import type { Store } from './table/store.ts'

type DifferenceRows = Pick<ReadingStore, 'putDifferences' | 'differences' | 'differencesOf'>

const Stored = z.object({
  schema: z.literal(1),
  userId: z.string(),
  licenseId: z.string(),
  isGiven: z.boolean(),
  atMs: z.number(),
  afterMs: z.optional(z.number()),
  /** Absent of what was done outside. */
  changeId: z.optional(z.string()),
})

export function differenceRows(store: Store): DifferenceRows {
  return {
    async putDifferences(differences) {
      await store.putAll(differences.flatMap(itemsOf))
    },

    async *differences(fromMs, toMs) {
      const { lower, upper } = listBounds(fromMs, toMs - 1)
      for (const pk of differenceMonths(fromMs, toMs - 1))
        for await (const item of store.range({ pk, lower, upper })) yield* differenceOf(item)
    },

    async *differencesOf(of, beforeMs) {
      const pk = 'userId' in of ? differencePks.user(of.userId) : differencePks.license(of.licenseId)
      const { lower, upper } = listBounds(0, beforeMs === undefined ? undefined : beforeMs - 1)
      for await (const item of store.range({ pk, lower, upper, isNewestFirst: true }))
        yield* differenceOf(item)
    },
  }
}

function itemsOf(difference: Difference): Item[] {
  const { by, ...rest } = difference
  const changeId = by === 'outside' ? undefined : by.changeId
  return differenceKeys(difference).map((key) => ({ ...key, schema: 1, ...rest, changeId }))
}

/** A row of another version says nothing that this one can tell. */
function differenceOf(item: Item): Difference[] {
  const { data } = Stored.safeParse(item)
  if (data === undefined) return []
  const { schema: _schema, changeId, ...rest } = data
  return [{ ...rest, by: changeId === undefined ? 'outside' : { changeId } }]
}
