/** Between instants and what a clock on the wall shows. A wall time is written as the epoch milliseconds it would be in UTC. */

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone)
  if (!format) {
    const twoDigits = '2-digit'
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: twoDigits,
      day: twoDigits,
      hour: twoDigits,
      minute: twoDigits,
      second: twoDigits,
    })
    formats.set(timeZone, format)
  }
  return format
}

/** @throws RangeError where there is no such time zone. */
export function wallTimeAt(instantMs: number, timeZone: string): number {
  const parts = formatOf(timeZone).formatToParts(instantMs)
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value)
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
}

const DAY_MS = 86_400_000

/** @returns the instants at which the wall shows that time: two where clocks are set back, none where they skip it. */
export function instantsOf(wallMs: number, timeZone: string): number[] {
  const offsets = [wallMs - DAY_MS, wallMs + DAY_MS].map((near) => wallTimeAt(near, timeZone) - near)
  const candidates = [...new Set(offsets)].map((offset) => wallMs - offset)
  return candidates
    .filter((instant) => wallTimeAt(instant, timeZone) === wallMs)
    .toSorted((one, other) => one - other)
}

/** @returns the first such instant; for a time that is skipped, as much after the skip as it lies after its beginning. */
export function instantAt(wallMs: number, timeZone: string): number {
  const [first] = instantsOf(wallMs, timeZone)
  const before = wallMs - DAY_MS
  return first ?? wallMs - (wallTimeAt(before, timeZone) - before)
}

/**
 * The instant of a local time in a time zone, by the zone's rules as Node knows them.
 *
 * @param local `2026-12-01T09:00` or with seconds, of a time that clocks can show.
 * @returns epoch milliseconds; of a time that occurs twice the first, of one that is skipped the moment after.
 */
export function instantOf(local: string, timeZone: string): number {
  return instantAt(Date.parse(`${withSeconds(local)}Z`), timeZone)
}

/** Whether a local time is one that a clock can show: no 13th month, no 30th of February, no `24:01`. */
export function isLocalTime(local: string): boolean {
  const wallMs = Date.parse(`${withSeconds(local)}Z`)
  // Date takes the 30th of February for the 2nd of March.
  return !Number.isNaN(wallMs) && new Date(wallMs).toISOString().slice(0, 19) === withSeconds(local)
}

/**
 * The two times beside one that a zone's clocks skip: what it would be before the skip and after it.
 *
 * @returns epoch milliseconds, the earlier first; undefined for a time that the clocks show.
 */
export function besideSkip(local: string, timeZone: string): readonly [number, number] | undefined {
  const wallMs = Date.parse(`${withSeconds(local)}Z`)
  if (instantsOf(wallMs, timeZone).length > 0) return undefined
  const [later, earlier] = [wallMs - DAY_MS, wallMs + DAY_MS].map(
    (near) => wallMs - (wallTimeAt(near, timeZone) - near),
  )
  return earlier === undefined || later === undefined ? undefined : [earlier, later]
}

/** The local time at an instant, `2026-12-01T09:00:00`. */
export function localTimeAt(instantMs: number, timeZone: string): string {
  return new Date(wallTimeAt(instantMs, timeZone)).toISOString().slice(0, 19)
}

const withSeconds = (local: string) => (local.length === 16 ? `${local}:00` : local)

/** Longest of a zone's name that is looked up; IANA's have up to 30 characters. */
const MAX_ZONE_NAME = 64

/**
 * Whether this is the name of an IANA time zone in its own spelling. An offset is none: it knows no summer time, and
 * EventBridge Scheduler takes none. ICU takes names in any case and answers an alias with another name, so of an alias
 * it can only be said that it begins as all names do and is not shouted.
 */
export function isTimeZone(name: string): boolean {
  if (name.length > MAX_ZONE_NAME || !/^[A-Z]/.test(name)) return false
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions()
    return timeZone.toLowerCase() === name.toLowerCase() ? timeZone === name : !/\/[A-Z]{4,}$/.test(name)
  } catch {
    return false
  }
}
