import { instantAt, wallTimeAt } from '../../../../lib/changes/model/local-time.ts'
import { cronTimes } from './cron-expression.ts'

/** When a schedule fires. */
export interface Times {
  /** Whether it fires once and is done. */
  readonly isOnce: boolean
  /** @returns the first time after an instant, epoch milliseconds; undefined where there is none any more. */
  readonly after: (instantMs: number) => number | undefined
}

const unitsMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }

/**
 * Reads `at(…)`, `cron(…)` and `rate(…)` as EventBridge Scheduler does: a rate counts from the schedule's beginning, which
 * is its first time, and a day of it has 24 hours whatever the clocks do.
 *
 * @param beganMs when the schedule was made, epoch milliseconds.
 * @throws Error with a sentence where AWS would not take it.
 */
export function timesOf(expression: string, timeZone: string, beganMs: number): Times {
  requireTimeZone(timeZone)
  const [, kind, inner = ''] = /^(at|cron|rate)\((.*)\)$/.exec(expression) ?? []
  if (kind === 'cron') return { isOnce: false, after: cronTimes(inner, timeZone) }
  if (kind === 'rate') return { isOnce: false, after: everySoOften(inner, beganMs) }
  if (kind !== 'at') throw invalid(expression)
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(inner)) throw invalid(expression)
  const wallMs = Date.parse(`${inner}Z`)
  // Date takes the 30th of February for the 2nd of March.
  if (Number.isNaN(wallMs) || new Date(wallMs).toISOString().slice(0, 19) !== inner) throw invalid(expression)
  const atMs = instantAt(wallMs, timeZone)
  return { isOnce: true, after: (instantMs) => (atMs > instantMs ? atMs : undefined) }
}

function everySoOften(rate: string, beganMs: number): Times['after'] {
  const [, count = '', unit = ''] = /^([1-9]\d{0,5}) (minute|hour|day)s?$/.exec(rate) ?? []
  const periodMs = Number(count) * (unitsMs[unit] ?? 0)
  if (periodMs === 0) throw invalid(`rate(${rate})`)
  return (instantMs) => beganMs + Math.max(0, Math.floor((instantMs - beganMs) / periodMs) + 1) * periodMs
}

function requireTimeZone(timeZone: string): void {
  try {
    wallTimeAt(0, timeZone)
  } catch (cause) {
    throw new Error(`There is no time zone ${timeZone}.`, { cause })
  }
}

function invalid(expression: string): Error {
  return new Error(`Invalid Schedule Expression ${expression}.`)
}
