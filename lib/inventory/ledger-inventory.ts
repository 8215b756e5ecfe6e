/** The inventory as the ledger has it: the newest whole reading, with what the journal has seen since counted on top. */
import type { Header } from '../changes/model/header.ts'
import type { KnownPeople } from '../changes/model/policy.ts'
import { CLOCK_ALLOWANCE_MS } from '../changes/model/timing.ts'
import type { JournalRow } from '../changes/record/pair-journal.ts'
import type { Clock } from '../clock.ts'
import { GatewayError } from '../errors.ts'
import { type User, userOf } from '../people/user.ts'
import { askForReading, latestReading, waitingFor } from './ask-for-reading.ts'
import { pendingDifferencesOf } from './compare-person.ts'
import { countHeld, pairsSince } from './count-held.ts'
import { loadPeople, shardOf } from './find-people.ts'
import { differencesOnRecord } from './histories/differences-on-record.ts'
import { everyHoldingOf, type HoldingsSource, holdingsPageOf } from './histories/holdings.ts'
import { readOrigins } from './histories/read-origins.ts'
import { comparePairs, foldId, type InventoryPerson } from './inventory-person.ts'
import type { Dated, Difference, HoldingsOf, Inventory, Sought } from './inventory-port.ts'
import { bytesOf, eachPerson } from './load-people.ts'
import { mergeSorted } from './merge-sorted.ts'
import { unpackDifferences } from './pack-reading.ts'
import { groupByUser, type RowsOfUser } from './pair-rows.ts'
import type { ReadingHead, ReadingStore } from './reading-store.ts'
import { peopleSearched, type SearchKept, searchedPartsOf } from './search-people.ts'

/** In the place of a reading's id. */
const LATEST = 'latest'

/** The first reading is begun within the minute, and takes one for each 120 people or so. */
const RETRY_AFTER_SECONDS = 60

export interface InventorySource {
  readonly store: ReadingStore
  readonly journal: (fromMs: number, toMs: number) => Promise<readonly JournalRow[]>
  /** Heads of those of the changes that there are. */
  readonly changes: (ids: readonly string[]) => Promise<readonly Header[]>
  /** Who asked for them is called as these are; by the short names and ids of the record where it is absent. */
  readonly known?: KnownPeople
  readonly clock: Pick<Clock, 'nowMs'>
  /** Where searches keep what they have looked through; without it each reads it again. */
  readonly kept?: SearchKept
}

/** A reading, and what the journal has beside it. */
export interface ReadingStanding {
  readonly head: ReadingHead
  readonly rows: readonly JournalRow[]
}

/** @throws GatewayError `reading.unavailable` before the first whole reading. */
export async function readStanding({ store, journal, clock }: InventorySource): Promise<ReadingStanding> {
  const head = await store.head()
  if (!head) {
    throw new GatewayError(
      'reading.unavailable',
      'Nobody has read yet who holds what: the first reading of the organization is under way; try again in a minute',
      { retryAfterSeconds: RETRY_AFTER_SECONDS },
    )
  }
  return { head, rows: await journal(head.journalFromMs, clock.nowMs() + CLOCK_ALLOWANCE_MS) }
}

function datedBy({ beganAtMs, missing }: ReadingHead): Dated {
  return { asOfMs: beganAtMs, isWhole: missing === 0 }
}

export function ledgerInventory(source: InventorySource): Inventory {
  const { store } = source
  return {
    async counts() {
      const { head, rows } = await readStanding(source)
      const { readToMs, recordsFromMs, missing } = head
      const counts = await countHeld(store, head, rows)
      return { ...datedBy(head), missing: missing || undefined, readToMs, recordsFromMs, counts }
    },

    async everybody(afterId, sought) {
      const standing = await readStanding(source)
      const { head } = standing
      return {
        ...datedBy(head),
        users: eachUser(standing, soughtPeople(source, head, afterId, sought), afterId),
      }
    },

    people: async (userIds) => await findUsers(store, await readStanding(source), userIds),

    origins: async (changeIds) =>
      await readOrigins(source.changes, [...new Set(changeIds)], source.known ?? { people: {} }),

    days: (fromDay, toDay) => store.days(fromDay, toDay),

    differences: (fromMs, toMs) => differencesBetween(source, fromMs, toMs),

    differencesNoted: (fromMs, toMs) => differencesNoted(store, fromMs, toMs),

    holdings: async (query) => await holdingsPageOf(await openHoldings(source, query), query),

    async everyHolding(of) {
      const opened = await openHoldings(source, of)
      const { asOfMs, isWhole } = opened
      return { asOfMs, isWhole, holdings: everyHoldingOf(opened) }
    },

    askForReading: async (ask) => await askForReading(source, ask),

    async reading(id) {
      if (id === LATEST) return await latestReading(store)
      const progress = await store.progress(id)
      if (progress) return progress
      const { ask } = await store.standing()
      return ask?.id === id ? waitingFor(ask) : undefined
    },
  }
}

async function findUsers(
  store: ReadingStore,
  { head, rows }: ReadingStanding,
  userIds: Iterable<string>,
): Promise<ReadonlyMap<string, User>> {
  const byUser = groupByUser(rows)
  const found = await loadPeople(store, head, [...userIds].map(foldId))
  return new Map([...found].map(([id, person]) => [id, userNow(person, head, byUser.get(id) ?? new Map())]))
}

