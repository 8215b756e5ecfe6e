/** Seats and periods as the rows of files: a license a row, a period a row. */
import { isoIfKnown, isoOf } from '../utc-day.ts'
import { paidRowOf } from './page/period-rows.ts'
import type { Period, SeatsNow } from './seats-port.ts'

/** In the order of the file. */
export const SEAT_COLUMNS = [
  'licenseId',
  'held',
  'unknown',
  'seats',
  'seatsFrom',
  'contractSeats',
  'unknownCharges',
  'over',
  'billed',
  'billedAsOf',
  'asOf',
  'isWhole',
  'missing',
  'counting',
  'contractGoneSince',
] as const

export function seatRowsOf({ asOfMs, isWhole, missing, counting, contractGoneSinceMs, licenses }: SeatsNow) {
  return licenses.map((license) => {
    const { licenseId, held, unknown, over, billed, billedAsOfMs } = license
    return {
      ...{ licenseId, held, unknown, ...paidRowOf(license), over, billed },
      ...{ billedAsOf: isoIfKnown(billedAsOfMs), asOf: isoOf(asOfMs), isWhole, missing, counting },
      contractGoneSince: isoIfKnown(contractGoneSinceMs),
    }
  })
}

/** In the order of the file. */
export const PERIOD_LISTING_COLUMNS = ['id', 'from', 'start', 'end', 'status', 'toldAt'] as const

export function periodListingRowsOf(periods: readonly Period[]) {
  return periods.map(({ toldAtMs, ...period }) => ({ ...period, toldAt: isoIfKnown(toldAtMs) }))
}
