/** What is chosen and typed for a schedule, as it is asked for. */
import { describe, expect, it } from 'vitest'
import { ScheduleOrder } from '../../lib/changes/answers/schedule-schemas.ts'
import { pathFor } from '../../lib/page/browser/lists/list-fields.ts'
import { faultInTime } from '../../lib/page/browser/parts/field-times.ts'
import { giveOrTakeOf, noWish } from '../../lib/page/browser/people/wish.ts'
import { nextOf } from '../../lib/page/browser/schedules/next-firing.ts'
import {
  faultsOfSchedule,
  orderFor,
  wantedAgain,
  wantedIn,
} from '../../lib/page/browser/schedules/wanted-schedule.ts'

const NOW_MS = Date.parse('2026-11-29T12:00:00Z')
const ana = { id: '92ca2f0e-9b3c-4493-999f-aae61f48d350', name: 'Ana Abebe' }
const giving = { ...wantedIn('Europe/Berlin'), licenseId: 'cloudCX3', people: [ana], at: '2026-12-01T09:00' }

describe('a schedule that is wanted', () => {
  it.each([
    [{ when: 'once' }, { at: '2026-12-01T09:00' }],
    [{ when: 'weekly', weekdays: ['MON', 'FRI'], time: '07:30' }, { cron: '30 7 ? * MON,FRI *' }],
    [{ when: 'monthly', day: 'L', time: '08:00' }, { cron: '0 8 L * ? *' }],
    [{ when: 'rate', count: '1', unit: 'day' }, { rate: '1 day' }],
    [{ when: 'rate', count: ' 15 ', unit: 'minute' }, { rate: '15 minutes' }],
    [{ when: 'cron', cron: ' 0  8 ? * 6L * ' }, { cron: '0 8 ? * 6L *' }],
  ] as const)('%o is asked for as %o', (some, when) => {
    const wanted = { ...giving, ...some }
    expect(faultsOfSchedule(wanted, NOW_MS)).toEqual({})
    const order = ScheduleOrder.parse(orderFor(wanted))
    expect(order).toMatchObject({ ...when, timeZone: 'Europe/Berlin' })
    // And is the same where it is asked for again.
    const again = wantedAgain({ ...order, timeZone: 'Europe/Berlin' }, () => ana.name)
    expect(again && orderFor(again)).toEqual(orderFor(wanted))
  })

  it('takes as well as gives, switches, and goes back after hours or days', () => {
    const taking = orderFor({ ...giving, does: 'take', backCount: '3', backUnit: 'day', reason: ' leave ' })
    expect(ScheduleOrder.parse(taking).change).toMatchObject({
      assignments: [{ licenseId: 'cloudCX3', userIdsAdd: [], userIdsRemove: [ana.id] }],
      revertAfter: 'P3D',
      reason: 'leave',
    })
    const switching = orderFor({
      ...giving,
      does: 'toggle',
      featureName: 'wallboards',
      value: 'off',
      backCount: '8',
    })
    expect(ScheduleOrder.parse(switching).change).toEqual({
      kind: 'toggle',
      featureName: 'wallboards',
      enabled: false,
      revertAfter: 'PT8H',
    })
  })

  it.each([
    [{ licenseId: '' }, 'licenseId'],
    [{ people: [] }, 'people'],
    [{ does: 'toggle' }, 'featureName'],
    [{ at: '' }, 'at'],
    [{ at: '2026-11-29T12:59' }, 'at'],
    [{ at: '2027-03-28T02:30' }, 'at'],
    [{ when: 'weekly' }, 'weekdays'],
    [{ when: 'monthly', time: '' }, 'time'],
    [{ when: 'rate', count: '0' }, 'count'],
    [{ when: 'cron', cron: 'each Monday' }, 'cron'],
    [{ backCount: 'two' }, 'backCount'],
  ] as const)('%o is at fault in its %s alone', (some, field) => {
    expect(Object.keys(faultsOfSchedule({ ...giving, ...some }, NOW_MS))).toEqual([field])
  })
})

describe('a time that is typed', () => {
  it.each([
    ['2026-12-01T09:00', undefined],
    ['', 'Say when: a day and a time.'],
    ['2026-02-30T09:00', 'Say when: a day and a time.'],
    ['2026-11-29T06:59', 'Say a day and a time that are still to come.'],
    ['2027-03-14T02:30', 'The clocks of America/New York skip that time: say 01:30 or 03:30.'],
    ['2027-11-07T01:30', undefined],
  ])('%j is at fault in New York: %s', (local, fault) => {
    expect(faultInTime(local, 'America/New_York', NOW_MS)).toBe(fault)
  })

  it('ends a license, a list and an extension by the clocks of the person, the first of two hours alike', () => {
    const until = '2027-11-07T01:30'
    const wish = { ...noWish, gives: ['cloudCX3'], until }
    const revertAt = '2027-11-07T05:30:00.000Z'
    expect(giveOrTakeOf(ana.id, wish, 'America/New_York')).toMatchObject({ revertAt })
    const list = pathFor({ reason: '', conflict: '', until }, 'America/New_York')
    expect(new URL(list, 'https://example.com').searchParams.get('revertAt')).toBe(revertAt)
  })
})

it.each([
  [{ at: '2026-12-01T09:00:00' }, '2026-12-01T08:00:00.000Z', false],
  [{ cron: '0 8 ? * MON *' }, '2026-11-30T07:00:00.000Z', false],
  [{ rate: '2 hours' }, '2026-11-29T13:30:00.000Z', true],
])('%o is next at %s', (when, at, isAbout) => {
  const schedule = { ...when, timeZone: 'Europe/Berlin', createdAt: '2026-11-29T09:30:00.000Z' }
  expect(nextOf(schedule, NOW_MS)).toEqual({ at, isAbout })
})

it.each([{ at: '2026-11-01T09:00:00' }, { cron: '0 8 ? * 6L *' }, { rate: 'often' }])(
  'nobody says when %o is next',
  (when) => {
    const schedule = { ...when, timeZone: 'UTC', createdAt: '2026-11-29T09:30:00.000Z' }
    expect(nextOf(schedule, NOW_MS)).toBeUndefined()
  },
)
