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

/** So many may be gone from one whole reading to the next, whatever their share. */
const MANY_GONE = 10

/** As many as that in the directory of one state whom two walks over licenses did not list: Genesys leaves such people out. */
const LEFT_OUT_AT_LEAST = 5

/** What the two walks have found of whom, by folded id. */
export interface WalksFound {
  readonly licenses: ReadonlyMap<string, FoundLicenses>
  readonly directory: ReadonlyMap<string, DirectoryRow>
  /**
   * Of both walks: every page told the same page count and total, and there are as many different people as that total
   * (where there is none: no page but the last was short, and nobody came twice). Most people's licenses were told.
   */
  readonly isWhole: boolean
}

interface FoundLicenses extends LookedAt {
  readonly id: string
}

/** @throws GatewayError `ledger.unavailable` where what was kept of it is there no longer. */
export async function loadWalks(store: ReadingStore, reading: CurrentReading): Promise<WalksFound> {
  const { slot, licenses: licensesWalk, directory: directoryWalk } = reading
  const licenses = new Map<string, FoundLicenses>()
  const listed = new Set<string>()
  let licenseRows = 0
  for (const [n, piece] of licensesWalk.pieces.entries()) {
    const pages = await unpackLicensePages(await bytesOf(store, { slot, of: 'licenses', n }, piece))
    for (const { askedAtMs, answeredAtMs, users } of pages)
      for (const { id, licenses: held } of users) {
        licenseRows += 1
        // Who comes twice moved from one page to another: the earlier look counts, as in every walk.
        if (listed.has(foldId(id))) continue
        listed.add(foldId(id))
        // What they hold was not told, which is not nothing: they are as good as not listed.
        if (held) licenses.set(foldId(id), { id, licenses: distinct(held), askedAtMs, answeredAtMs })
      }
  }
  const directory = new Map<string, DirectoryRow>()
  let directoryRows = 0
  for (const [n, piece] of directoryWalk.pieces.entries()) {
    const rows = await unpackDirectory(await bytesOf(store, { slot, of: 'directory', n }, piece))
    directoryRows += rows.length
    for (const row of rows) if (!directory.has(foldId(row.id))) directory.set(foldId(row.id), row)
  }
  const isWhole =
    !licensesWalk.isUneven &&
    !directoryWalk.isUneven &&
    listed.size === (licensesWalk.total ?? licenseRows) &&
    directory.size === (directoryWalk.total ?? directoryRows) &&
    licenses.size * 2 >= listed.size
  return { licenses, directory, isWhole }
}

/** As they are written first; a page that names one twice, in whatever case, says no more than that it is held. */
function distinct(ids: readonly string[]): readonly string[] {
  return [...new Map(ids.toReversed().map((id) => [foldId(id), id])).values()].reverse()
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

/**
 * @returns undefined where more than half of those who held something are gone: that is not believed of one night.
 * @throws GatewayError `general.conflict` where another has taken over.
 */
export async function composeReading(
  { licenses, directory }: WalksFound,
  { store, reading, fencingToken, before, rows, nowMs }: Composing,
): Promise<ComposedReading | undefined> {
  const { slot, beganAtMs } = reading
  // Each license as the reading before wrote it.
  const counts = new Map(
    (before?.counts ?? []).map(({ licenseId }) => [foldId(licenseId), { licenseId, held: 0 }]),
  )
  const shards: Shard[] = []
  const differences: Difference[] = []
  let journalFromMs = journalStartOf(beganAtMs)
  let people = 0
  let missing = 0
  const holders = { before: 0, gone: 0 }
  const unlisted: Record<string, number> = {}
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
    const oldPerson = oldId === who && !old.done ? old.value : undefined
    const found = licenses.get(who)
    const known = directory.get(who)
    const { person, differences: told } = comparePerson({
      id: who,
      old: oldPerson,
      found,
      known,
      rows: byUser.get(who) ?? new Map(),
      isLeftOut: (before?.unlisted?.[known?.state ?? ''] ?? 0) >= LEFT_OUT_AT_LEAST,
      isFirst: before === undefined,
      sinceMs: before?.beganAtMs ?? beganAtMs,
      endedAtMs: reading.licenses.answeredAtMs ?? nowMs,
    })
    if (oldPerson && oldPerson.licenses.length > 0) {
      holders.before += 1
      if (!found && known?.state !== 'deleted') holders.gone += 1
    }
    for (const difference of told) differences.push(difference)
    if (person) {
      part.push(person)
      people += 1
      if (person.isMissing) missing += 1
      if (person.isUnlisted) unlisted[person.state ?? ''] = (unlisted[person.state ?? ''] ?? 0) + 1
      for (const licenseId of person.licenses) {
        const count = counts.get(foldId(licenseId)) ?? { licenseId, held: 0 }
        count.held += 1
        counts.set(foldId(licenseId), count)
      }
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
  const isNobodyLeft = licenses.size === 0 && holders.before > 0
  if (isNobodyLeft || (holders.gone > MANY_GONE && holders.gone * 2 > holders.before)) return undefined
  await storePart()
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
      unlisted,
      counts: [...counts].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, count]) => count),
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
