/** Makes a reading known that was read whole: each step may be done again, and then changes nothing. */
import { CLOCK_ALLOWANCE_MS } from '../../changes/model/timing.ts'
import { utcDayOf } from '../../utc-day.ts'
import { countHeld } from '../count-held.ts'
import type { DayCounts } from '../inventory-port.ts'
import { bytesOf } from '../load-people.ts'
import { unpackDifferences } from '../pack-reading.ts'
import type { ComposedReading, CurrentReading } from '../reading-store.ts'
import type { ToldInPart } from './compose-reading.ts'
import type { HeldLease } from './reading-lease.ts'
import type { EndedReading, ReadingWork } from './reading-work.ts'

/** Rows before pointers: whoever finds the new head finds all that led to it. */
export async function publishReading(
  { store, journal, clock }: ReadingWork,
  { id: readingId, beganAtMs }: CurrentReading,
  { head, differences }: ComposedReading,
  lease: HeldLease,
): Promise<Pick<EndedReading, 'people' | 'missing' | 'differences'>> {
  await store.putNoted({ readingId, endedAtMs: head.endedAtMs, pieces: differences })
  let told = 0
  for (const [n, piece] of differences.entries()) {
    const rows = await unpackDifferences(await bytesOf(store, { readingId, of: 'differences', n }, piece))
    await store.putDifferences(rows, head.endedAtMs)
    await lease.renew()
    told += rows.length
  }
  const rows = await journal(head.journalFromMs, clock.nowMs() + CLOCK_ALLOWANCE_MS)
  const counts = await countHeld(store, head, rows)
  const day: DayCounts = {
    day: utcDayOf(beganAtMs),
    asOfMs: beganAtMs,
    isWhole: head.missing === 0,
    people: head.people,
    held: Object.fromEntries(counts.map(({ licenseId, held }) => [licenseId, held])),
  }
  const [kept] = await store.days(day.day, day.day)
  // Where somebody is missing, what a whole reading of the day counted says more.
  if (day.isWhole || !kept?.isWhole) await store.putDay(day.isWhole ? withMost(day, kept) : day, false)
  await store.putHead(head, lease.state.fencingToken)
  return { people: head.people, missing: head.missing, differences: told }
}

/** The highest that was counted that day stays, whatever is counted after it. */
function withMost(day: DayCounts, kept: DayCounts | undefined): DayCounts {
  const most = { ...day.held }
  const earlier = kept?.isWhole ? (kept.most ?? kept.held) : {}
  for (const [licenseId, held] of Object.entries(earlier))
    most[licenseId] = Math.max(most[licenseId] ?? 0, held)
  return { ...day, most }
}

/** What was read of a day on which no reading was whole. */
export function dayInPartOf({ beganAtMs }: CurrentReading, { people, held }: ToldInPart): DayCounts {
  return { day: utcDayOf(beganAtMs), asOfMs: beganAtMs, isWhole: false, people, held }
}
