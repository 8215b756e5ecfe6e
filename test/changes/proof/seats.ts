/** What is counted from a reading of before a history, with the journal of it, against what Genesys has at its end. */
import { holdersSince, type SeatReading } from '../../../lib/changes/seats.ts'
import { WALLBOARD } from '../../support/change-orders.ts'
import type { ChangeWorld } from '../../support/change-world.ts'

/** Who holds what now, as somebody would read it. */
export function readingNow({ org, clock }: ChangeWorld): SeatReading {
  const { users } = org.truth()
  const held = Object.entries(users).map(([id, licenses]) => [id, [...licenses]] as const)
  return {
    atMs: clock.nowMs(),
    holdersOf: (licenseId) =>
      new Set(held.flatMap(([id, licenses]) => (licenses.includes(licenseId) ? [id] : []))),
  }
}

/** @returns a sentence for each pair that is said to be held and is not, or the other way round. */
export async function faultsOfSeats(world: ChangeWorld, reading: SeatReading): Promise<string[]> {
  const { users } = world.org.truth()
  const desk = { ledger: world.store.ledger, clock: world.clock }
  const faults: string[] = []
  for (const licenseId of new Set([WALLBOARD, ...Object.values(users).flat()])) {
    const { held, unknown } = await holdersSince(desk, reading, licenseId)
    for (const [userId, licenses] of Object.entries(users)) {
      if (unknown.has(userId) || held.has(userId) === licenses.includes(licenseId)) continue
      faults.push(`${userId} is counted among the holders of ${licenseId}: ${held.has(userId)}`)
    }
  }
  return faults
}
