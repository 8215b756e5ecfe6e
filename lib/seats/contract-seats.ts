/** Seats that the contract pays for today, for whoever counts a plan's. Billing's record is read once, when one is asked for. */
import { utcDayOf } from '../utc-day.ts'
import { paidOf, type Told } from './count-paid.ts'
import { readKeptBilling, type SeatSources, toldOn } from './read-told.ts'

/** @returns what a desk's readings ask; undefined is what billing has not told. It throws GatewayError `ledger.unavailable`. */
export function contractSeatsFrom({ records, policy, clock }: Omit<SeatSources, 'inventory'>) {
  let told: Promise<Told> | undefined
  const read = async () => {
    const today = utcDayOf(clock.nowMs())
    return toldOn(today, await readKeptBilling({ records, clock }, () => [today]))
  }
  return async (licenseId: string): Promise<number | undefined> => {
    told ??= read()
    return paidOf(policy, licenseId, await told).seats
  }
}
