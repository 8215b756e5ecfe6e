/** The days of a license, one behind the other without a hole, as charts and tables take them. */
import { dayBefore, isUtcDay, startOfDay } from '../../utc-day.ts'
import type { LicenseDay } from '../seats-port.ts'

/** Many years: what claims to be a longer period is drawn from its last days. */
const MOST_DAYS = 4_000

/** @returns the UTC midnight of a day as `2026-11-28`, epoch milliseconds; undefined for a text that is no day. */
export function msOfDay(day: string): number | undefined {
  return isUtcDay(day) ? startOfDay(day) : undefined
}

/** @returns the earliest first; a day that nothing is known of has its name alone. */
export function everyDayOf(days: readonly LicenseDay[]): readonly LicenseDay[] {
  const known = new Map(
    days.filter(({ day }) => msOfDay(day) !== undefined).map((each) => [each.day, each] as const),
  )
  const names = [...known.keys()].sort()
  const [first] = names
  const last = names.at(-1)
  if (first === undefined || last === undefined) return []
  const all: LicenseDay[] = []
  for (let day = last; day >= first && all.length < MOST_DAYS; day = dayBefore(day)) {
    all.push(known.get(day) ?? { day })
  }
  return all.reverse()
}

/** Days that follow each other and say the same. */
export interface DayStretch extends LicenseDay {
  readonly lastDay: string
}

export function dayStretchesOf(days: readonly LicenseDay[]): readonly DayStretch[] {
  const stretches: DayStretch[] = []
  for (const day of days) {
    const last = stretches.at(-1)
    if (last && saysTheSame(last, day)) stretches[stretches.length - 1] = { ...last, lastDay: day.day }
    else stretches.push({ ...day, lastDay: day.day })
  }
  return stretches
}

function saysTheSame(one: LicenseDay, other: LicenseDay): boolean {
  return one.held === other.held && one.seats === other.seats && one.isWhole === other.isWhole
}

/** By how many more are held than paid for; undefined where one of the two is not known. */
export function overOf({ held, seats }: LicenseDay): number | undefined {
  return held === undefined || seats === undefined ? undefined : Math.max(0, held - seats)
}
