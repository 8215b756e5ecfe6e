/**
 * The journal on the ledger's table: partitions of their own, a month each, read from a time on by a query of the table
 * itself, which shows what has been put. Each row is an item of its own, put once.
 */
import * as z from 'zod/mini'
import { randomId } from '../changes/model/record-ids.ts'
import type { Ledger } from '../changes/record/ledger.ts'
import type { JournalRow, PairSeen } from '../changes/record/pair-journal.ts'
import type { Item } from './table/keys.ts'
import { journalKey, journalPks, journalStart } from './table/keys.ts'
import type { Store } from './table/store.ts'

const users = z.optional(z.array(z.string()))

/** By license, so that its id stands once and not beside each of up to 500 users. */
const Stored = z.object({
  schema: z.literal(1),
  changeId: z.string(),
  atMs: z.number(),
  sequence: z.int(),
  isIntent: z.optional(z.boolean()),
  licenses: z.record(z.string(), z.object({ held: users, lacking: users, unknown: users })),
})
type Licenses = z.output<typeof Stored>['licenses']

/** @param name of the evidence row beside it, which no other write has. */
export function journalItem(row: JournalRow, name: string): Item {
  const { pairs, ...head } = row
  return { ...journalKey(row, name), schema: 1, ...head, licenses: licensesOf(pairs) }
}

export function journal(store: Store): Pick<Ledger, 'addJournal' | 'journal'> {
  return {
    async addJournal(row) {
      await store.put(journalItem(row, randomId()))
    },

    async journal(fromMs, toMs) {
      const sk = journalStart(fromMs)
      const months = await Promise.all(journalPks(fromMs, toMs).map((pk) => store.from({ pk, sk })))
      return months.flat().flatMap(journalRowsOf)
    },
  }
}

function licensesOf(pairs: readonly PairSeen[]): Licenses {
  const licenses = new Map<string, Record<'held' | 'lacking' | 'unknown', string[]>>()
  for (const { licenseId, userId, isHeld } of pairs) {
    const seen = licenses.get(licenseId) ?? { held: [], lacking: [], unknown: [] }
    licenses.set(licenseId, seen)
    seen[isHeld === undefined ? 'unknown' : isHeld ? 'held' : 'lacking'].push(userId)
  }
  return Object.fromEntries(licenses)
}

/** A row of another version says nothing that this one can count with. */
function journalRowsOf(item: Item): JournalRow[] {
  const { data } = Stored.safeParse(item)
  if (data === undefined) return []
  const { changeId, atMs, sequence, isIntent, licenses } = data
  const pairs = Object.entries(licenses).flatMap(([licenseId, { held = [], lacking = [], unknown = [] }]) => [
    ...held.map((userId) => ({ licenseId, userId, isHeld: true })),
    ...lacking.map((userId) => ({ licenseId, userId, isHeld: false })),
    ...unknown.map((userId) => ({ licenseId, userId, isHeld: undefined })),
  ])
  return [{ changeId, atMs, sequence, isIntent, pairs }]
}
