/**
 * A reading that was read whole is put in order: people by their ids, with names beside licenses, compared with the last
 * whole reading shard by shard. What comes of it is kept before any of it is made known, so that doing the rest again
 * after a crash does the same.
 */
import { type JournalRow, journalStartOf } from '../../changes/record/pair-journal.ts'
import { comparePerson, type LookedAt } from '../compare-person.ts'
import { foldId, type InventoryPerson } from '../inventory-person.ts'
import type { Difference } from '../inventory-port.ts'
import { bytesOf, eachPerson } from '../load-people.ts'
import {
  type DirectoryRow,
  packDifferences,
  packPeople,
  unpackDirectory,
  unpackLicensePages,
} from '../pack-reading.ts'
import { groupByUser } from '../pair-rows.ts'
import type {
  ComposedReading,
  CurrentReading,
  ReadingHead,
  ReadingStore,
  Shard,
  StoredBytes,
} from '../reading-store.ts'

/** People of a shard: some 100 to 200 kB, so that who looks for one reads one item. */
const PEOPLE_A_SHARD = 2_500

/** Differences that are kept together. */
const DIFFERENCES_A_PIECE = 10_000

/** What the two walks have found of whom, by folded id. */
export interface WalksFound {
  readonly licenses: ReadonlyMap<string, FoundLicenses>
  readonly directory: ReadonlyMap<string, DirectoryRow>
  /** Every page of the last page's count, with as many different people as its total, of both walks. */
  readonly isWhole: boolean
}

interface FoundLicenses extends LookedAt {
  readonly id: string
}

/** @throws GatewayError `ledger.unavailable` where what was kept of it is there no longer. */
export async function loadWalks(store: ReadingStore, reading: CurrentReading): Promise<WalksFound> {
  const { slot, licenses: licensesWalk, directory: directoryWalk } = reading
  const licenses = new Map<string, FoundLicenses>()
  for (const [n, piece] of licensesWalk.pieces.entries()) {
    const pages = await unpackLicensePages(await bytesOf(store, { slot, of: 'licenses', n }, piece))
    for (const { askedAtMs, answeredAtMs, users } of pages)
      for (const { id, licenses: held } of users) {
        // Who comes twice moved from one page to another: the earlier look counts, as in every walk.
        if (!licenses.has(foldId(id)))
          licenses.set(foldId(id), { id, licenses: held, askedAtMs, answeredAtMs })
      }
  }
  const directory = new Map<string, DirectoryRow>()
  for (const [n, piece] of directoryWalk.pieces.entries()) {
    const rows = await unpackDirectory(await bytesOf(store, { slot, of: 'directory', n }, piece))
    for (const row of rows) if (!directory.has(foldId(row.id))) directory.set(foldId(row.id), row)
  }
  const isWhole =
    licenses.size === (licensesWalk.total ?? licenses.size) &&
    directory.size === (directoryWalk.total ?? directory.size)
  return { licenses, directory, isWhole }
}

interface Composing {
  readonly store: ReadingStore
  readonly reading: CurrentReading
  readonly fencingToken: number
  readonly before: ReadingHead | undefined
  /** The journal since `before.journalFromMs`, the earliest first. */
  readonly rows: readonly JournalRow[]
  /** Epoch milliseconds. */
  readonly nowMs: number
}

/** @throws GatewayError `general.conflict` where another has taken over. */
export async function composeReading(
  { licenses, directory }: WalksFound,
  { store, reading, fencingToken, before, rows, nowMs }: Composing,
): Promise<ComposedReading> {
  const { slot, beganAtMs } = reading
  const counts = new Map<string, number>()
  const shards: Shard[] = []
  const differences: Difference[] = []
  let journalFromMs = journalStartOf(beganAtMs)
  let people = 0
  let missing = 0
  let part: InventoryPerson[] = []
  const storePart = async () => {
    const [first] = part
    if (!first) return
    const bytes = await packPeople(part, beganAtMs)
    const stored = await store.putBytes({ slot, of: 'people', n: shards.length }, bytes, fencingToken)
    shards.push({ ...stored, firstId: foldId(first.id), people: part.length })
    part = []
  }

  const byUser = groupByUser(rows)
  const ids = [...new Set([...licenses.keys(), ...directory.keys(), ...byUser.keys()])].sort()
  const earlier = before ? eachPerson(store, before) : nobody()
  let old = await earlier.next()
  const queue = ids.values()
  const nextId = (): string | undefined => queue.next().value
  for (let id = nextId(); id !== undefined || !old.done; ) {
    const oldId = old.done ? undefined : foldId(old.value.id)
    const who: string = oldId === undefined || (id !== undefined && id < oldId) ? (id ?? '') : oldId
    const { person, differences: told } = comparePerson({
      id: who,
      old: oldId === who && !old.done ? old.value : undefined,
      found: licenses.get(who),
      known: directory.get(who),
      rows: byUser.get(who) ?? new Map(),
      isFirst: before === undefined,
      sinceMs: before?.beganAtMs ?? beganAtMs,
      endedAtMs: reading.licenses.answeredAtMs ?? nowMs,
    })
    for (const difference of told) differences.push(difference)
    if (person) {
      part.push(person)
      people += 1
      if (person.isMissing) missing += 1
      for (const license of person.licenses) counts.set(license, (counts.get(license) ?? 0) + 1)
      journalFromMs = Math.min(
        journalFromMs,
        journalStartOf(person.seenAtMs),
        ...(person.contested ?? []).map(({ fromMs }) => fromMs),
      )
      if (part.length === PEOPLE_A_SHARD) await storePart()
    }
    if (id === who) id = nextId()
    if (oldId === who) old = await earlier.next()
  }
  await storePart()
  for (const { licenseId } of before?.counts ?? []) if (!counts.has(licenseId)) counts.set(licenseId, 0)
  return {
    head: {
      id: reading.id,
      slot,
      beganAtMs,
      endedAtMs: nowMs,
      readToMs: reading.licenses.answeredAtMs ?? nowMs,
      journalFromMs,
      recordsFromMs: before?.recordsFromMs ?? beganAtMs,
      people,
      missing,
      counts: [...counts].sort().map(([licenseId, held]) => ({ licenseId, held })),
      shards,
    },
    differences: await storeDifferences(store, reading.id, fencingToken, differences),
  }
}

async function storeDifferences(
  store: ReadingStore,
  readingId: string,
  fencingToken: number,
  differences: readonly Difference[],
): Promise<StoredBytes[]> {
  const pieces: StoredBytes[] = []
  for (let start = 0; start < differences.length; start += DIFFERENCES_A_PIECE) {
    const bytes = await packDifferences(differences.slice(start, start + DIFFERENCES_A_PIECE))
    pieces.push(await store.putBytes({ readingId, of: 'differences', n: pieces.length }, bytes, fencingToken))
  }
  return pieces
}

async function* nobody(): AsyncGenerator<InventoryPerson, void, void> {}
