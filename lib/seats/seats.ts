/**
 * Seats and billing periods from what is on record: counts of the inventory, what billing has told, the org file. Start
 * here; each figure's rule stands in a file of its own beside it.
 */
import { nearPercentOf } from '../license-terms.ts'
import { DAY_MS, startOfDay, utcDayOf } from '../utc-day.ts'
import { excessOf, paidOf, unmappedOf } from './count-paid.ts'
import { licensesOf } from './held-licenses.ts'
import { standingOf } from './notices/seat-standings.ts'
import { paidByDays, seatsFromDayOf } from './paid-record.ts'
import { readKeptBilling, readToldToday, type SeatSources } from './read-told.ts'
import { listPeriods, reportPeriod } from './report-period.ts'
import type { LicenseDay, LicenseSeats, SeatDays, Seats } from './seats-port.ts'
import { heldIn } from './weigh-days.ts'

export function seatsFrom(sources: SeatSources): Seats {
  const { inventory, records, policy, clock } = sources
  return {
    async now() {
      // Also where the org file maps no charge: which there are tells whoever wonders that nobody has told the seats.
      const [counts, told] = await Promise.all([inventory.counts(), readToldToday({ records, clock })])
      const { asOfMs, isWhole, missing } = counts
      const licenses = licensesOf(counts, policy).map((each): LicenseSeats => {
        const paid = paidOf(policy, each.licenseId, told)
        return {
          ...each,
          ...paid,
          over: excessOf(each.held, paid.seats),
          standing: standingOf({ held: each.held, seats: paid.seats }, nearPercentOf(policy)),
        }
      })
      // It is no loss where nothing of it counts for any license.
      const hasCharges = Object.values(policy.licenses ?? {}).some(({ charges }) => charges !== undefined)
      const contractGoneSinceMs = hasCharges ? told.contractGoneSinceMs : undefined
      const unmapped = unmappedOf(policy.licenses, told)
      return { asOfMs, isWhole, missing, counting: policy.counting, contractGoneSinceMs, licenses, unmapped }
    },
    days: (count, licenseId) => readSeatDays(sources, count, licenseId),
    periods: () => listPeriods(sources),
    report: (id) => reportPeriod(sources, id),
  }
}

async function readSeatDays(sources: SeatSources, count: number, licenseId?: string): Promise<SeatDays> {
  const { inventory, records, policy, clock } = sources
  const today = utcDayOf(clock.nowMs())
  const all = Array.from({ length: count }, (_, n) => utcDayOf(startOfDay(today) - (count - 1 - n) * DAY_MS))
  const [fromDay = today] = all
  const [now, rows, kept, record] = await Promise.all([
    inventory.counts(),
    inventory.days(fromDay, today),
    readKeptBilling(sources, () => all),
    records.paid(),
  ])
  const paidOn = paidByDays({ policy, kept, record, today })
  const rowOf = new Map(rows.map((row) => [row.day, row]))
  const heldThen = rows.flatMap(({ held }) => Object.keys(held))
  const named = heldThen.map((id) => ({ licenseId: id, held: 0, unknown: 0 }))
  const wanted = licenseId?.toLowerCase()
  // As Genesys spells it now, where anybody holds it.
  const licenses = licensesOf({ counts: [...named, ...now.counts] }, policy)
    .filter((each) => wanted === undefined || each.licenseId.toLowerCase() === wanted)
    .map((each) => ({
      licenseId: each.licenseId,
      days: all.map((day): LicenseDay => {
        const { seats } = paidOn(each.licenseId, day)
        if (day === today) return { day, held: each.held, isWhole: now.isWhole, seats }
        const row = rowOf.get(day)
        return row ? { day, held: heldIn(row, each.licenseId), isWhole: row.isWhole, seats } : { day, seats }
      }),
    }))
  const seatsFromDay = seatsFromDayOf(record, fromDay)
  return { asOfMs: now.asOfMs, isWhole: now.isWhole, fromDay, toDay: today, seatsFromDay, licenses }
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
