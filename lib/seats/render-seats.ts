/** From what seats are to what callers get: epoch milliseconds become ISO 8601. */
import { isoIfKnown, isoOf } from '../utc-day.ts'
import type { PeriodFigures, PeriodListing, SeatDayListing, SeatListing } from './seat-schemas.ts'
import type { LicenseSeats, Period, PeriodReport, PersonBehind, SeatDays, SeatsNow } from './seats-port.ts'

export function seatListingOf(now: SeatsNow): SeatListing {
  const { asOfMs, isWhole, missing, counting, contractGoneSinceMs, licenses, unmapped } = now
  return {
    asOf: isoOf(asOfMs),
    isWhole,
    missing,
    counting,
    contractGoneSince: isoIfKnown(contractGoneSinceMs),
    entities: licenses.map(withIsoTime),
    unmapped: [...unmapped],
  }
}

export function seatDayListingOf(seatDays: SeatDays): SeatDayListing {
  const { asOfMs, isWhole, fromDay, toDay, seatsFromDay, licenses } = seatDays
  const entities = licenses.map(({ licenseId, days }) => ({ licenseId, days: [...days] }))
  return { from: fromDay, to: toDay, asOf: isoOf(asOfMs), isWhole, seatsFromDay, entities }
}

export function periodListingOf(periods: readonly Period[]): PeriodListing {
  return { entities: periods.map(periodEntryOf) }
}

export function periodFiguresOf(report: PeriodReport): PeriodFigures {
  const { asOfMs, isWhole, missing, countedFromMs, counting, contractGoneSinceMs } = report
  const { seatsFromDay, licenses, unmapped, previousId } = report
  return {
    ...periodEntryOf(report),
    asOf: isoIfKnown(asOfMs),
    isWhole,
    missing,
    countedFrom: isoIfKnown(countedFromMs),
    seatsFromDay,
    counting,
    contractGoneSince: isoIfKnown(contractGoneSinceMs),
    licenses: licenses.map(({ people, days, ...license }) => ({
      ...withIsoTime(license),
      people: people.map(personOf),
      days: [...days],
    })),
    unmapped: [...unmapped],
    previousId,
  }
}

function personOf({ sinceMs, afterMs, ...person }: PersonBehind) {
  return { ...person, since: isoOf(sinceMs), sinceAfter: isoIfKnown(afterMs) }
}

function withIsoTime<T extends Pick<LicenseSeats, 'billedAsOfMs' | 'unknownCharges'>>({
  billedAsOfMs,
  unknownCharges,
  ...license
}: T) {
  return {
    ...license,
    ...(billedAsOfMs === undefined ? {} : { billedAsOf: isoOf(billedAsOfMs) }),
    ...(unknownCharges === undefined ? {} : { unknownCharges: [...unknownCharges] }),
  }
}

function periodEntryOf({ id, from, start, end, status, toldAtMs }: Period) {
  const selfUri = `/v1/periods/${encodeURIComponent(id)}`
  return { id, from, start, end, status, toldAt: isoIfKnown(toldAtMs), selfUri }
}
