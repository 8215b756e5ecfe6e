/** Who is in the org and what they hold, for whoever plans lists: the newest reading, with the journal counted on top. */

import { CLOCK_ALLOWANCE_MS } from '../../changes/model/timing.ts'
import type { Roster, RosterPerson, RosterReading } from '../../changes/record/roster.ts'
import { askForReading } from '../ask-for-reading.ts'
import { pairsSince } from '../count-held.ts'
import { foldId, type InventoryPerson } from '../inventory-person.ts'
import type { Difference } from '../inventory-port.ts'
import { type InventorySource, type ReadingStanding, readStanding } from '../ledger-inventory.ts'
import { bytesOf, eachPerson } from '../load-people.ts'
import { unpackDifferences } from '../pack-reading.ts'
import { groupByUser, type RowsOfUser } from '../pair-rows.ts'
import type { ReadingHead, ReadingStore } from '../reading-store.ts'

export function inventoryRoster(source: InventorySource): Roster {
  return {
    newest: async () => readingOf(source, await readStanding(source)),

    async beganAfter(atMs, { kind, id }) {
      const head = await source.store.head()
      if (head && head.beganAtMs > atMs + CLOCK_ALLOWANCE_MS) {
        return readingOf(source, await readStanding(source))
      }
      await askForReading(source, { by: { kind, id }, beganAfterMs: atMs })
      return undefined
    },
  }
}

function readingOf(source: InventorySource, standing: ReadingStanding): RosterReading {
  const { head } = standing
  return {
    atMs: head.beganAtMs,
    isWhole: head.missing === 0,
    changedOutside: async () =>
      head.beforeMs === undefined
        ? undefined
        : { asOfMs: head.beforeMs, pairs: eachOutside(source.store, head) },
    people: eachOf(source, standing),
  }
}

/** What this reading has told that no change of the gateway's explains. */
async function* eachOutside(
  store: ReadingStore,
  { id, endedAtMs }: ReadingHead,
): AsyncGenerator<Difference, void, void> {
  for await (const { readingId, pieces } of store.noted(endedAtMs, endedAtMs + 1)) {
    if (readingId !== id) continue
    for (const [n, piece] of pieces.entries()) {
      const told = await unpackDifferences(await bytesOf(store, { readingId, of: 'differences', n }, piece))
      yield* told.filter(({ by }) => by === 'outside')
    }
  }
}

async function* eachOf(
  { store }: InventorySource,
  { head, rows }: ReadingStanding,
): AsyncGenerator<RosterPerson, void, void> {
  const byUser = groupByUser(rows)
  for await (const person of eachPerson(store, head)) {
    const id = foldId(person.id)
    yield rosterPersonOf(person, head, byUser.get(id))
    byUser.delete(id)
  }
  // Whom no page had, though the gateway has been at them since.
  for (const [id, ofUser] of byUser) {
    yield rosterPersonOf({ id, licenses: [], seenAtMs: head.beganAtMs }, head, ofUser)
  }
}

function rosterPersonOf(
  person: InventoryPerson,
  head: ReadingHead,
  rows: RowsOfUser = new Map(),
): RosterPerson {
  const { id, name, email, state, licenses, isMissing } = person
  const since = [...pairsSince(person, head, rows)]
  const known = new Set(since.map(({ licenseId }) => foldId(licenseId)))
  const held = since.filter(({ isHeld }) => isHeld === true).map(({ licenseId }) => licenseId)
  return {
    id,
    name,
    email,
    state,
    licenses: [...licenses.filter((each) => !known.has(foldId(each))), ...held],
    unknown: isMissing
      ? 'any'
      : since.filter(({ isHeld }) => isHeld === undefined).map(({ licenseId }) => licenseId),
  }
}
