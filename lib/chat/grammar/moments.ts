import { nearest } from '../../nearest.ts'
import { clockIn, dateTimeIn } from './clock-times.ts'
import type { Moment } from './typed-command.ts'
import { oddly, shown, Unclear } from './unclear.ts'

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
  const odd = oddly(typed, 'id')
  if (odd !== '') throw new Unclear(odd)
  throw new Unclear(
    `${shown(typed)} is no time I know. Say it like 18:00, tomorrow 9:00, friday 17:00 or 2026-12-01 09:00.`,
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

export function momentText(moment: Moment): string {
  switch (moment.kind) {
    case 'instant':
      return moment.iso
    case 'clock':
      return moment.time
    case 'local':
      return moment.at.replace('T', ' ')
    case 'tomorrow':
      return `tomorrow ${moment.time}`
    case 'weekday':
      return `${WEEKDAYS.find(([day]) => day === moment.day)?.[1][0]} ${moment.time}`
  }
}
