/** From what seats are to what callers get: epoch milliseconds become ISO 8601. */

import type { PeriodFigures, PeriodListing, SeatListing } from './seat-schemas.ts'
import type { LicenseSeats, Period, PeriodReport, SeatsNow } from './seats-port.ts'

const iso = (ms: number) => new Date(ms).toISOString()

export function seatListingOf({ asOfMs, isWhole, counting, licenses }: SeatsNow): SeatListing {
  return { asOf: iso(asOfMs), isWhole, counting, entities: licenses.map(withIsoTime) }
}

export function periodListingOf(periods: readonly Period[]): PeriodListing {
  return { entities: periods.map(withSelfUri) }
}

export function periodFiguresOf({ asOfMs, licenses, unmapped, ...report }: PeriodReport): PeriodFigures {
  return {
    ...withSelfUri(report),
    asOf: iso(asOfMs),
    licenses: licenses.map(({ people, days, ...license }) => ({
      ...withIsoTime(license),
      people: people.map(({ sinceMs, ...person }) => ({ ...person, since: iso(sinceMs) })),
      days: [...days],
    })),
    unmapped: [...unmapped],
  }
}

function withIsoTime<T extends Pick<LicenseSeats, 'billedAsOfMs'>>({ billedAsOfMs, ...license }: T) {
  return billedAsOfMs === undefined ? license : { ...license, billedAsOf: iso(billedAsOfMs) }
}

function withSelfUri<T extends Pick<Period, 'id'>>(period: T) {
  return { ...period, selfUri: `/v1/periods/${encodeURIComponent(period.id)}` }
}
