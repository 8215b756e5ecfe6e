import type { Moment } from './typed-command.ts'

const CLOCK = /^(\d{1,2})(?::([0-5]\d))? ?(am|pm)?$/

/**
 * @param text in lower case.
 * @returns `HH:MM` by the 24-hour clock; undefined where it is no time of day, a bare number included.
 */
export function clockIn(text: string): string | undefined {
  const [, hours, minutes, half] = CLOCK.exec(text) ?? []
  if (hours === undefined || (minutes === undefined && half === undefined)) return undefined
  const hour = Number(hours)
  const isPossible = half === undefined ? hour < 24 : hour >= 1 && hour <= 12
  if (!isPossible) return undefined
  const ofDay = half === undefined ? hour : (hour % 12) + (half === 'pm' ? 12 : 0)
  return `${String(ofDay).padStart(2, '0')}:${minutes ?? '00'}`
}

/** Offsets go up to 14 hours. Years are of this millennium: anything else is a slip. */
const DATE_TIME =
  /^(2\d{3}-\d{2}-\d{2})(?:[t ](\d{1,2}:\d{2})(:\d{2}(?:\.\d{1,3})?)? ?(z|[+-](?:0\d|1[0-4]):?[0-5]\d)?)?$/

/**
 * @param text in lower case: a date, with a time or midnight, with an offset or by the person's own time zone.
 * @returns undefined where it is none, or no such day or time exists.
 */
export function dateTimeIn(text: string): Moment | undefined {
  const [, date, time = '00:00', seconds = '', offset] = DATE_TIME.exec(text) ?? []
  if (date === undefined) return undefined
  const at = `${date}T${time.padStart(5, '0')}${seconds}`
  const asUtcMs = Date.parse(`${at}Z`)
  if (Number.isNaN(asUtcMs) || !new Date(asUtcMs).toISOString().startsWith(at)) return undefined
  if (offset === undefined) return { kind: 'local', at }
  const withColon = offset === 'z' ? 'Z' : `${offset.slice(0, 3)}:${offset.slice(-2)}`
  return { kind: 'instant', iso: `${at.length === 16 ? `${at}:00` : at}${withColon}` }
}
