/** When a cron expression of EventBridge Scheduler fires, and whether there is a day to come for it. Pure. */
import { instantsOf, wallTimeAt } from '../local-time.ts'
import { fieldsOf, LAST_YEAR, monthsOf, nthWeekdayOf, valuesOf, weekdaysOf } from './cron-fields.ts'

/** EventBridge Scheduler refuses longer ones, so they cost nothing here. Characters. */
const MAX_LENGTH = 256

type IsOfDay = (year: number, month: number, day: number) => boolean

/** @returns undefined for what is not read here. */
function weekdayCheck(field: string): IsOfDay | undefined {
  const weekdayOf = (year: number, month: number, day: number) =>
    new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1
  // Months have a last day; a weekday may be the fifth of its month, which not every month has.
  const fixed = nthWeekdayOf(field)
  if (fixed) {
    return (year, month, day) =>
      Math.ceil(day / 7) === fixed.nth && weekdayOf(year, month, day) === fixed.weekday
  }
  const weekdays = weekdaysOf(field)
  return weekdays && ((year, month, day) => weekdays.includes(weekdayOf(year, month, day)))
}

/** @returns epoch milliseconds of its days from today on, each as it would begin in UTC; undefined for what is not read here. */
function daysToCome(cron: string, today: number, isOfWeekday: IsOfDay): Generator<number> | undefined {
  const { day, month, year } = fieldsOf(cron)
  const years = valuesOf(year, 1970, LAST_YEAR)
  const months = monthsOf(month)
  const isLast = day === 'L'
  const days = isLast ? valuesOf('28-31', 1, 31) : valuesOf(day, 1, 31)
  if (!years || !months || !days) return undefined
  const isOfMonth = (y: number, m: number, d: number) =>
    isLast
      ? d === new Date(Date.UTC(y, m, 0)).getUTCDate()
      : new Date(Date.UTC(y, m - 1, d)).getUTCDate() === d
  return (function* () {
    for (const y of years) {
      if (y < new Date(today).getUTCFullYear()) continue
      for (const m of months) {
        for (const d of days) {
          const date = Date.UTC(y, m - 1, d)
          if (date >= today && isOfMonth(y, m, d) && isOfWeekday(y, m, d)) yield date
        }
      }
    }
  })()
}

/** Whether there is a time from now on at which it fires, were no time skipped by clocks; what is not read here is taken to have one. */
export function isToFire(cron: string, timeZone: string, nowMs: number): boolean {
  if (cron.length > MAX_LENGTH) return true
  const { minute, hour, weekday } = fieldsOf(cron)
  const wallMs = wallTimeAt(nowMs, timeZone)
  const today = dayOf(wallMs)
  const days = daysToCome(cron, today, weekdayCheck(weekday) ?? (() => true))
  if (!days) return true
  for (const date of days) {
    if (date > today || isLaterToday(minute, hour, new Date(wallMs))) return true
  }
  return false
}

/**
 * When it fires next. A time that clocks skip is none; of one that they show twice it is the first.
 *
 * @returns epoch milliseconds; undefined where it never does, and for what is not read here.
 */
export function nextFiringOf(cron: string, timeZone: string, nowMs: number): number | undefined {
  if (cron.length > MAX_LENGTH) return undefined
  const { minute, hour, weekday } = fieldsOf(cron)
  const [minutes, hours] = [valuesOf(minute, 0, 59), valuesOf(hour, 0, 23)]
  const isOfWeekday = weekdayCheck(weekday)
  const days = isOfWeekday && daysToCome(cron, dayOf(wallTimeAt(nowMs, timeZone)), isOfWeekday)
  if (!minutes || !hours || !days) return undefined
  for (const date of days) {
    for (const h of hours) {
      for (const m of minutes) {
        const [instant] = instantsOf(date + (h * 60 + m) * 60_000, timeZone)
        if (instant !== undefined && instant > nowMs) return instant
      }
    }
  }
  return undefined
}

const DAY_MS = 86_400_000
const dayOf = (wallMs: number) => Math.floor(wallMs / DAY_MS) * DAY_MS

function isLaterToday(minute: string, hour: string, now: Date): boolean {
  const lastHour = valuesOf(hour, 0, 23)?.at(-1)
  const lastMinute = valuesOf(minute, 0, 59)?.at(-1)
  if (lastHour === undefined || lastMinute === undefined) return true
  return lastHour * 60 + lastMinute > now.getUTCHours() * 60 + now.getUTCMinutes()
}
