const DAY_MS = 86_400_000

/**
 * The instant of a local time in a time zone, by the zone's rules as Node knows them.
 *
 * @param local `2026-12-01T09:00` or with seconds.
 * @returns epoch milliseconds; of a time that occurs twice the first, of one that is skipped the moment after.
 */
export function instantOf(local: string, timeZone: string): number {
  const asUtcMs = Date.parse(`${local.length === 16 ? `${local}:00` : local}Z`)
  // The offsets in force a day before and a day after are the two that can apply.
  const candidates = [asUtcMs - DAY_MS, asUtcMs + DAY_MS].map((atMs) => asUtcMs - offsetMs(atMs, timeZone))
  const exact = candidates.filter((atMs) => atMs + offsetMs(atMs, timeZone) === asUtcMs)
  return exact.length > 0 ? Math.min(...exact) : Math.max(...candidates)
}

/** How far the zone's clocks are ahead of UTC at an instant. */
function offsetMs(atMs: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]))
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
  const shownMs = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  return shownMs - Math.floor(atMs / 1000) * 1000
}
