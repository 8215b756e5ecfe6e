const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Longest a revert may be put off: a leap year. */
export const MAX_DURATION_MS = 366 * DAY_MS

/** Weeks, or days, hours, minutes and seconds, in whole numbers. */
const DURATION = /^P(?:(\d{1,3})W|(?:(\d{1,3})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?)$/

/**
 * An ISO 8601 duration in milliseconds. Years and months have no fixed length, so there is none for them.
 *
 * @returns undefined where the text is no duration.
 */
export function durationMs(text: string): number | undefined {
  const parts = DURATION.exec(text)
  if (!parts || text === 'P') return undefined
  const [weeks, days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0))
  return (
    (weeks ?? 0) * 7 * DAY_MS +
    (days ?? 0) * DAY_MS +
    (hours ?? 0) * HOUR_MS +
    (minutes ?? 0) * MINUTE_MS +
    (seconds ?? 0) * SECOND_MS
  )
}

/** The same in the fewest units, e.g. `PT8H`. */
export function durationText(ms: number): string {
  const days = Math.floor(ms / DAY_MS)
  const hours = Math.floor((ms % DAY_MS) / HOUR_MS)
  const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS)
  const seconds = Math.floor((ms % MINUTE_MS) / SECOND_MS)
  const part = (value: number, unit: string) => (value === 0 ? '' : `${value}${unit}`)
  const time = part(hours, 'H') + part(minutes, 'M') + part(seconds, 'S')
  return `P${part(days, 'D')}${time === '' ? '' : `T${time}`}`
}
