/**
 * A reading whose pages are all read is put in order in one pass: people by their ids, with names beside licenses, compared
 * with the last whole reading. Whether it was whole shows at the end. What comes of it is kept before any of it is made
 * known, so that doing the rest again after a crash does the same.
 */
import { CLOCK_ALLOWANCE_MS } from '../../changes/model/timing.ts'
import { groupByUser } from '../pair-rows.ts'
import type { ComposedReading, CurrentReading, WalkState } from '../reading-store.ts'
import { composePeople } from './compose-people.ts'
import { mergeWalks } from './merge-walks.ts'
import type { HeldLease } from './reading-lease.ts'
import type { ReadingWork } from './reading-work.ts'

/** What the walk over licenses told, of whomever. */
export interface ToldInPart {
  /** Of whom it told what they hold. */
  readonly people: number
  /** By license, as it was written. */
  readonly held: Readonly<Record<string, number>>
}

export interface ReadInOrder extends ToldInPart {
  /** Undefined where the reading was not whole. */
  readonly composed: ComposedReading | undefined
}

/** @throws GatewayError `ledger.unavailable` where what was kept of it is there no longer; `general.conflict` where another has taken over. */
export async function composeReading(
  { store, journal, clock }: ReadingWork,
  lease: HeldLease,
  reading: CurrentReading,
): Promise<ReadInOrder> {
  const before = await store.head()
  const nowMs = clock.nowMs()
  const rows = await journal(before?.journalFromMs ?? reading.beganAtMs, nowMs + CLOCK_ALLOWANCE_MS)
  const byUser = groupByUser(rows)
  const { fencingToken } = lease.state
  const composer = composePeople({ store, reading, fencingToken, before, byUser, nowMs })
  const held: Record<string, number> = {}
  let [listed, told, known] = [0, 0, 0]
  for await (const stretch of mergeWalks({ store, reading, before, others: byUser.keys() })) {
    for (const { listed: each, known: user } of stretch) {
      if (each) listed += 1
      if (user) known += 1
      if (!each?.licenses) continue
      told += 1
      for (const licenseId of each.licenses) held[licenseId] = (held[licenseId] ?? 0) + 1
    }
    // Nothing is kept of what is known not to be whole.
    if (mayBeWhole(reading)) await composer.add(stretch)
    await lease.renew()
  }
  const isWhole =
    mayBeWhole(reading) &&
    isAllOf(reading.licenses, listed) &&
    isAllOf(reading.directory, known) &&
    told * 2 >= listed
  return { composed: isWhole ? await composer.end() : undefined, people: told, held }
}

/** Every page told the same page count and total, or, where there is none, no page but the last was short; and nobody is wanting. */
function mayBeWhole({ licenses, directory }: CurrentReading): boolean {
  return [licenses, directory].every(({ isUneven, total, rows }) => !isUneven && rows >= (total ?? rows))
}

/** There are as many different people as the total; where there is none, nobody came twice. */
function isAllOf({ total, rows }: WalkState, different: number): boolean {
  return different === (total ?? rows)
}
