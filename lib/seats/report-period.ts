/** Billing periods: which there are, and what one of them came to, license by license. */
import { GatewayError } from '../errors.ts'
import { changeIdBehind } from '../inventory/histories/read-origins.ts'
import type { DayCounts, HeldCounts } from '../inventory/inventory-port.ts'
import { DAY_MS, dayAfter, endOfDay, startOfDay, utcDayOf } from '../utc-day.ts'
import {
  byNewest,
  contractPeriodsOf,
  type DatedPeriod,
  isMonthCounted,
  monthPeriod,
  monthPeriodsOf,
  periodBefore,
  periodNamed,
  periodsOn,
} from './billing-periods.ts'
import type { PaidRecord } from './billing-records.ts'
import { excessOf, type Paid, unmappedOf } from './count-paid.ts'
import { behindOverage, firstOf, type Gathered, gatherDifferences } from './gather-differences.ts'
import { licensesOf } from './held-licenses.ts'
import { paidByDays, seatsFromDayOf } from './paid-record.ts'
import { currentPeriodOf, type KeptBilling, readKeptBilling, type SeatSources, toldOn } from './read-told.ts'
import type { LicenseDay, LicensePeriod, Period, PeriodReport, PersonBehind } from './seats-port.ts'
import {
  type Counted,
  heldAtStart,
  heldIn,
  lastWithin,
  mostOf,
  mostOverOf,
  wholeCountsOf,
} from './weigh-days.ts'

/** A year and a month: of a longer period the latest days are looked at. */
const MAX_DAYS = 400

/** Months of which is looked whether anything is on record. */
const MONTHS_BACK = 13

/** So many days before a period are looked at for the beginning of an overage. */
const OVERAGE_DAYS = 92

/** The newest first. @throws GatewayError as the inventory's. */
export async function listPeriods({ inventory, records, clock }: SeatSources): Promise<readonly Period[]> {
  const nowMs = clock.nowMs()
  const today = utcDayOf(nowMs)
  const told = contractPeriodsOf(await records.look(), nowMs)
  const first = monthPeriod(monthsBefore(today, MONTHS_BACK), nowMs).startDay
  const days = await inventory.days(first, today)
  const months = monthPeriodsOf(
    days.map(({ day }) => day),
    nowMs,
  ).filter((month) => isMonthCounted(month, told, nowMs))
  return [...months, ...told].sort(byNewest).map(shownOf)
}

/** All that a report is made of. */
interface Work {
  readonly sources: SeatSources
  readonly period: DatedPeriod
  readonly before: DatedPeriod | undefined
  readonly kept: KeptBilling
  /** What was paid for on each day, where that is on record. */
  readonly record: PaidRecord | undefined
  readonly paidOn: (licenseId: string, day: string) => Paid
  readonly counts: HeldCounts
  /** From some time before the period until it is over, the earliest first. */
  readonly rows: readonly DayCounts[]
  readonly isCurrent: boolean
  /** The last day that it is about. */
  readonly lastDay: string
  /** That day's end, or now. Epoch milliseconds. */
  readonly untilMs: number
}

/** @param id a period's, or `current`. @throws GatewayError `not.found`, and as the inventory's. */
export async function reportPeriod(sources: SeatSources, id: string): Promise<PeriodReport> {
  const { policy } = sources
  const work = await gatherWork(sources, id)
  const { period, before, kept, counts, rows, isCurrent, lastDay } = work
  const standing = standingOf(work)
  const over = new Map(
    standing.flatMap(({ licenseId, paid, held, all }) => {
      if (!excessOf(held, paid.seats)) return []
      return [[licenseId, (lastWithin(all) ?? firstOf(all, counts.recordsFromMs))?.atMs ?? 0] as const]
    }),
  )
  const bounds = { fromMs: startOfDay(period.startDay), untilMs: work.untilMs }
  const gathered = await gatherDifferences(sources.inventory, bounds, over)
  const licenses = await withNames(
    sources,
    standing.map((each) => licensePeriodOf(each, work, gathered)),
  )
  const read = rows.filter(({ day }) => isIn(period, day))
  const newest = isCurrent ? counts : (read.findLast(({ isWhole }) => isWhole) ?? read.at(-1))
  const hasBefore = before && (before.from === 'contract' || rows.some(({ day }) => isIn(before, day)))
  return {
    ...shownOf(period),
    asOfMs: newest?.asOfMs,
    isWhole: newest?.isWhole,
    missing: isCurrent ? counts.missing : undefined,
    countedFromMs: isCounted(work) && counts.recordsFromMs > bounds.fromMs ? counts.recordsFromMs : undefined,
    seatsFromDay: seatsFromDayOf(work.record, period.startDay),
    counting: policy.counting,
    contractGoneSinceMs: isCurrent ? kept.contractGoneSinceMs : undefined,
    licenses,
    unmapped: unmappedOf(policy.licenses, toldOn(lastDay, kept)),
    previousId: hasBefore ? before.id : undefined,
  }
}

