/**
 * EventBridge Scheduler's cron expressions, read by croner, which has other customs.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html (read November 2026)
 *
 * | | AWS | croner | here |
 * |---|---|---|---|
 * | fields | minute … year | second first | `0` put before |
 * | `?` | as day or as weekday, and in one of them | as `*` | checked, then `*` |
 * | weekdays | 1 is Sunday | 0 is Sunday | croner's Quartz mode |
 * | weekday `L` | Saturday | an error | `7` |
 * | `5/15` | from 5 on | an error | `5-59/15` |
 * | a local time that occurs twice | once | once for a single time, else twice | once, the first |
 * | a local time that is skipped | not at all | after the skip for a single time, else not at all | not at all |
 *
 * For the last two, croner is asked about wall time alone, which knows no summer time.
 */
import { Cron } from 'croner'
import { instantsOf, wallTimeAt } from '../../../../lib/changes/model/local-time.ts'

/** What each field may be made of, besides digits, and its highest value. */
const fields = [
  { name: 'minute', allowed: /^[\d,*/-]+$/, max: 59 },
  { name: 'hour', allowed: /^[\d,*/-]+$/, max: 23 },
  { name: 'day', allowed: /^(\?|[\d,*/LW-]+)$/, max: 31 },
  { name: 'month', allowed: /^[\d,*/A-Z-]+$/, max: 12 },
  { name: 'weekday', allowed: /^(\?|[\d,*/#A-Z-]+)$/, max: 7 },
  { name: 'year', allowed: /^[\d,*/-]+$/, max: 2199 },
] as const

/**
 * @param expression the six fields, without `cron(…)`.
 * @returns the first time after an instant, both epoch milliseconds; undefined where there is none any more.
 * @throws Error with a sentence where AWS would not take the expression.
 */
export function cronTimes(expression: string, timeZone: string): (afterMs: number) => number | undefined {
  const cron = new Cron(cronerPattern(expression), {
    mode: '7-part',
    alternativeWeekdays: true,
    domAndDow: true,
    timezone: 'UTC',
    paused: true,
  })
  return (afterMs) => {
    let wallMs = wallTimeAt(afterMs, timeZone)
    for (;;) {
      const next = cron.nextRun(new Date(wallMs))
      if (!next) return undefined
      wallMs = next.getTime()
      const [first] = instantsOf(wallMs, timeZone)
      if (first !== undefined && first > afterMs) return first
    }
  }
}

function cronerPattern(expression: string): string {
  const parts = expression.trim().toUpperCase().split(/\s+/)
  if (parts.length !== fields.length) {
    throw new Error(`A cron expression has six fields, and this one has ${parts.length}.`)
  }
  const [, , day, , weekday] = parts
  if ((day === '?') === (weekday === '?')) {
    throw new Error('One of day and weekday must be a question mark, and the other one must not.')
  }
  const translated = fields.map(({ name, allowed, max }, index) => {
    const part = parts[index] ?? ''
    if (!allowed.test(part)) throw new Error(`The ${name} of a cron expression cannot be ${part}.`)
    if (part === '?') return '*'
    if (name === 'weekday' && part === 'L') return '7'
    return part.replace(/(?<![-\d])(\d+)\//g, `$1-${max}/`)
  })
  return ['0', ...translated].join(' ')
}
