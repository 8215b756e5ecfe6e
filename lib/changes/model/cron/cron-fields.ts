/** The fields of a cron expression of EventBridge Scheduler, as far as numbers, names, lists, ranges and steps say them. Pure. */

export const CRON_MONTHS = [
  'JAN',
  'FEB',
  'MAR',
  'APR',
  'MAY',
  'JUN',
  'JUL',
  'AUG',
  'SEP',
  'OCT',
  'NOV',
  'DEC',
]
const CRON_WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

/** The last year that EventBridge Scheduler takes. */
export const LAST_YEAR = 2199

/** As text, in their order. */
export interface CronFields {
  readonly minute: string
  readonly hour: string
  readonly day: string
  readonly month: string
  readonly weekday: string
  readonly year: string
}

/** @param cron six fields, apart by one blank each. */
export function fieldsOf(cron: string): CronFields {
  const [minute = '', hour = '', day = '', month = '', weekday = '', year = ''] = cron.split(' ')
  return { minute, hour, day, month, weekday, year }
}

/** The values of a field in ascending order; undefined for what is not read here, such as `L` and `15W`. */
export function valuesOf(
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

export const weekdaysOf = (field: string) => valuesOf(field, 1, 7, CRON_WEEKDAYS)
export const monthsOf = (field: string) => valuesOf(field, 1, 12, CRON_MONTHS)

/** `MON#1` and `2#1`: the first Monday of a month. @returns undefined where it is not of that form. */
export function nthWeekdayOf(field: string): { readonly weekday: number; readonly nth: number } | undefined {
  const [, name = '', nth] = /^(\w{1,3})#([1-5])$/.exec(field) ?? []
  const [weekday] = weekdaysOf(name) ?? []
  return weekday === undefined ? undefined : { weekday, nth: Number(nth) }
}