async function gatherWork(sources: SeatSources, id: string): Promise<Work> {
  const { inventory, records, policy, clock } = sources
  const nowMs = clock.nowMs()
  const today = utcDayOf(nowMs)
  const at = (periods: readonly DatedPeriod[]) => {
    const period = id === 'current' ? currentPeriodOf(periods, nowMs) : periodNamed(id, periods, nowMs)
    if (!period) return undefined
    const before = periodBefore(period, periods, nowMs)
    const lastDay = period.endDay < today ? period.endDay : today
    return { period, before, lastDay, firstDay: firstDayOf(period, before, lastDay) }
  }
  const [counts, kept, record] = await Promise.all([
    inventory.counts(),
    readKeptBilling(sources, (periods) => {
      const found = at(periods)
      return found ? daysOf(found.firstDay, found.lastDay) : []
    }),
    records.paid(),
  ])
  const found = at(kept.periods)
  if (!found) throw await unknownPeriod(sources, id)
  const { period, before, firstDay, lastDay } = found
  const rows = await inventory.days(firstDay, lastDay)
  const isCurrent = periodsOn(today, [period]).length > 0
  if (!isCurrent && period.from === 'calendar' && !rows.some(({ day }) => isIn(period, day))) {
    throw await unknownPeriod(sources, id)
  }
  const untilMs = isCurrent ? nowMs + 1 : endOfDay(lastDay)
  const paidOn = paidByDays({ policy, kept, record, today })
  return { sources, period, before, kept, record, paidOn, counts, rows, isCurrent, lastDay, untilMs }
}

/** One license as it stands in the end. */
interface Standing {
  readonly licenseId: string
  readonly held: number | undefined
  readonly unknown?: number | undefined
  readonly paid: Paid
  /** Its counts, those before the period included, the earliest first. */
  readonly all: readonly Counted[]
}

function standingOf({
  sources,
  period,
  paidOn,
  counts,
  rows,
  isCurrent,
  lastDay,
  untilMs,
}: Work): readonly Standing[] {
  const { policy } = sources
  const countsOf = (licenseId: string, more: readonly Counted[] = []) =>
    [...wholeCountsOf(rows, licenseId), ...more].map((each): Counted => {
      return { ...each, seats: paidOn(licenseId, each.day).seats }
    })
  if (isCurrent) {
    return licensesOf(counts, policy).map(({ licenseId, held, unknown }) => {
      const all = countsOf(licenseId, [{ day: lastDay, atMs: untilMs, held }])
      return { licenseId, held, unknown, paid: paidOn(licenseId, lastDay), all }
    })
  }
  const seen = rows.filter(({ day, isWhole }) => isWhole && isIn(period, day))
  const ids = new Set(seen.flatMap(({ held }) => Object.keys(held)))
  const named = [...ids].map((licenseId) => ({ licenseId, held: 0, unknown: 0 }))
  return licensesOf({ counts: named }, policy).map(({ licenseId }) => {
    const all = countsOf(licenseId)
    const last = all.findLast(({ day }) => isIn(period, day))
    return { licenseId, held: last?.held, paid: paidOn(licenseId, lastDay), all }
  })
}

