/** Times as they are shown: in the person's zone, which is shown, and as their locale writes them. */
import { serverNowMs } from '../api/server-clock.ts'
import { useMe, zoneOf } from '../api/use-me.ts'

const MINUTE_MS = 60_000

/** From the largest that fits; milliseconds. */
const UNITS = [
  ['day', 1_440 * MINUTE_MS],
  ['hour', 60 * MINUTE_MS],
  ['minute', MINUTE_MS],
] as const

/** The page is in English, and is read out as that; how days, times and numbers are written is the person's region's. */
export const LOCALE = `en-${new Intl.Locale(Intl.DateTimeFormat().resolvedOptions().locale).maximize().region ?? '001'}`

const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' })
const formats = new Map<string, Intl.DateTimeFormat>()

function formatIn(timeZone: string, isWhole: boolean, hasYear: boolean): Intl.DateTimeFormat {
  const name = `${timeZone} ${isWhole} ${hasYear}`
  const format =
    formats.get(name) ??
    new Intl.DateTimeFormat(LOCALE, {
      timeZone,
      ...(isWhole ? { weekday: 'short', second: '2-digit' } : {}),
      ...(hasYear ? { year: 'numeric' } : {}),
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
      timeZoneName: 'short',
    })
  formats.set(name, format)
  return format
}

/** Day, time and zone; with the year, where that is not this one. @param at ISO 8601, or epoch milliseconds. */
export function timeIn(at: string | number, timeZone: string, { isWhole = false } = {}): string {
  const time = new Date(at)
  const hasYear = isWhole || time.getFullYear() !== new Date(serverNowMs()).getFullYear()
  return formatIn(timeZone, isWhole, hasYear).format(time)
}

/** `2 minutes ago`, `in 3 hours`, `just now`. */
function distanceOf(at: string, nowMs: number): string {
  const distanceMs = Date.parse(at) - nowMs
  const fitting = UNITS.find(([, lengthMs]) => Math.abs(distanceMs) >= lengthMs)
  return fitting ? relative.format(Math.round(distanceMs / fitting[1]), fitting[0]) : 'just now'
}

interface TimeProps {
  readonly at: string
  /** How far off it is. The time itself is only found by pointing at it, so it stands beside it, or where a row leads to. */
  readonly isRelative?: boolean
}

export function Time({ at, isRelative = false }: TimeProps) {
  const zone = zoneOf(useMe())
  const whole = timeIn(at, zone, { isWhole: true })
  return (
    <time dateTime={at} title={whole}>
      {isRelative ? distanceOf(at, serverNowMs()) : timeIn(at, zone)}
    </time>
  )
}

const days = new Map<boolean, Intl.DateTimeFormat>()

/** A UTC day, which is the same in each zone; with its year where that is another than now's. @param day `2026-11-29` */
export function localDayOf(day: string): string {
  const atMs = Date.parse(`${day}T00:00:00Z`)
  if (Number.isNaN(atMs)) return day
  const isThisYear = day.startsWith(`${new Date(serverNowMs()).getUTCFullYear()}-`)
  const format =
    days.get(isThisYear) ??
    new Intl.DateTimeFormat(LOCALE, {
      timeZone: 'UTC',
      day: 'numeric',
      month: 'short',
      ...(isThisYear ? {} : { year: 'numeric' }),
    })
  days.set(isThisYear, format)
  return format.format(atMs)
}

const numbers = new Intl.NumberFormat(LOCALE)

export function numberOf(value: number): string {
  return numbers.format(value)
}
