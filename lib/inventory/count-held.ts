/** How many hold each license, by a reading and by what the gateway has settled since: sets, so that nothing counts twice. */
import { holdingOf, type JournalRow } from '../changes/record/pair-journal.ts'
import { loadPeople } from './find-people.ts'
import { foldId, type InventoryPerson } from './inventory-person.ts'
import type { HeldCount } from './inventory-port.ts'
import { groupByUser, type RowsOfUser } from './pair-rows.ts'
import type { ReadingHead, ReadingStore } from './reading-store.ts'

/** @param rows the journal since `head.journalFromMs`, the earliest first. Where it has none, nothing else is read. */
export async function countHeld(
  store: ReadingStore,
  head: ReadingHead,
  rows: readonly JournalRow[],
): Promise<readonly HeldCount[]> {
  const counts = new Map(
    head.counts.map(({ licenseId, held }) => [foldId(licenseId), { licenseId, held, unknown: 0 }]),
  )
  const byUser = groupByUser(rows)
  const people = await loadPeople(store, head, byUser.keys())
  for (const [id, ofUser] of byUser) {
    for (const pair of pairsSince(people.get(id), head, ofUser)) {
      if (pair.isHeld === pair.wasHeld) continue
      const { licenseId } = pair
      const count = counts.get(foldId(licenseId)) ?? { licenseId, held: 0, unknown: 0 }
      counts.set(foldId(licenseId), count)
      if (pair.wasHeld) count.held -= 1
      if (pair.isHeld) count.held += 1
      if (pair.isHeld === undefined) count.unknown += 1
    }
  }
  return [...counts.values()].sort((a, b) => (a.licenseId < b.licenseId ? -1 : 1))
}

/** One pair that the journal has rows on: by its page, and by all that is known. */
export interface PairSince {
  readonly licenseId: string
  readonly wasHeld: boolean
  /** Undefined where it is not known. */
  readonly isHeld: boolean | undefined
}

/** @param person as the reading has them; undefined where it does not: then they held nothing when it began. */
export function* pairsSince(
  person: InventoryPerson | undefined,
  { beganAtMs }: Pick<ReadingHead, 'beganAtMs'>,
  rows: RowsOfUser,
): Generator<PairSince, void, void> {
  const licenses = person?.licenses ?? []
  const atMs = person?.seenAtMs ?? beganAtMs
  for (const [folded, { licenseId, rows: ofPair }] of rows) {
    const own = licenses.find((each) => foldId(each) === folded)
    const wasHeld = own !== undefined
    const isContested = person?.contested?.some((each) => foldId(each.licenseId) === folded)
    yield {
      licenseId: own ?? licenseId,
      wasHeld,
      isHeld: holdingOf({ isHeld: wasHeld, atMs, isContested }, ofPair.at(-1)),
    }
  }
}
