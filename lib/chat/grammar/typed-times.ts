/** Times and durations as people type them. What day `tomorrow` is is worked out later, by whoever knows when it was said. */
import { durationMs, durationText, MAX_DURATION_MS } from '../../changes/model/duration.ts'
import { nearest } from '../../nearest.ts'
import type { Moment } from './typed-command.ts'
import { explainOddity, quoteTyped, Unclear } from './unclear.ts'

type Weekday = Extract<Moment, { kind: 'weekday' }>['day']

const WEEKDAYS: readonly (readonly [day: Weekday, names: readonly string[]])[] = [
  [1, ['monday', 'mon']],
  [2, ['tuesday', 'tue', 'tues']],
  [3, ['wednesday', 'wed', 'weds']],
  [4, ['thursday', 'thu', 'thur', 'thurs']],
  [5, ['friday', 'fri']],
  [6, ['saturday', 'sat']],
  [7, ['sunday', 'sun']],
]
const DAY_NAMES = ['tomorrow', ...WEEKDAYS.flatMap(([, names]) => names)]
const MIDNIGHT = '00:00'

/**
 * A time as people type it: `18:00`, `tomorrow 9:00`, `friday`, `2026-12-01 09:00`, or ISO 8601 with an offset.
 *
 * @throws Unclear
 */
export function momentIn(typed: string): Moment {
  const text = typed.toLowerCase()
  const time = clockIn(text)
  if (time !== undefined) return { kind: 'clock', time }
  const moment = dateTimeIn(text) ?? dayIn(text)
  if (moment) return moment
  const odd = explainOddity(typed, 'id')
  if (odd !== '') throw new Unclear(odd)
  throw new Unclear(
    `${quoteTyped(typed)} is no time I know. Say it like 18:00, tomorrow 9:00, friday 17:00 or 2026-12-01 09:00.`,
    nearest(text.split(' ', 1)[0] ?? '', DAY_NAMES),
  )
}

function dayIn(text: string): Moment | undefined {
  const [dayName = '', ...words] = text.split(' ')
  const clock = words[0] === 'at' ? words.slice(1) : words
  const time = words.length === 0 ? MIDNIGHT : clockIn(clock.join(' '))
  if (time === undefined) return undefined
  if (dayName === 'tomorrow') return { kind: 'tomorrow', time }
  const day = WEEKDAYS.find(([, names]) => names.includes(dayName))?.[0]
  return day === undefined ? undefined : { kind: 'weekday', day, time }
}

const CLOCK = /^(\d{1,2})(?::([0-5]\d))? ?(am|pm)?$/

/**
 * @param text in lower case.
 * @returns `HH:MM` by the 24-hour clock; undefined where it is no time of day, a bare number included.
 */
function clockIn(text: string): string | undefined {
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
function dateTimeIn(text: string): Moment | undefined {
  const [, date, time = '00:00', seconds = '', offset] = DATE_TIME.exec(text) ?? []
  if (date === undefined) return undefined
  const at = `${date}T${time.padStart(5, '0')}${seconds}`
  const asUtcMs = Date.parse(`${at}Z`)
  if (Number.isNaN(asUtcMs) || !new Date(asUtcMs).toISOString().startsWith(at)) return undefined
  if (offset === undefined) return { kind: 'local', at }
  const withColon = offset === 'z' ? 'Z' : `${offset.slice(0, 3)}:${offset.slice(-2)}`
  return { kind: 'instant', iso: `${at.length === 16 ? `${at}:00` : at}${withColon}` }
}

/** Words for a unit, and how ISO 8601 writes so many of it. There are no months: they have no fixed length. */
const UNITS: readonly (readonly [names: readonly string[], iso: (count: number) => string])[] = [
  [['w', 'wk', 'wks', 'week', 'weeks'], (count) => `P${count}W`],
  [['d', 'day', 'days'], (count) => `P${count}D`],
  [['h', 'hr', 'hrs', 'hour', 'hours'], (count) => `PT${count}H`],
  [['m', 'min', 'mins', 'minute', 'minutes'], (count) => `PT${count}M`],
  [['s', 'sec', 'secs', 'second', 'seconds'], (count) => `PT${count}S`],
]
const ALL_NAMES = UNITS.flatMap(([names]) => names)

/**
 * A duration as people type it (`2h`, `90 minutes`, `2h30m`) or as ISO 8601 does, up to 366 days.
 *
 * @returns ISO 8601 in the fewest units.
 * @throws Unclear
 */
export function durationIn(typed: string): string {
  const ms = durationMs(typed.toUpperCase()) ?? spokenMsOf(typed.toLowerCase())
  if (ms === undefined)
    throw new Unclear(`${quoteTyped(typed)} is no duration. Say it like 2h, 90 minutes, 3 days or PT8H.`)
  if (ms <= 0) throw new Unclear('For how long? It must be longer than nothing.')
  if (ms > MAX_DURATION_MS) throw new Unclear('That is too long: up to 366 days can be counted off.')
  return durationText(ms)
}

function spokenMsOf(typed: string): number | undefined {
  const text = typed.replace(/^an? (?=\D)/, '1 ')
  const part = /(\d{1,8}) ?([a-z]{1,16}) ?/y
  const said = new Set<string>()
  let ms = 0
  while (part.lastIndex < text.length) {
    const [, count, word] = part.exec(text) ?? []
    if (count === undefined || word === undefined) return undefined
    const unit = UNITS.find(([names]) => names.includes(word))
    if (!unit) throw new Unclear(`${quoteTyped(word)} is no unit of time here.`, nearest(word, ALL_NAMES))
    const [names, iso] = unit
    if (names.some((name) => said.has(name))) return undefined
    said.add(word)
    // Digits beyond what ISO durations have here are longer than any that is taken.
    ms += durationMs(iso(Number(count))) ?? MAX_DURATION_MS + 1
  }
  return said.size > 0 ? ms : undefined
}
