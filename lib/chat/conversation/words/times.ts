/** Times as a person in their time zone says and reads them. */
import { instantAt, instantOf, instantsOf, wallTimeAt } from '../../../changes/model/local-time.ts'
import type { Moment } from '../../grammar/typed-command.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/**
 * When the moment is that somebody in this time zone named now.
 *
 * @returns epoch milliseconds. Of a time that occurs twice the first that is not past; of one that clocks skip, the moment
 * as much after the skip.
 */
export function instantOfMoment(moment: Moment, nowMs: number, timeZone: string): number {
  if (moment.kind === 'instant') return Date.parse(moment.iso)
  if (moment.kind === 'local') return instantOf(moment.at, timeZone)
  const nowWallMs = wallTimeAt(nowMs, timeZone)
  const todayMs = nowWallMs - (nowWallMs % DAY_MS)
  const [hours, minutes] = moment.time.split(':').map(Number)
  const wallInDays = (days: number) =>
    todayMs + days * DAY_MS + (hours ?? 0) * HOUR_MS + (minutes ?? 0) * MINUTE_MS
  const today = () => futureInstantOf(wallInDays(0), nowMs, timeZone)
  if (moment.kind === 'clock') return today() ?? instantAt(wallInDays(1), timeZone)
  if (moment.kind === 'tomorrow') return instantAt(wallInDays(1), timeZone)
  const days = (moment.day - (new Date(todayMs).getUTCDay() || 7) + 7) % 7
  return (days === 0 ? today() : undefined) ?? instantAt(wallInDays(days || 7), timeZone)
}

function futureInstantOf(wallMs: number, nowMs: number, timeZone: string): number | undefined {
  const instants = instantsOf(wallMs, timeZone)
  if (instants.length > 0) return instants.find((instant) => instant > nowMs)
  return wallMs > wallTimeAt(nowMs, timeZone) ? instantAt(wallMs, timeZone) : undefined
}

/** A time with its zone, e.g. `Tue 1 Dec 2026, 09:00 CET (Europe/Berlin)`. */
export function timeTextOf(atMs: number, timeZone: string): string {
  const parts = partsOf('en-US', timeZone, atMs)
  // Each locale knows the abbreviations of its own part of the world and writes GMT+1 for the others.
  const zones = ['en-GB', 'en-US', 'en-AU'].map(
    (locale) => partsOf(locale, timeZone, atMs).get('timeZoneName') ?? '',
  )
  const zone = zones.find((each) => !/\d/.test(each)) ?? zones[0]
  const time = `${parts.get('hour')}:${parts.get('minute')} ${zone}`
  const day = `${parts.get('weekday')} ${parts.get('day')} ${parts.get('month')} ${parts.get('year')}`
  return `${day}, ${time}${zone === timeZone ? '' : ` (${timeZone})`}`
}

/** The same for what is of today mostly: `14:02 CET`, with its day where that is another than now's. */
export function ageTextOf(atMs: number, timeZone: string, nowMs: number | undefined): string {
  const whole = timeTextOf(atMs, timeZone)
  const [day, time = ''] = whole.split(', ')
  const isToday = nowMs !== undefined && timeTextOf(nowMs, timeZone).split(', ')[0] === day
  return isToday ? (time.split(' (')[0] ?? time) : whole
}

/** Between two times: with the day of each, unless both are of today. */
export function spanTextOf(fromMs: number, toMs: number, timeZone: string, nowMs: number): string {
  const whole = [fromMs, toMs].map((ms) => timeTextOf(ms, timeZone))
  const today = timeTextOf(nowMs, timeZone).split(', ')[0]
  const isOfToday = whole.every((each) => each.split(', ')[0] === today)
  const [from, to] = isOfToday ? [fromMs, toMs].map((ms) => ageTextOf(ms, timeZone, nowMs)) : whole
  return `between ${from?.split(' (')[0]} and ${to}`
}

function partsOf(locale: string, timeZone: string, atMs: number): Map<string, string> {
  const format = new Intl.DateTimeFormat(locale, {
    timeZone,
    hourCycle: 'h23',
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  })
  return new Map(format.formatToParts(atMs).map(({ type, value }) => [type, value]))
}

/** How far off a time is, in its two largest units: `in 2 hours 30 minutes`, `3 days ago`. */
export function distanceTextOf(atMs: number, nowMs: number): string {
  const distanceMs = Math.round(Math.abs(atMs - nowMs) / MINUTE_MS) * MINUTE_MS
  if (distanceMs === 0) return 'now'
  return atMs > nowMs ? `in ${lengthTextOf(distanceMs)}` : `${lengthTextOf(distanceMs)} ago`
}

/** A length of time in its two largest units, `8 hours`; what is left of them is dropped. */
export function lengthTextOf(ms: number): string {
  const lengths = [
    [DAY_MS, 'day'],
    [HOUR_MS, 'hour'],
    [MINUTE_MS, 'minute'],
    [1_000, 'second'],
  ] as const
  const first = lengths.findIndex(([lengthMs]) => ms >= lengthMs)
  let leftMs = ms
  const said = lengths.slice(Math.max(first, 0), Math.max(first, 0) + 2).flatMap(([lengthMs, unit]) => {
    const count = Math.floor(leftMs / lengthMs)
    leftMs -= count * lengthMs
    return count === 0 ? [] : [`${count} ${unit}${count === 1 ? '' : 's'}`]
  })
  return said.join(' ')
}
