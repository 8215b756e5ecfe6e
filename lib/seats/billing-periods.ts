/**
 * Which billing periods there are, and which one a day belongs to. Contracts' periods as Genesys tells them, else calendar
 * months. Whether a period's end is its last day or the one after is not documented: it counts as the last, unless another
 * period begins on it.
 */
import { DAY_MS, dayBefore, utcDayOf } from '../utc-day.ts'
import { type BillingLook, type KeptPeriod, keyOfPeriod } from './billing-records.ts'
import type { Period } from './seats-port.ts'

/** What billing told counts for so many days after it tells nothing more: a preview may be away for one. */
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

/** The periods that billing has told, those whose days cannot be read left out; the newest first. */
export function contractPeriodsOf(look: BillingLook | undefined, nowMs: number): readonly DatedPeriod[] {
  const { contracts } = look ?? {}
  if (!contracts || contracts.toldAtMs < nowMs - MAX_TOLD_AGE_DAYS * DAY_MS) return []
  const today = utcDayOf(nowMs)
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
        status: period.status ?? (lastDay < today ? 'closed' : 'open'),
        key: keyOfPeriod(period),
        contractId,
        startDay,
        endDay: lastDay,
      }
    })
    .sort(byNewest)
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

/** The one before it: of the same contract, or the month before. */
export function periodBefore(
  period: DatedPeriod,
  periods: readonly DatedPeriod[],
  nowMs: number,
): DatedPeriod | undefined {
  if (period.from === 'calendar') return monthPeriod(monthBefore(period.id), nowMs)
  return periods.find(
    ({ contractId, startDay }) => contractId === period.contractId && startDay < period.startDay,
  )
}

/** The later beginning first; of two at once the lower key, so that the order is always one. */
function byNewest(a: DatedPeriod, b: DatedPeriod): number {
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
