/** Figures, days and times as the page writes them. Days are UTC. */
import type { PersonBehind } from '../seats-port.ts'
import { msOfDay } from './days.ts'
import { html, type Markup, quoted } from './markup.ts'

/** A time to the minute in UTC: with seconds that count it is told as it came, so that nothing of it is lost. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::00(?:\.0+)?)?Z$/

const numbers = new Intl.NumberFormat('en-GB')
const dayOf = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options })
const longDays = dayOf({ day: 'numeric', month: 'long', year: 'numeric' })
const mediumDays = dayOf({ day: 'numeric', month: 'short', year: 'numeric' })
const shortDays = dayOf({ day: 'numeric', month: 'short' })
const months = dayOf({ month: 'short', year: 'numeric' })
const times = dayOf({
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})

/** `3 people`, `1 person`. */
export function counted(count: number, one: string, many: string): string {
  return `${numbers.format(count)} ${count === 1 ? one : many}`
}

export function figure(count: number): string {
  return numbers.format(count)
}

/** A day of ours, or a day or time that Genesys gives as one: told as it came where it is neither. */
export function longDay(day: string): Markup {
  const ms = msOfDay(day)
  if (ms !== undefined) return html`<time datetime="${day}">${longDays.format(ms)}</time>`
  const timeMs = INSTANT.test(day) ? Date.parse(day) : Number.NaN
  return Number.isNaN(timeMs) ? quoted(day) : timeAt(timeMs)
}

function writtenBy(format: Intl.DateTimeFormat, day: string): string {
  const ms = msOfDay(day)
  return ms === undefined ? day : format.format(ms)
}

/** For small print. */
export function mediumDay(day: string): string {
  return writtenBy(mediumDays, day)
}

/** Beside others of the same year. */
export function shortDay(day: string): string {
  return writtenBy(shortDays, day)
}

export function monthOf(day: string): string {
  return writtenBy(months, day)
}

export function timeAt(ms: number): Markup {
  return html`<time datetime="${new Date(ms).toISOString()}">${times.format(ms)} UTC</time>`
}

/** What was done outside was done between two readings, and not when the later one showed it. */
export function spanAt(ms: number, afterMs: number | undefined): Markup {
  return afterMs === undefined ? timeAt(ms) : html`between ${timeAt(afterMs)} and ${timeAt(ms)}`
}

/** Who asked for it, why, and who let it go ahead, with the change. */
export function originOf({ by, askedBy, reason, approvedBy }: PersonBehind): Markup {
  if (by === 'outside') return html`outside of the gateway`
  const change = html`change <code>${by.changeId}</code>`
  if (askedBy === undefined) return change
  const why = reason === undefined ? undefined : html`, because ${quoted(reason)}`
  const approved = approvedBy === undefined ? undefined : html`, approved by ${quoted(approvedBy)}`
  return html`${quoted(askedBy)}${why}${approved}<small>${change}</small>`
}
