/** Schedules in words: how they stand, when they fire and what they order. The same in chat and on the page. Pure. */
import {
  CRON_MONTHS,
  fieldsOf,
  monthsOf,
  nthWeekdayOf,
  valuesOf,
  weekdaysOf,
} from '../../model/cron/cron-fields.ts'
import type { Schedule } from '../schedule-schemas.ts'
import { plainWordsOf, type StateWords, summaryOf } from '../summarize.ts'

const scheduleStateWords: Readonly<Record<Schedule['state'], StateWords>> = {
  CREATING: { name: 'Being set up', standing: 'is being set up', tone: 'info' },
  AWAITING_APPROVAL: { name: 'Waits for approval', standing: 'waits for an approver', tone: 'question' },
  ACTIVE: { name: 'Active', standing: 'active', tone: 'good' },
  DONE: { name: 'Done', standing: 'done', tone: 'info' },
  DELETED: { name: 'Deleted', standing: 'deleted', tone: 'info' },
  REJECTED: { name: 'Rejected', standing: 'rejected', tone: 'warning' },
}

/** A request for approval that nobody has answered in time: the schedule fires in vain until it is deleted. */
export function hasLapsedUnapproved(
  { state, approval }: Pick<Schedule, 'state' | 'approval'>,
  nowMs: number,
): boolean {
  const { expiresAt } = approval ?? {}
  return state === 'AWAITING_APPROVAL' && expiresAt !== undefined && nowMs >= Date.parse(expiresAt)
}

export function wordsOfSchedule(schedule: Pick<Schedule, 'state' | 'approval'>, nowMs: number): StateWords {
  return hasLapsedUnapproved(schedule, nowMs)
    ? { name: 'Not approved in time', standing: 'was not approved in time', tone: 'warning' }
    : wordsOfScheduleState(schedule.state)
}

/** A state that only a newer gateway knows is shown as it is. */
function wordsOfScheduleState(state: Schedule['state']): StateWords {
  return Object.hasOwn(scheduleStateWords, state) ? scheduleStateWords[state] : plainWordsOf(state)
}

/** `Give cloudCX3 to Ana Abebe`. @param nameOf what a user is called; where nobody knows, the id stands for them. */
export function orderTextOf(
  order: Schedule['change'],
  nameOf?: (userId: string) => string | undefined,
): string {
  const desired =
    order.kind === 'toggle' ? order : { assignments: order.assignments.map((each) => ({ ...each })) }
  return summaryOf({ desired }, nameOf)
}

/** Ids of all whom it is about. */
export function usersInOrder(order: Schedule['change']): string[] {
  if (order.kind === 'toggle') return []
  return order.assignments.flatMap(({ userIdsAdd, userIdsRemove }) => [...userIdsAdd, ...userIdsRemove])
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const NTH = ['first', 'second', 'third', 'fourth', 'fifth']

/**
 * How often something happens again and again, to go on a sentence: `every Monday and Friday at 08:00`, `every 5 minutes`.
 * What is not read here is told as it stands: `by cron 0 8 ? * 6L *`.
 */
export function repeatTextOf({ cron, rate }: Pick<Schedule, 'cron' | 'rate'>): string {
  if (rate !== undefined) return `every ${rate.replace(/^1 /, '').replace(/^(minute|hour|day)s$/, '$1')}`
  return cronTextOf(cron ?? '') ?? `by cron ${cron}`
}

function cronTextOf(cron: string): string | undefined {
  const { minute, hour, year } = fieldsOf(cron)
  const days = year === '*' ? daysTextOf(cron) : undefined
  if (days === undefined) return undefined
  const [minutes = [], hours = []] = [valuesOf(minute, 0, 59), valuesOf(hour, 0, 23)]
  if (minutes.length !== 1 || minute.includes('/')) return undefined
  const at = (h: number) => [h, minutes[0]].map((part) => String(part).padStart(2, '0')).join(':')
  if (hour === '*') return `every hour, ${minutes[0]} minutes past${days === 'every day' ? '' : `, ${days}`}`
  return hours.length === 0 || hours.length > 4 ? undefined : `${days} at ${listed(hours.map(at))}`
}

function daysTextOf(cron: string): string | undefined {
  const { day, month, weekday } = fieldsOf(cron)
  const months = monthsTextOf(month)
  if (months === undefined) return undefined
  const isAny = (field: string) => field === '*' || field === '?'
  if (isAny(day) && isAny(weekday)) return months === '' ? 'every day' : `every day of ${months}`
  const of = months === '' ? 'every month' : months
  if (!isAny(day)) {
    if (day === 'L') return `on the last day of ${of}`
    const days = valuesOf(day, 1, 31)
    return days && `on day${days.length > 1 ? 's' : ''} ${listed(days.map(String))} of ${of}`
  }
  const fixed = nthWeekdayOf(weekday)
  if (fixed) return `on the ${NTH[fixed.nth - 1]} ${WEEKDAYS[fixed.weekday - 1]} of ${of}`
  const weekdays = weekdaysOf(weekday)
  if (!weekdays) return undefined
  const ofMonths = months === '' ? '' : ` of ${months}`
  if (weekdays.join() === '2,3,4,5,6') return `Monday to Friday${ofMonths}`
  // Weeks begin on Monday.
  const inOrder = [...weekdays.filter((each) => each > 1), ...weekdays.filter((each) => each === 1)]
  return `every ${listed(inOrder.map((each) => WEEKDAYS[each - 1] ?? ''))}${ofMonths}`
}

/** Empty for all of them. */
function monthsTextOf(field: string): string | undefined {
  if (field === '*') return ''
  const months = monthsOf(field)
  return months?.length === CRON_MONTHS.length
    ? ''
    : months && listed(months.map((each) => MONTHS[each - 1] ?? ''))
}

function listed(parts: readonly string[]): string {
  return [parts.slice(0, -1).join(', '), ...parts.slice(-1)].filter(Boolean).join(' and ')
}
