/** The journal's rows by whom they are about, each in its order. */
import type { JournalRow } from '../changes/record/pair-journal.ts'
import { foldId } from './inventory-person.ts'
import type { PairRow } from './pair-timeline.ts'

/** By folded license id; the first row's way of writing it. */
export type RowsOfUser = ReadonlyMap<
  string,
  { readonly licenseId: string; readonly rows: readonly PairRow[] }
>

/** @param rows the earliest first. @returns by folded user id. Intents say that nothing was seen, and are left out. */
export function groupByUser(rows: readonly JournalRow[]): Map<string, RowsOfUser> {
  const users = new Map<string, Map<string, { licenseId: string; rows: PairRow[] }>>()
  for (const { changeId, atMs, isIntent, pairs } of rows) {
    if (isIntent) continue
    for (const { userId, licenseId, isHeld, wasHeld, wanted } of pairs) {
      const ofUser = users.get(foldId(userId)) ?? new Map<string, { licenseId: string; rows: PairRow[] }>()
      users.set(foldId(userId), ofUser)
      const ofPair = ofUser.get(foldId(licenseId)) ?? { licenseId, rows: [] }
      ofUser.set(foldId(licenseId), ofPair)
      ofPair.rows.push({ changeId, atMs, isHeld, wasHeld, wanted })
    }
  }
  return users
}
