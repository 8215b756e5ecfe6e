/** Times as they are shown. */

const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' })
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' })
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

/** From the largest that fits; seconds. */
const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** Hours and minutes. @param at ISO 8601. */
export function clockTime(at: string): string {
  return clock.format(new Date(at))
}

/** The day, hours and minutes. */
export function dayTime(at: string): string {
  return day.format(new Date(at))
}

export function wholeTime(at: string): string {
  return whole.format(new Date(at))
}

/** `just now`, `2 minutes ago`. Both ISO 8601; `now` is the laptop's, which can be moved on. */
export function timeSince(at: string, now: string): string {
  const seconds = (Date.parse(at) - Date.parse(now)) / 1_000
  const fitting = UNITS.find(([, length]) => Math.abs(seconds) >= length)
  return fitting ? relative.format(Math.round(seconds / fitting[1]), fitting[0]) : 'just now'
}

const units: Readonly<Record<string, string>> = { D: 'd', H: 'h', M: 'min', S: 's' }

/** `PT8H` -> `8 h`. @param duration ISO 8601, of days and less. */
export function spokenDuration(duration: string): string {
  return [...duration.matchAll(/(\d+)([DHMS])/g)].map(([, n, unit = '']) => `${n} ${units[unit]}`).join(' ')
}
