/**
 * Seats and billing periods from what is on record: counts of the inventory, what billing has told, the org file. Start
 * here; each figure's rule stands in a file of its own beside it.
 */
import { excessOf, paidOf, untold } from './count-paid.ts'
import { licensesOf } from './held-licenses.ts'
import { readToldToday, type SeatSources } from './read-told.ts'
import { listPeriods, reportPeriod } from './report-period.ts'
import type { LicenseSeats, Seats } from './seats-port.ts'

export function seatsFrom(sources: SeatSources): Seats {
  const { inventory, records, policy, clock } = sources
  return {
    async now() {
      // Where the org file maps no charge, billing has nothing that counts for a license.
      const hasCharges = Object.values(policy.licenses ?? {}).some(({ charges }) => charges !== undefined)
      const [counts, told] = await Promise.all([
        inventory.counts(),
        hasCharges ? readToldToday({ records, clock }) : { ...untold, contractGoneSinceMs: undefined },
      ])
      const { asOfMs, isWhole, missing } = counts
      const licenses = licensesOf(counts, policy).map((each): LicenseSeats => {
        const paid = paidOf(policy, each.licenseId, told)
        return { ...each, ...paid, over: excessOf(each.held, paid.seats) }
      })
      const { contractGoneSinceMs } = told
      return { asOfMs, isWhole, missing, counting: policy.counting, contractGoneSinceMs, licenses }
    },
    periods: () => listPeriods(sources),
    report: (id) => reportPeriod(sources, id),
  }
}

/** The same, where several who follow each other within a minute go by one count. */
export function countedOnce(seats: Seats): Seats {
  let counted: ReturnType<Seats['now']> | undefined
  return {
    ...seats,
    now() {
      counted ??= seats.now()
      return counted
    },
  }
}