/** What is known of one user, or of one license, for whoever folds it into holdings. */
async function openHoldings(source: InventorySource, of: HoldingsOf): Promise<HoldingsSource> {
  const { store } = source
  const standing = await readStanding(source)
  const { head } = standing
  const pending = await pendingDifferences(standing, store, of)
  return {
    ...datedBy(head),
    ...differencesOnRecord(of, store.recorded(head.endedAtMs), pending),
    of,
    firstAtMs: head.recordsFromMs,
    people: (userIds) => findUsers(store, standing, userIds),
    async *holders(afterId) {
      if (of.userId === undefined) yield* eachUser(standing, soughtPeople(source, head, afterId), afterId)
      else yield* (await findUsers(store, standing, [of.userId])).values()
    },
  }
}

/** In the order of their ids, by as little reading as is known to do; some may be before `afterId`. */
async function* soughtPeople(
  { store, kept }: InventorySource,
  head: ReadingHead,
  afterId = '',
  { ids, search }: Sought = {},
): AsyncGenerator<InventoryPerson, void, void> {
  const fromShard = shardOf(head, afterId)
  if (ids !== undefined) yield* (await loadPeople(store, head, ids)).values()
  else {
    const parts = search === undefined ? undefined : searchedPartsOf(search)
    const searched = kept && parts && peopleSearched(store, head, kept, parts, fromShard)
    yield* searched ?? eachPerson(store, head, fromShard)
  }
}

/** With whom the gateway has given something since, though no page had them. */
async function* eachUser(
  { head, rows }: ReadingStanding,
  people: AsyncIterable<InventoryPerson>,
  afterId = '',
): AsyncGenerator<User, void, void> {
  const byUser = groupByUser(rows)
  const strangers = [...byUser.keys()].filter((id) => id > afterId).sort()
  let next = 0
  const strangersBefore = function* (id: string | undefined): Generator<User> {
    for (; next < strangers.length; next++) {
      const stranger = strangers[next]
      if (stranger === undefined || (id !== undefined && stranger >= id)) break
      const ofUser = byUser.get(stranger) ?? new Map()
      const nobody = { id: stranger, licenses: [], seenAtMs: head.beganAtMs }
      const user = userNow(nobody, head, ofUser)
      if (user.licenses.length > 0) yield user
    }
    if (strangers[next] === id) next += 1
  }
  for await (const person of people) {
    const id = foldId(person.id)
    if (id <= afterId) continue
    yield* strangersBefore(id)
    yield userNow(person, head, byUser.get(id) ?? new Map())
  }
  yield* strangersBefore(undefined)
}

/** With what they hold as far as is known: a license of which it is not known is none that they hold. */
function userNow(person: InventoryPerson, head: ReadingHead, rows: RowsOfUser): User {
  const { id, name, email, state, licenses } = person
  if (rows.size === 0) return userOf(id, { id, name, email, state }, licenses)
  const since = [...pairsSince(person, head, rows)]
  const isOld = (licenseId: string) => !since.some((pair) => foldId(pair.licenseId) === foldId(licenseId))
  const held = since.filter(({ isHeld }) => isHeld === true).map(({ licenseId }) => licenseId)
  return userOf(id, { id, name, email, state }, [...licenses.filter(isOld), ...held])
}

/** What is kept, and what the journal shows that no reading has told yet, in the order of their times. */
async function* differencesBetween(
  source: InventorySource,
  fromMs: number,
  toMs: number,
): AsyncGenerator<Difference, void, void> {
  const { store } = source
  const standing = await readStanding(source)
  const pending = (await pendingDifferences(standing, store)).filter(
    ({ atMs }) => atMs >= fromMs && atMs < toMs,
  )
  const recorded = store.recorded(standing.head.endedAtMs).between(fromMs, toMs)
  yield* mergeSorted(recorded, pending, (one, other) => one.atMs - other.atMs)
}

/** By when they were put on record. */
async function* differencesNoted(
  store: ReadingStore,
  fromMs: number,
  toMs: number,
): AsyncGenerator<Difference, void, void> {
  const { seen } = await store.standing()
  const { composed } = seen?.state.current ?? {}
  if (composed && composed.head.endedAtMs < toMs) {
    throw new GatewayError(
      'reading.unavailable',
      'A reading of the organization has ended whose differences are not all on record yet; try again in a minute',
      { retryAfterSeconds: RETRY_AFTER_SECONDS },
    )
  }
  for await (const { readingId, pieces } of store.noted(fromMs, toMs)) {
    for (const [n, piece] of pieces.entries())
      yield* await unpackDifferences(await bytesOf(store, { readingId, of: 'differences', n }, piece))
  }
}

/** The earliest first. @param of whom, or of what, it is wanted; of all where it is not given. */
async function pendingDifferences(
  { head, rows }: ReadingStanding,
  store: ReadingStore,
  of?: HoldingsOf,
): Promise<readonly Difference[]> {
  const isAsked = (wanted: string | undefined, id: string) =>
    wanted === undefined || foldId(wanted) === foldId(id)
  const users = [...groupByUser(rows)].filter(
    ([id, ofUser]) =>
      isAsked(of?.userId, id) && (of?.licenseId === undefined || ofUser.has(foldId(of.licenseId))),
  )
  const people = await loadPeople(
    store,
    head,
    users.map(([id]) => id),
  )
  return users
    .flatMap(([id, ofUser]) =>
      pendingDifferencesOf(people.get(id) ?? { id, licenses: [], seenAtMs: head.beganAtMs }, ofUser),
    )
    .filter(({ licenseId }) => isAsked(of?.licenseId, licenseId))
    .sort((a, b) => a.atMs - b.atMs || comparePairs(a, b))
}
