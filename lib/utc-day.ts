/** Times as answers and the record write them, and days as they count them: UTC, `2026-11-28`. */

/** ISO 8601 of a time, epoch milliseconds. */
export function isoOf(ms: number): string {
  return new Date(ms).toISOString()
}

/** The same of a time that may be absent. */
export function isoIfKnown(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : isoOf(ms)
}

/** Milliseconds. UTC has no hour that comes twice. */
export const DAY_MS = 86_400_000

/** The UTC day of a time, epoch milliseconds. */
export function utcDayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

/** When a day begins, epoch milliseconds. */
export function startOfDay(day: string): number {
  return Date.parse(`${day}T00:00:00.000Z`)
}

/** Whether a text is a day as `2026-11-28`: the 31st of November would be read as a day of December. */
export function isUtcDay(text: string): boolean {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? startOfDay(text) : Number.NaN
  return !Number.isNaN(ms) && utcDayOf(ms) === text
}

export function dayAfter(day: string): string {
  return utcDayOf(startOfDay(day) + DAY_MS)
}

export function dayBefore(day: string): string {
  return utcDayOf(startOfDay(day) - DAY_MS)
}

/** When a day is over, epoch milliseconds. */
export function endOfDay(day: string): number {
  return startOfDay(day) + DAY_MS
}
