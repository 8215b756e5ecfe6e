/** Who held each license by the newest whole reading, for whoever judges seats: plans, rules, approvals. */
import { isLeft } from '../../changes/plan/guards/find-not-active.ts'
import type { SeatReading, SeatReadings } from '../../changes/record/desk.ts'
import { latestReading } from '../ask-for-reading.ts'
import { foldId } from '../inventory-person.ts'
import { eachPerson } from '../load-people.ts'
import type { ReadingStore } from '../reading-store.ts'

/** What a container has of the newest reading, from one invocation to the next. */
export interface ReadingKept {
  last?: { readonly id: string; readonly reading: Promise<SeatReading> }
}

export function inventorySeats(store: ReadingStore, kept: ReadingKept): SeatReadings {
  return {
    latest: () => latestReading(store),

    async newest() {
      const head = await store.head()
      if (!head) return undefined
      if (kept.last?.id !== head.id) kept.last = { id: head.id, reading: readHolders(store, head) }
      try {
        return await kept.last.reading
      } catch (error) {
        delete kept.last
        throw error
      }
    },
  }
}

async function readHolders(
  store: Pick<ReadingStore, 'bytes'>,
  head: NonNullable<Awaited<ReturnType<ReadingStore['head']>>>,
): Promise<SeatReading> {
  const holders = new Map<string, Set<string>>()
  const spelled = new Map<string, string>()
  const missing = new Set<string>()
  const seenAtMs = new Map<string, number>()
  const contested = new Set<string>()
  const notActive = new Map<string, string>()
  for await (const person of eachPerson(store, head)) {
    const id = foldId(person.id)
    seenAtMs.set(id, person.seenAtMs)
    if (person.isMissing) missing.add(id)
    if (isLeft(person.state)) notActive.set(id, person.state)
    for (const { licenseId } of person.contested ?? []) contested.add(pairOf(id, licenseId))
    for (const licenseId of person.licenses) {
      const holding = holders.get(foldId(licenseId)) ?? new Set()
      holders.set(foldId(licenseId), holding)
      spelled.set(foldId(licenseId), licenseId)
      holding.add(id)
    }
  }
  return {
    atMs: head.beganAtMs,
    journalFromMs: head.journalFromMs,
    isWhole: head.missing === 0,
    holdersOf: (licenseId) => holders.get(foldId(licenseId)) ?? new Set(),
    seenAtMsOf: (userId) => seenAtMs.get(foldId(userId)),
    licensesOf(userId) {
      const id = foldId(userId)
      if (missing.has(id) || !seenAtMs.has(id)) return undefined
      return [...holders].flatMap(([folded, holding]) => (holding.has(id) ? (spelled.get(folded) ?? []) : []))
    },
    stateIfNotActive: (userId) => notActive.get(foldId(userId)),
    isContested: (userId, licenseId) => contested.has(pairOf(userId, licenseId)),
  }
}

/** Neither id has a blank. */
function pairOf(userId: string, licenseId: string): string {
  return `${foldId(userId)} ${foldId(licenseId)}`
}
