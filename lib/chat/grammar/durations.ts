import { durationMs, durationText, MAX_DURATION_MS } from '../../changes/model/duration.ts'
import { nearest } from '../../nearest.ts'
import { shown, Unclear } from './unclear.ts'

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
  const ms = durationMs(typed.toUpperCase()) ?? spokenMs(typed.toLowerCase())
  if (ms === undefined)
    throw new Unclear(`${shown(typed)} is no duration. Say it like 2h, 90 minutes, 3 days or PT8H.`)
  if (ms <= 0) throw new Unclear('For how long? It must be longer than nothing.')
  if (ms > MAX_DURATION_MS) throw new Unclear('That is too long: up to 366 days can be counted off.')
  return durationText(ms)
}

function spokenMs(typed: string): number | undefined {
  const text = typed.replace(/^an? (?=\D)/, '1 ')
  const part = /(\d{1,8}) ?([a-z]{1,16}) ?/y
  const said = new Set<string>()
  let ms = 0
  while (part.lastIndex < text.length) {
    const [, count, word] = part.exec(text) ?? []
    if (count === undefined || word === undefined) return undefined
    const unit = UNITS.find(([names]) => names.includes(word))
    if (!unit) throw new Unclear(`${shown(word)} is no unit of time here.`, nearest(word, ALL_NAMES))
    const [names, iso] = unit
    if (names.some((name) => said.has(name))) return undefined
    said.add(word)
    // Digits beyond what ISO durations have here are longer than any that is taken.
    ms += durationMs(iso(Number(count))) ?? MAX_DURATION_MS + 1
  }
  return said.size > 0 ? ms : undefined
}