function licensePeriodOf(
  { licenseId, held, unknown, paid, all }: Standing,
  work: Work,
  gathered: Gathered,
): LicensePeriod {
  const { period, before, paidOn, counts, rows, isCurrent, lastDay } = work
  const inPeriod = all.filter(({ day }) => isIn(period, day))
  const over = excessOf(held, paid.seats)
  const newest = isCurrent ? { day: lastDay, held, isWhole: counts.isWhole } : undefined
  const rowOf = new Map(rows.map((row) => [row.day, row]))
  return {
    licenseId,
    held,
    unknown,
    ...paid,
    over,
    atStart: heldAtStart(all, period.startDay),
    most: mostOf(inPeriod),
    mostOver: mostOverOf(inPeriod),
    ...(isCounted(work) ? gathered.movesOf(licenseId) : {}),
    ...behindOverage(
      { held, over, all, recordsFromMs: counts.recordsFromMs },
      gathered.differencesOf(licenseId),
      (day) => paidOn(licenseId, day).seats,
    ),
    days: daysOf(period.startDay, lastDay).map((day): LicenseDay => {
      const row = rowOf.get(day)
      const { seats } = paidOn(licenseId, day)
      if (newest?.day === day) return { ...newest, seats }
      if (row === undefined) return { day, seats }
      return { day, held: heldIn(row, licenseId), isWhole: row.isWhole, seats }
    }),
    before: before && beforeOf(before, all, paidOn(licenseId, before.endDay)),
  }
}

function beforeOf(before: DatedPeriod, all: readonly Counted[], { billed }: Paid): LicensePeriod['before'] {
  const most = mostOf(all.filter(({ day }) => isIn(before, day)))?.held
  return most === undefined && billed === undefined ? undefined : { most, billed }
}

/** With the names and e-mails that the newest reading knows, and with who asked for it and why. */
async function withNames(
  { inventory }: SeatSources,
  licenses: readonly LicensePeriod[],
): Promise<readonly LicensePeriod[]> {
  const ids = new Set(licenses.flatMap(({ people }) => people.map(({ userId }) => userId)))
  if (ids.size === 0) return licenses
  const changes = licenses.flatMap(({ people }) => people.flatMap(({ by }) => changeIdBehind(by) ?? []))
  const [known, origins] = await Promise.all([inventory.people(ids), inventory.origins(changes)])
  const named = (person: PersonBehind): PersonBehind => {
    const { name, email } = known.get(person.userId.toLowerCase()) ?? {}
    const origin = origins.get(changeIdBehind(person.by) ?? '')
    return { ...person, ...origin, name: name ?? undefined, email: email ?? undefined }
  }
  return licenses.map((license) => ({ ...license, people: license.people.map(named) }))
}

/** Periods that are named to whoever asked for one that there is not: a year of months. */
const MAX_NAMED = 12

async function unknownPeriod(sources: SeatSources, id: string): Promise<GatewayError> {
  const periods = await listPeriods(sources)
  const named = periods.slice(0, MAX_NAMED).map((each) => `${each.id} (${each.start} to ${each.end})`)
  const others = periods.length > MAX_NAMED ? ` and ${periods.length - MAX_NAMED} older` : ''
  return new GatewayError(
    'not.found',
    `There is no period ${id} on record, but ${named.join(', ')}${others}: GET /v1/periods lists them`,
  )
}

/** Whether changes are on record of any of its days. */
function isCounted({ counts, isCurrent, untilMs }: Pick<Work, 'counts' | 'isCurrent' | 'untilMs'>): boolean {
  return isCurrent || counts.recordsFromMs < untilMs
}

/** The period as callers see it. */
function shownOf({ id, from, start, end, status, toldAtMs }: DatedPeriod): Period {
  return { id, from, start, end, status, toldAtMs }
}

function isIn({ startDay, endDay }: DatedPeriod, day: string): boolean {
  return startDay <= day && day <= endDay
}

/** The latest of them where they are many. */
function daysOf(firstDay: string, lastDay: string): readonly string[] {
  const days: string[] = []
  const earliest = utcDayOf(startOfDay(lastDay) - (MAX_DAYS - 1) * DAY_MS)
  for (let day = firstDay < earliest ? earliest : firstDay; day <= lastDay; day = dayAfter(day)) {
    days.push(day)
  }
  return days
}

function firstDayOf(period: DatedPeriod, before: DatedPeriod | undefined, lastDay: string): string {
  const wanted = [
    before?.startDay ?? period.startDay,
    utcDayOf(startOfDay(period.startDay) - OVERAGE_DAYS * DAY_MS),
  ].sort()
  const earliest = utcDayOf(startOfDay(lastDay) - 2 * MAX_DAYS * DAY_MS)
  const [first = earliest] = wanted
  return first < earliest ? earliest : first
}

function monthsBefore(day: string, months: number): string {
  const [year = 0, month = 1] = day.split('-').map(Number)
  return utcDayOf(Date.UTC(year, month - 1 - months, 1)).slice(0, 7)
}
