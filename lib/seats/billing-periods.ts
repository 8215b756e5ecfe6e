/**
 * Which billing periods there are, and which one a day belongs to. Contracts' periods as Genesys tells them, else calendar
 * months. Whether a period's end is its last day or the one after is not documented: it counts as the last, unless another
 * period begins on it.
 */
import { DAY_MS, dayBefore, isUtcDay, utcDayOf } from '../utc-day.ts'
import { type BillingLook, type KeptPeriod, keyOfPeriod } from './billing-records.ts'
import type { Period } from './seats-port.ts'

/** What billing told of today counts for so many days after it tells nothing more: a preview may be away for one. */
const MAX_TOLD_AGE_DAYS = 7

/** A period, with the days that it has. */
export interface DatedPeriod extends Period {
  /** What is kept of it stands under this. */
  readonly key: string
  readonly contractId?: string | undefined
  /** UTC days, both inclusive. */
  readonly startDay: string
  readonly endDay: string
}

type ToldContracts = Pick<BillingLook, 'contracts'> | undefined

/** Whether what billing told of its contracts is too old to be true of today. */
export function isToldNoMore(look: ToldContracts, nowMs: number): boolean {
  const { contracts } = look ?? {}
  return contracts !== undefined && contracts.toldAtMs < nowMs - MAX_TOLD_AGE_DAYS * DAY_MS
}

/**
 * The periods that billing has told, those whose days cannot be read left out; the newest first. Where it tells none any
 * more, those that are over stay: what they came to does not change with it.
 */
export function contractPeriodsOf(look: ToldContracts, nowMs: number): readonly DatedPeriod[] {
  const { contracts } = look ?? {}
  if (!contracts) return []
  const today = utcDayOf(nowMs)
  const isGone = isToldNoMore(look, nowMs)
  const dated = contracts.periods.flatMap((period) => datedOf(period) ?? [])
  const begun = dated.filter(({ startDay }) => startDay <= today)
  const starts = Map.groupBy(begun, ({ startDay }) => startDay)
  const ids = Map.groupBy(begun, ({ period }) => period.id)
  return begun
    .map(({ period, startDay, endDay }): DatedPeriod => {
      const isTaken = starts.get(endDay)?.some((other) => other.period !== period) ?? false
      const lastDay = isTaken && endDay > startDay ? dayBefore(endDay) : endDay
      const { id, contractId, start = '', end = '' } = period
      return {
        id: ids.get(id)?.length === 1 ? id : `${contractId}:${id}`,
        from: 'contract',
        start,
        end,
        status: isGone ? 'closed' : (period.status ?? (lastDay < today ? 'closed' : 'open')),
        toldAtMs: period.toldAtMs ?? contracts.toldAtMs,
        key: keyOfPeriod(period),
        contractId,
        startDay,
        endDay: lastDay,
      }
    })
    .filter(({ endDay }) => !isGone || endDay < today)
    .sort(byNewest)
}

/** Of the periods told, those that a day has or a later one: all that tells which a later day is in. */
export function toldFrom(day: string, look: ToldContracts): BillingLook['contracts'] {
  const { contracts } = look ?? {}
  const isLater = (period: KeptPeriod) => (datedOf(period)?.endDay ?? '') >= day
  return contracts && { ...contracts, periods: contracts.periods.filter(isLater) }
}

/** A calendar month, in UTC. @param month `2026-11` */
export function monthPeriod(month: string, nowMs: number): DatedPeriod {
  const startDay = `${month}-01`
  const endDay = dayBefore(utcDayOf(startOfNextMonth(month)))
  const status = endDay < utcDayOf(nowMs) ? 'closed' : 'open'
  return { id: month, from: 'calendar', start: startDay, end: endDay, status, key: month, startDay, endDay }
}

export function monthBefore(month: string): string {
  return dayBefore(`${month}-01`).slice(0, 7)
}

/** Months, the newest first. @param days that something is on record of. */
export function monthPeriodsOf(days: readonly string[], nowMs: number): readonly DatedPeriod[] {
  const months = new Set([utcDayOf(nowMs), ...days].map((day) => day.slice(0, 7)))
  return [...months]
    .sort()
    .reverse()
    .map((month) => monthPeriod(month, nowMs))
}

/** Those that have the day: of several contracts there may be as many. */
export function periodsOn(day: string, periods: readonly DatedPeriod[]): readonly DatedPeriod[] {
  return periods.filter(({ startDay, endDay }) => startDay <= day && day <= endDay)
}

/** Whether the month stands for a period: no contract's has its last day, or of the month at work today. */
export function isMonthCounted(
  { startDay, endDay }: DatedPeriod,
  periods: readonly DatedPeriod[],
  nowMs: number,
): boolean {
  const today = utcDayOf(nowMs)
  return startDay <= today && periodsOn(endDay < today ? endDay : today, periods).length === 0
}

/**
 * The period of that id, in any case where none is spelt so; else the one that has the day, or all of the month, which was named in its place.
 *
 * @param id a period's, `2026-11-28` or `2026-11`.
 */
export function periodNamed(
  id: string,
  periods: readonly DatedPeriod[],
  nowMs: number,
): DatedPeriod | undefined {
  const wanted = id.toLowerCase()
  const found =
    periods.find((period) => period.id === id) ?? periods.find((period) => period.id.toLowerCase() === wanted)
  if (found || !/^[12]\d{3}-/.test(id) || !(isUtcDay(id) || isUtcDay(`${id}-01`))) return found
  const month = monthPeriod(id.slice(0, 7), nowMs)
  const has = ({ startDay, endDay }: DatedPeriod) =>
    id === month.id ? startDay <= month.startDay && month.endDay <= endDay : startDay <= id && id <= endDay
  return periods.find(has) ?? [month].filter(has).find((each) => isMonthCounted(each, periods, nowMs))
}

/** The one before it: of the same contract, or the one that has the day before the month. */
export function periodBefore(
  period: DatedPeriod,
  periods: readonly DatedPeriod[],
  nowMs: number,
): DatedPeriod | undefined {
  if (period.from === 'calendar') {
    return periodsOn(dayBefore(period.startDay), periods)[0] ?? monthPeriod(monthBefore(period.id), nowMs)
  }
  return periods.find(
    ({ contractId, startDay }) => contractId === period.contractId && startDay < period.startDay,
  )
}

/** The later beginning first; of two at once the lower key, so that the order is always one. */
export function byNewest(a: DatedPeriod, b: DatedPeriod): number {
  if (a.startDay !== b.startDay) return a.startDay < b.startDay ? 1 : -1
  return a.key < b.key ? -1 : 1
}

function datedOf(period: KeptPeriod) {
  const [startDay, endDay] = [period.start, period.end].map(dayIn)
  if (startDay === undefined || endDay === undefined || endDay < startDay) return undefined
  return { period, startDay, endDay }
}

/** The UTC day of a date or a date-time. */
function dayIn(written: string | undefined): string | undefined {
  if (written === undefined || !/^\d{4}-\d{2}-\d{2}/.test(written)) return undefined
  const ms = Date.parse(written)
  return Number.isNaN(ms) ? undefined : utcDayOf(ms)
}

function startOfNextMonth(month: string): number {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return Date.UTC(year, number, 1)
}
