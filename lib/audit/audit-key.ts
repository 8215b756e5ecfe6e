/** What files of the audit are called. */
import { startOfDay, utcDayOf } from '../utc-day.ts'

/** What keys begin with: the one prefix that the writing function may put under. */
export const AUDIT_PREFIX = 'audit/'

const ENDING = '.ndjson'

/** @param day UTC, `2026-11-28`. */
export function keyOfDay(day: string): string {
  return `${AUDIT_PREFIX}${day}${ENDING}`
}

/** The day of a key; undefined for what is no key of a file. */
export function dayOfKey(key: string): string | undefined {
  const day = /^audit\/(\d{4}-\d{2}-\d{2})\.ndjson$/.exec(key)?.[1]
  return day !== undefined && isDay(day) ? day : undefined
}

/** Whether a key looks as one of a file does, though it may be called after no day. */
export function isNamedAsFile(key: string): boolean {
  return key.startsWith(AUDIT_PREFIX) && key.endsWith(ENDING)
}

/** There is no 31st of February: a date moves on there, and is none of that name. */
function isDay(day: string): boolean {
  const ms = startOfDay(day)
  return !Number.isNaN(ms) && utcDayOf(ms) === day
}
