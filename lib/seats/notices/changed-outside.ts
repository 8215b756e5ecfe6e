/** What a whole reading found changed in Genesys by nobody of the gateway's: told once a reading. */
import type { Difference } from '../../inventory/inventory-port.ts'
import { isoOf } from '../../utc-day.ts'
import type { SeatsNow } from '../seats-port.ts'
import type { Notice, OutsideTold } from './notices.ts'
import { type NoticeWork, noteAndTell } from './tell-notice.ts'

/** How many are told one by one; all of them are in the history. */
const FIRST = 20

/** @param told what was told last, which says up to which reading. */
export async function noteOutside(work: NoticeWork, now: SeatsNow, told: readonly Notice[]): Promise<void> {
  const seen = told.find(({ kind }) => kind === 'outside')
  if (seen?.kind === 'outside' && (!seen.isTold || Date.parse(seen.told.asOf) >= now.asOfMs)) return
  // Of the one reading, though a newer one may have come since: its own count says so.
  const { asOfMs, isWhole, readToMs } = await work.inventory.counts()
  const found =
    seen?.kind === 'outside'
      ? await countOutside(work, seen.countedToMs, readToMs)
      : // What was done before anything was told of is not news, and what the first reading found has no before.
        { given: 0, taken: 0, people: 0, licenses: [], first: [] }
  const outside: OutsideTold = { asOf: isoOf(asOfMs), isWhole, ...found }
  const notice = { kind: 'outside', name: 'readings', countedToMs: readToMs, told: outside } as const
  await noteAndTell(work, notice, seen, outside.given + outside.taken > 0)
}

type Found = Pick<OutsideTold, 'given' | 'taken' | 'people' | 'licenses' | 'first'>

/** A difference is dated by the page that showed it, and readings follow one another: none of the next one is as early. */
async function countOutside(
  { inventory }: NoticeWork,
  countedToMs: number,
  readToMs: number,
): Promise<Found> {
  const people = new Set<string>()
  const licenses = new Map<string, { given: number; taken: number }>()
  const first: Difference[] = []
  for await (const difference of inventory.differences(countedToMs + 1, readToMs + 1)) {
    if (difference.by !== 'outside') continue
    const { userId, licenseId, isGiven } = difference
    people.add(userId)
    const counts = licenses.get(licenseId) ?? { given: 0, taken: 0 }
    counts[isGiven ? 'given' : 'taken'] += 1
    licenses.set(licenseId, counts)
    if (first.length < FIRST) first.push(difference)
  }
  const counted = [...licenses].map(([licenseId, counts]) => ({ licenseId, ...counts }))
  return {
    given: counted.reduce((sum, { given }) => sum + given, 0),
    taken: counted.reduce((sum, { taken }) => sum + taken, 0),
    people: people.size,
    licenses: counted.sort((one, other) => (one.licenseId < other.licenseId ? -1 : 1)),
    first: first.map(({ userId, licenseId, isGiven, atMs, afterMs }) => ({
      userId,
      licenseId,
      isGiven,
      at: isoOf(atMs),
      ...(afterMs === undefined ? {} : { after: isoOf(afterMs) }),
    })),
  }
}
