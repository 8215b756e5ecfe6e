/** A period's report as the rows of a file: its licenses, charges, people and days, each row saying which it is. */
import type { Origin } from '../../inventory/inventory-port.ts'
import { isoIfKnown, isoOf } from '../../utc-day.ts'
import type { LicensePeriod, PeriodReport } from '../seats-port.ts'
import { overOf } from './days.ts'

/** In the order of the file. A row leaves out what is not known, and what its kind does not have. */
export const PERIOD_COLUMNS = [
  'row',
  'licenseId',
  'charge',
  'day',
  'held',
  'unknown',
  'seats',
  'seatsFrom',
  'contractSeats',
  'unknownCharges',
  'over',
  'overSince',
  'isOverFromFirst',
  'heldFromFirst',
  'mostOver',
  'mostOverDay',
  'billed',
  'billedAsOf',
  'atStart',
  'most',
  'mostDay',
  'given',
  'taken',
  'changedOutside',
  'mostBefore',
  'billedBefore',
  'userId',
  'name',
  'email',
  'since',
  'sinceAfter',
  'by',
  'morePeople',
  'isShared',
  'isUsage',
  'asOf',
  'isWhole',
  'missing',
  'countedFrom',
  'seatsFromDay',
  'counting',
  'contractGoneSince',
  'periodId',
  'periodStart',
  'periodEnd',
  'periodFrom',
  'status',
  'askedBy',
  'reason',
  'approvedBy',
] as const

type Column = (typeof PERIOD_COLUMNS)[number]
type Value = string | number | boolean | undefined

/** By column. Times are ISO 8601 in UTC. */
export type PeriodRow = { readonly row: 'license' | 'charge' | 'person' | 'day' } & {
  readonly [Name in Exclude<Column, 'row'>]?: Value
}

/** First what finance asks for, a row a license and charge; then who is behind an overage; then each day. */
export function* rowsOfPeriod(report: PeriodReport): Generator<PeriodRow> {
  const { id, start, end, from, status, asOfMs, isWhole, missing, countedFromMs, counting } = report
  const { contractGoneSinceMs, licenses, unmapped } = report
  const period = { periodId: id, periodStart: start, periodEnd: end, periodFrom: from, status, counting }
  const dated = { asOf: isoIfKnown(asOfMs), isWhole }
  const times = {
    missing,
    countedFrom: isoIfKnown(countedFromMs),
    seatsFromDay: report.seatsFromDay,
    contractGoneSince: isoIfKnown(contractGoneSinceMs),
  }
  for (const license of licenses) {
    yield { row: 'license', ...period, ...dated, ...times, ...figuresOf(license) }
  }
  for (const { charge, isShared, isUsage, prepaid, billed } of unmapped) {
    yield { row: 'charge', ...period, ...dated, charge, isShared, isUsage, seats: prepaid, billed }
  }
  for (const { licenseId, people } of licenses) {
    for (const { userId, name, email, sinceMs, afterMs, by, askedBy, reason, approvedBy } of people) {
      const origin = { askedBy, reason, approvedBy }
      const given = { since: isoOf(sinceMs), sinceAfter: isoIfKnown(afterMs), by: originOf(by) }
      yield { row: 'person', ...period, ...dated, licenseId, userId, name, email, ...given, ...origin }
    }
  }
  for (const { licenseId, days } of licenses) {
    for (const day of days) {
      const { held, seats } = day
      yield {
        row: 'day',
        ...period,
        isWhole: day.isWhole,
        licenseId,
        day: day.day,
        held,
        seats,
        over: overOf(day),
      }
    }
  }
}

/** What is said of the seats of a license, in columns. */
export function paidRowOf({
  seats,
  seatsFrom,
  contractSeats,
  unknownCharges,
}: Pick<LicensePeriod, 'seats' | 'seatsFrom' | 'contractSeats' | 'unknownCharges'>) {
  return { seats, seatsFrom, contractSeats, unknownCharges: unknownCharges?.join('; ') }
}

function figuresOf(license: LicensePeriod) {
  const { licenseId, held, unknown, over, overSince, isOverFromFirst, heldFromFirst } = license
  const { mostOver, billed, billedAsOfMs } = license
  const { atStart, most, given, taken, changedOutside, before, morePeople } = license
  return {
    licenseId,
    held,
    unknown,
    ...paidRowOf(license),
    over,
    overSince,
    isOverFromFirst,
    heldFromFirst,
    mostOver: mostOver?.over,
    mostOverDay: mostOver?.day,
    billed,
    billedAsOf: isoIfKnown(billedAsOfMs),
    atStart,
    most: most?.held,
    mostDay: most?.day,
    given,
    taken,
    changedOutside,
    mostBefore: before?.most,
    billedBefore: before?.billed,
    morePeople,
  }
}

function originOf(by: Origin): string {
  return typeof by === 'string' ? by : by.changeId
}
