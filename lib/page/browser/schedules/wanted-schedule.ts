/** A schedule as it is chosen and typed: kept as a draft, and asked for once it is looked at. Pure. */
import type { Schedule, ScheduleOrder } from '../../../changes/answers/schedule-schemas.ts'
import { durationMs } from '../../../changes/model/duration.ts'
import { faultInTime } from '../parts/field-times.ts'

export interface WantedSchedule {
  readonly does: 'give' | 'take' | 'toggle'
  readonly licenseId: string
  readonly people: readonly { readonly id: string; readonly name: string }[]
  readonly featureName: string
  readonly value: 'on' | 'off'
  readonly when: 'once' | 'weekly' | 'monthly' | 'rate' | 'cron'
  /** A local time in `timeZone`, as its field has it. */
  readonly at: string
  /** As cron names them. */
  readonly weekdays: readonly string[]
  /** `1` to `31`, or `L` for the last. */
  readonly day: string
  /** `08:00`. */
  readonly time: string
  readonly count: string
  readonly unit: 'minute' | 'hour' | 'day'
  readonly cron: string
  readonly timeZone: string
  /** How long after it was done it goes back; empty where it stays. */
  readonly backCount: string
  readonly backUnit: 'hour' | 'day'
  readonly reason: string
}

export const wantedIn = (timeZone: string): WantedSchedule => ({
  does: 'give',
  licenseId: '',
  people: [],
  featureName: '',
  value: 'on',
  when: 'once',
  at: '',
  weekdays: [],
  day: '1',
  time: '08:00',
  count: '1',
  unit: 'day',
  cron: '',
  timeZone,
  backCount: '',
  backUnit: 'hour',
  reason: '',
})

type Faults = Partial<Record<keyof WantedSchedule, string>>

/** What each part of the form gets. */
export interface WantedFields {
  readonly wanted: WantedSchedule
  readonly faults: Faults
  /** Somebody is being found by typing: that nobody is chosen goes without saying until the form is handed in. */
  readonly isFinding: boolean
  readonly setFinding: (isFinding: boolean) => void
  readonly change: (some: Partial<WantedSchedule>) => void
}

const COUNT = /^[1-9]\d{0,5}$/

/** What keeps it from being asked for, by field: each a sentence. */
export function faultsOfSchedule(wanted: WantedSchedule, nowMs: number): Faults {
  return { ...faultsOfWhat(wanted), ...faultsOfWhen(wanted, nowMs) }
}

function faultsOfWhat({ does, licenseId, people, featureName, backCount }: WantedSchedule): Faults {
  return {
    ...(does === 'toggle'
      ? featureName.trim() === '' && { featureName: 'Say which toggle.' }
      : {
          ...(licenseId === '' && { licenseId: 'Choose a license.' }),
          ...(people.length === 0 && { people: 'Choose at least one person.' }),
        }),
    ...(backCount.trim() !== '' &&
      !COUNT.test(backCount.trim()) && { backCount: 'Type a whole number, or nothing if it stays.' }),
  }
}

function faultsOfWhen(wanted: WantedSchedule, nowMs: number): Faults {
  const { when, at, weekdays, time, count, cron, timeZone } = wanted
  const timeFault = /^\d\d:\d\d$/.test(time) ? {} : { time: 'Say at what time.' }
  switch (when) {
    case 'once': {
      const fault = faultInTime(at, timeZone, nowMs)
      return fault === undefined ? {} : { at: fault }
    }
    case 'weekly':
      return { ...timeFault, ...(weekdays.length === 0 && { weekdays: 'Choose at least one day.' }) }
    case 'monthly':
      return timeFault
    case 'rate':
      return COUNT.test(count.trim()) ? {} : { count: 'Type a whole number of one or more.' }
    default:
      return /^\S+(\s+\S+){5}$/.test(cron.trim())
        ? {}
        : { cron: 'It has six fields: minute, hour, day, month, weekday, year.' }
  }
}

