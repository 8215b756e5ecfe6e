/** Seats that the contract pays for today, for whoever counts a plan's. Billing's record is read once, when one is asked for. */
import { paidOf, type Told } from './count-paid.ts'
import { readToldToday, type SeatSources } from './read-told.ts'

/** @returns what a desk's readings ask; undefined is what billing has not told. It throws GatewayError `ledger.unavailable`. */
export function contractSeatsFrom({ policy, ...sources }: Omit<SeatSources, 'inventory'>) {
  let told: Promise<Told> | undefined
  return async (licenseId: string): Promise<number | undefined> => {
    told ??= readToldToday(sources)
    return paidOf(policy, licenseId, await told).seats
  }
}
