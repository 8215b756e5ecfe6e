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
 * @param local `2026-12-01T09:00` or with seconds.
 * @returns epoch milliseconds; of a time that occurs twice the first, of one that is skipped the moment after.
 */
export function instantOf(local: string, timeZone: string): number {
  return instantAt(Date.parse(`${local.length === 16 ? `${local}:00` : local}Z`), timeZone)
}