/** As `POST v1/schedules` takes it. @param wanted without faults. */
export function orderFor(wanted: WantedSchedule): ScheduleOrder {
  const { does, licenseId, people, featureName, value, backCount, backUnit, timeZone } = wanted
  const reason = wanted.reason.trim()
  const timing = {
    ...(reason !== '' && { reason }),
    ...(backCount.trim() !== '' && {
      revertAfter: backUnit === 'day' ? `P${backCount.trim()}D` : `PT${backCount.trim()}H`,
    }),
  }
  const ids = people.map(({ id }) => id)
  return {
    ...whenOf(wanted),
    timeZone,
    change:
      does === 'toggle'
        ? { kind: 'toggle', featureName: featureName.trim(), enabled: value === 'on', ...timing }
        : {
            kind: 'assignments',
            assignments: [
              {
                licenseId,
                userIdsAdd: does === 'give' ? ids : [],
                userIdsRemove: does === 'take' ? ids : [],
              },
            ],
            ...timing,
          },
  }
}

function whenOf({ when, at, weekdays, day, time, count, unit, cron }: WantedSchedule) {
  const [hour, minute] = time.split(':').map(Number)
  switch (when) {
    case 'once':
      return { at }
    case 'weekly':
      return { cron: `${minute} ${hour} ? * ${weekdays.join(',')} *` }
    case 'monthly':
      return { cron: `${minute} ${hour} ${day} * ? *` }
    case 'rate':
      return { rate: `${count.trim()} ${unit}${count.trim() === '1' ? '' : 's'}` }
    default:
      return { cron: cron.trim().replace(/\s+/g, ' ') }
  }
}

type Ordered = Pick<Schedule, 'at' | 'cron' | 'rate' | 'timeZone' | 'change'>

/**
 * One that there was, to be asked for again.
 *
 * @param nameOf what a user is called.
 * @returns undefined where it does more than the fields can say: several licenses, or giving and taking at once.
 */
export function wantedAgain(
  schedule: Ordered,
  nameOf: (userId: string) => string,
): WantedSchedule | undefined {
  const { timeZone, change } = schedule
  const what = whatIn(change, nameOf)
  const back = backIn(change.revertAfter)
  if (what === undefined || back === undefined) return undefined
  return { ...wantedIn(timeZone), ...what, ...whenIn(schedule), ...back, reason: change.reason ?? '' }
}

function whatIn(
  order: Schedule['change'],
  nameOf: (userId: string) => string,
): Partial<WantedSchedule> | undefined {
  if (order.kind === 'toggle') {
    return { does: 'toggle', featureName: order.featureName, value: order.enabled ? 'on' : 'off' }
  }
  const [only, ...others] = order.assignments
  if (only === undefined || others.length > 0) return undefined
  const { licenseId, userIdsAdd, userIdsRemove } = only
  if (userIdsAdd.length > 0 && userIdsRemove.length > 0) return undefined
  const people = [...userIdsAdd, ...userIdsRemove].map((id) => ({ id, name: nameOf(id) }))
  return { does: userIdsAdd.length > 0 ? 'give' : 'take', licenseId, people }
}

/** The field has whole hours or days. */
function backIn(after: string | undefined): Partial<WantedSchedule> | undefined {
  const hours = (after === undefined ? 0 : (durationMs(after) ?? Number.NaN)) / 3_600_000
  if (hours === 0) return {}
  if (!Number.isInteger(hours)) return undefined
  return hours % 24 === 0
    ? { backCount: `${hours / 24}`, backUnit: 'day' }
    : { backCount: `${hours}`, backUnit: 'hour' }
}

const WEEKLY = /^(?<minute>\d+) (?<hour>\d+) \? \* (?<weekdays>[A-Z]{3}(,[A-Z]{3})*) \*$/
const MONTHLY = /^(?<minute>\d+) (?<hour>\d+) (?<day>\d+|L) \* \? \*$/
const RATE = /^(?<count>\d+) (?<unit>minute|hour|day)s?$/

/** What the fields have no words for stays an expression. */
function whenIn({ at, cron = '', rate = '' }: Ordered): Partial<WantedSchedule> {
  if (at !== undefined) return { when: 'once', at: at.slice(0, 16) }
  const { count, unit } = RATE.exec(rate)?.groups ?? {}
  if (count !== undefined) {
    return { when: 'rate', count, unit: unit === 'minute' || unit === 'hour' ? unit : 'day' }
  }
  const { minute = '', hour = '', weekdays, day } = (WEEKLY.exec(cron) ?? MONTHLY.exec(cron))?.groups ?? {}
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
  if (weekdays !== undefined) return { when: 'weekly', weekdays: weekdays.split(','), time }
  return day === undefined ? { when: 'cron', cron } : { when: 'monthly', day, time }
}
