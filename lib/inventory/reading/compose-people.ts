/** Compares person after person with the last whole reading, and keeps what comes of it as it fills: shards, and pieces of differences. */
import { journalStartOf } from '../../changes/record/pair-journal.ts'
import { comparePerson, type LookedAt } from '../compare-person.ts'
import { foldId, type InventoryPerson } from '../inventory-person.ts'
import type { Difference } from '../inventory-port.ts'
import { packDifferences, packPeople } from '../pack-reading.ts'
import type { RowsOfUser } from '../pair-rows.ts'
import type {
  ComposedReading,
  CurrentReading,
  ReadingHead,
  ReadingStore,
  Shard,
  StoredBytes,
} from '../reading-store.ts'
import type { GatheredPerson } from './merge-walks.ts'
import type { ListedUser } from './pack-walk.ts'

/** People of a shard: some 60 kB, so that who looks for one reads one item. */
const PEOPLE_A_SHARD = 1_000

/** Differences that are kept together, and put on record together. */
const DIFFERENCES_A_PIECE = 2_000

/** So many may be gone from one whole reading to the next, whatever their share. */
const MANY_GONE = 10

/** As many as that in the directory of one state whom two walks over licenses did not list: Genesys leaves such people out. */
const LEFT_OUT_AT_LEAST = 5

interface Composing {
  readonly store: ReadingStore
  readonly reading: CurrentReading
  readonly fencingToken: number
  readonly before: ReadingHead | undefined
  /** The journal since `before.journalFromMs`, by folded id. */
  readonly byUser: ReadonlyMap<string, RowsOfUser>
  /** Epoch milliseconds. */
  readonly nowMs: number
}

/** The journal has nothing on most people. */
const NO_ROWS: RowsOfUser = new Map()

export interface PeopleComposer {
  /** @param people in the order of their keys, and after those before. */
  add(people: Iterable<GatheredPerson>): Promise<void>
  /** @returns undefined where nobody or less than half is left of those who held something: that is not believed of one night. */
  end(): Promise<ComposedReading | undefined>
}

/** Each method throws GatewayError `general.conflict` where another has taken over. */
export function composePeople({
  store,
  reading,
  fencingToken,
  before,
  byUser,
  nowMs,
}: Composing): PeopleComposer {
  const { id: readingId, slot, beganAtMs } = reading
  const readToMs = reading.licenses.answeredAtMs ?? nowMs
  // Each license as the reading before wrote it.
  const counts = new Map(
    (before?.counts ?? []).map(({ licenseId }) => [foldId(licenseId), { licenseId, held: 0 }]),
  )
  const holders = { before: 0, gone: 0, found: 0 }
  const unlisted: Record<string, number> = {}
  let journalFromMs = journalStartOf(beganAtMs)
  let missing = 0

  const shards = keepInPieces<InventoryPerson, Shard>(PEOPLE_A_SHARD, async (people, n) => {
    const bytes = await packPeople(people, beganAtMs)
    const stored = await store.putBytes({ slot, of: 'people', n }, bytes, fencingToken)
    return { ...stored, firstId: foldId(people[0]?.id ?? ''), people: people.length }
  })
  const pieces = keepInPieces<Difference, StoredBytes>(DIFFERENCES_A_PIECE, async (differences, n) =>
    store.putBytes({ readingId, of: 'differences', n }, await packDifferences(differences), fencingToken),
  )

  function compare({ key, listed, known, old }: GatheredPerson) {
    // What they hold was not told, which is not nothing: they are as good as not listed.
    const found = listed && isTold(listed) ? listed : undefined
    const { person, differences } = comparePerson({
      id: key,
      old,
      found,
      known,
      rows: byUser.get(key) ?? NO_ROWS,
      isLeftOut: (before?.unlisted?.[known?.state ?? ''] ?? 0) >= LEFT_OUT_AT_LEAST,
      isFirst: before === undefined,
      sinceMs: before?.beganAtMs ?? beganAtMs,
      endedAtMs: readToMs,
    })
    if (found) holders.found += 1
    if (old && old.licenses.length > 0) {
      holders.before += 1
      if (!found && known?.state !== 'deleted') holders.gone += 1
    }
    for (const difference of differences) pieces.add(difference)
    if (person) count(person)
  }

  function count(person: InventoryPerson) {
    shards.add(person)
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
  }

  return {
    async add(people) {
      for (const each of people) compare(each)
      await shards.keepFull()
      await pieces.keepFull()
    },

    async end() {
      const isNobodyLeft = holders.found === 0 && holders.before > 0
      if (isNobodyLeft || (holders.gone > MANY_GONE && holders.gone * 2 > holders.before)) return undefined
      const differences = await pieces.keepAll()
      const kept = await shards.keepAll()
      const head: ReadingHead = {
        id: readingId,
        slot,
        beganAtMs,
        endedAtMs: nowMs,
        readToMs,
        journalFromMs,
        recordsFromMs: before?.recordsFromMs ?? beganAtMs,
        beforeMs: before?.beganAtMs,
        people: kept.reduce((sum, shard) => sum + shard.people, 0),
        missing,
        unlisted,
        counts: [...counts].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, count]) => count),
        shards: kept,
      }
      return { head, differences }
    },
  }
}

function isTold(listed: ListedUser): listed is ListedUser & LookedAt {
  return listed.licenses !== undefined
}

/** What is added is kept in pieces of so many, and held no longer. */
function keepInPieces<Each, Kept>(
  size: number,
  keep: (each: readonly Each[], n: number) => Promise<Kept>,
): {
  readonly add: (each: Each) => void
  readonly keepFull: () => Promise<void>
  readonly keepAll: () => Promise<readonly Kept[]>
} {
  const kept: Kept[] = []
  let held: Each[] = []
  async function keepFrom(least: number) {
    while (held.length >= least) {
      kept.push(await keep(held.slice(0, size), kept.length))
      held = held.slice(size)
    }
  }
  return {
    add: (each) => held.push(each),
    keepFull: () => keepFrom(size),
    async keepAll() {
      await keepFrom(1)
      return kept
    },
  }
}
