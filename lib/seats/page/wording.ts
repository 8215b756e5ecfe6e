/** Figures, days and times as the page writes them. Days are UTC. */
import type { Origin } from '../../inventory/port.ts'
import { html, type Markup, quoted } from './markup.ts'

const DAY_MS = 86_400_000

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

/** @returns the UTC midnight of a day as `2026-11-28`, epoch milliseconds; undefined for a text that is no day. */
export function msOfDay(day: string): number | undefined {
  const ms = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN
  return Number.isNaN(ms) ? undefined : ms
}

export function dayAt(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

/** @param count of days. */
export function dayPlus(day: string, count: number): string {
  return dayAt((msOfDay(day) ?? Number.NaN) + count * DAY_MS)
}

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

/** For small print. */
export function mediumDay(day: string): string {
  return mediumDays.format(msOfDay(day))
}

/** Beside others of the same year. */
export function shortDay(day: string): string {
  return shortDays.format(msOfDay(day))
}

export function monthOf(day: string): string {
  return months.format(msOfDay(day))
}

export function timeAt(ms: number): Markup {
  return html`<time datetime="${new Date(ms).toISOString()}">${times.format(ms)} UTC</time>`
}

export function originOf(by: Origin): Markup {
  if (by === 'outside') return html`outside of the gateway`
  if (by === 'before records') return html`before anything was on record`
  return html`change <code>${by.changeId}</code>`
}
