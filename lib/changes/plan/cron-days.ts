/** Whether a cron expression of EventBridge Scheduler has a day to come; what is not read here is taken to have one. */
import { wallTimeAt } from '../model/local-time.ts'

/** The last year that EventBridge Scheduler takes. */
export const LAST_YEAR = 2199

/** EventBridge Scheduler refuses longer ones, so they cost nothing here. Characters. */
const MAX_LENGTH = 256

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

/** The values of a field in ascending order; undefined for what is not read here, such as `L` and `15W`. */
function valuesOf(
  field: string,
  least: number,
  most: number,
  names: readonly string[] = [],
): number[] | undefined {
  const numberOf = (text: string): number => {
    const named = names.indexOf(text.toUpperCase())
    return named >= 0 ? named + 1 : /^\d+$/.test(text) ? Number(text) : Number.NaN
  }
  const found = new Set<number>()
  for (const part of field.split(',')) {
    const [range = '', step, ...more] = part.split('/')
    const [first = '', last, ...others] = range.split('-')
    const isAny = range === '*' || range === '?'
    const from = isAny ? least : numberOf(first)
    const to = isAny || (last === undefined && step !== undefined) ? most : numberOf(last ?? first)
    const by = step === undefined ? 1 : numberOf(step)
    const isRead = more.length + others.length === 0 && from >= least && to <= most && from <= to && by >= 1
    if (!isRead) return undefined
    for (let value = from; value <= to; value += by) found.add(value)
  }
  return [...found].sort((one, other) => one - other)
}

/** Months have a last day; a weekday may be the fifth of its month, which not every month has. */
function hasWeekday(weekday: string): (y: number, month: number, day: number) => boolean {
  const [, name = '', nth] = /^(\w{1,3})#([1-5])$/.exec(weekday) ?? []
  const [wanted] = valuesOf(name, 1, 7, WEEKDAYS) ?? []
  if (wanted === undefined) return () => true
  return (year, month, day) =>
    Math.ceil(day / 7) === Number(nth) && new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1 === wanted
}

/** Whether there is a time from now on at which it fires, were no time skipped by clocks. */
export function isToFire(cron: string, timeZone: string, nowMs: number): boolean {
  if (cron.length > MAX_LENGTH) return true
  const [minute = '', hour = '', day = '', month = '', weekday = '', year = ''] = cron.split(' ')
  const now = new Date(wallTimeAt(nowMs, timeZone))
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate())
  const years = valuesOf(year, 1970, LAST_YEAR)
  const months = valuesOf(month, 1, 12, MONTHS)
  const days = valuesOf(day, 1, 31)
  if (!years || !months || !days) return true
  const isOfWeekday = hasWeekday(weekday)
  for (const y of years) {
    if (y < now.getUTCFullYear()) continue
    for (const m of months) {
      for (const d of days) {
        const date = Date.UTC(y, m - 1, d)
        if (new Date(date).getUTCDate() !== d || date < today || !isOfWeekday(y, m, d)) continue
        if (date > today || isLaterToday(minute, hour, now)) return true
      }
    }
  }
  return false
}

function isLaterToday(minute: string, hour: string, now: Date): boolean {
  const lastHour = valuesOf(hour, 0, 23)?.at(-1)
  const lastMinute = valuesOf(minute, 0, 59)?.at(-1)
  if (lastHour === undefined || lastMinute === undefined) return true
  return lastHour * 60 + lastMinute > now.getUTCHours() * 60 + now.getUTCMinutes()
}
