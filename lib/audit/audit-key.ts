/** What files of the audit are called. */

/** What keys begin with: the one prefix that the writing function may put under. */
export const AUDIT_PREFIX = 'audit/'

const ENDING = '.ndjson'

/** @param day UTC, `2026-11-28`. */
export function keyOfDay(day: string): string {
  return `${AUDIT_PREFIX}${day}${ENDING}`
}

/** The day of a key; undefined for what is no key of a file. */
export function dayOfKey(key: string): string | undefined {
  return /^audit\/(\d{4}-\d{2}-\d{2})\.ndjson$/.exec(key)?.[1]
}
