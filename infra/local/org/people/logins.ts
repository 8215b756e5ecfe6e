/**
 * When people log in: the same in every org, by the day. Most come on weekdays; some only now and then, some not any more,
 * some never. Which of it the directory tells is another matter: of single sign-on it knows no login, and of a few nothing.
 */
import { mix } from './seeded.ts'

export const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

type Habit = 'never' | 'idle' | 'seldom' | 'singleSignOn' | 'untold' | 'weekdays'

/** In twenty people. */
const habits: readonly Habit[] = ['never', 'idle', 'seldom', 'singleSignOn', 'singleSignOn', 'untold']

function habitOf(index: number): Habit {
  return habits[mix(index ^ 0x5f3759df) % 20] ?? 'weekdays'
}

/** Days since 1970 on which the idle logged in last: from November 2025 to February 2026. */
const IDLE_SINCE = { from: 20_400, days: 100 }

/** For so long back the last login is looked for; whoever comes once in thirty days has come by then. Days. */
const LOOK_BACK_DAYS = 400

/** When somebody logs in on that day (since 1970, UTC) for the first time, epoch milliseconds; undefined where they do not. */
export function loginOn(index: number, day: number): number | undefined {
  const hash = mix(mix(index ^ 0x1f83d9ab) ^ day)
  return comesOn(index, day, hash) ? day * DAY_MS + (6 * 60 + ((hash >>> 8) % 600)) * MINUTE_MS : undefined
}

function comesOn(index: number, day: number, hash: number): boolean {
  const habit = habitOf(index)
  if (habit === 'never') return false
  if (habit === 'idle') return day === IDLE_SINCE.from + (mix(index) % IDLE_SINCE.days)
  if (habit === 'seldom') return hash % 30 === 0
  // The first of January 1970 was a Thursday.
  const isWeekend = (day + 4) % 7 === 0 || (day + 4) % 7 === 6
  return !isWeekend && hash % 6 !== 0
}

/** The first login of somebody who could log in, from a time until before another; epoch milliseconds. */
export function firstLogin(
  index: number,
  fromMs: number,
  untilMs: number,
  couldLogIn: (atMs: number) => boolean,
): number | undefined {
  if (habitOf(index) === 'never') return undefined
  for (let day = Math.floor(fromMs / DAY_MS); day * DAY_MS < untilMs; day++) {
    const atMs = loginOn(index, day)
    if (atMs !== undefined && atMs >= fromMs && atMs < untilMs && couldLogIn(atMs)) return atMs
  }
  return undefined
}

function lastLogin(index: number, nowMs: number, couldLogIn: (atMs: number) => boolean) {
  const habit = habitOf(index)
  if (habit === 'never') return undefined
  const today = Math.floor(nowMs / DAY_MS)
  for (let day = today; day > today - LOOK_BACK_DAYS; day--) {
    const atMs = loginOn(index, day)
    if (atMs !== undefined && atMs <= nowMs && couldLogIn(atMs)) return atMs
  }
  return undefined
}

/** What the directory tells of somebody's activity, of what is asked for by `expand`: what is absent nobody knows. */
export function activityOf(
  index: number,
  expand: ReadonlySet<string>,
  nowMs: number,
  couldLogIn: (atMs: number) => boolean,
): object {
  if (expand.size === 0) return {}
  const habit = habitOf(index)
  const lastMs = habit === 'untold' ? undefined : lastLogin(index, nowMs, couldLogIn)
  if (lastMs === undefined) return {}
  const at = new Date(lastMs).toISOString()
  return {
    ...(expand.has('dateLastLogin') && habit !== 'singleSignOn' && { dateLastLogin: at }),
    // Seen as an object, which is documented, and as text.
    ...(expand.has('lasttokenissued') && { lastTokenIssued: index % 3 === 0 ? at : { dateIssued: at } }),
  }
}
