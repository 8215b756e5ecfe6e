import { describe, expect, it } from 'vitest'
import type { ContractPeriod } from '../../lib/genesys/billing.ts'
import {
  contractPeriodsOf,
  monthPeriod,
  monthPeriodsOf,
  periodBefore,
  periodNamed,
  periodsOn,
} from '../../lib/seats/billing-periods.ts'
import { NOON } from '../support/fake-clock.ts'

const nowMs = Date.parse(NOON)
const DAY_MS = 86_400_000

const listed = (...periods: readonly Partial<ContractPeriod>[]) =>
  contractPeriodsOf(
    {
      contracts: {
        toldAtMs: nowMs,
        periods: periods.map((period, index) => ({ id: `p${index}`, contractId: 'c', ...period })),
      },
    },
    nowMs,
  )

const idsOn = (day: string, periods: ReturnType<typeof listed>) => periodsOn(day, periods).map(({ id }) => id)

describe('a day that one period ends and another begins on', () => {
  it('is of the one that begins, whichever way Genesys means its ends', () => {
    const touching = listed(
      { start: '2026-10-14', end: '2026-11-14', status: 'closed' },
      { start: '2026-11-14', end: '2026-12-14', status: 'open' },
    )
    expect(['2026-11-13', '2026-11-14', '2026-12-14'].map((day) => idsOn(day, touching))).toEqual([
      ['p0'],
      ['p1'],
      ['p1'],
    ])
    expect(touching.find(({ id }) => id === 'p0')).toMatchObject({ end: '2026-11-14', endDay: '2026-11-13' })
  })

  it('is of the one that ends where the other begins a day later', () => {
    const apart = listed(
      { start: '2026-10-14', end: '2026-11-13' },
      { start: '2026-11-14', end: '2026-12-13' },
    )
    expect(idsOn('2026-11-13', apart)).toEqual(['p0'])
  })
})

it('dates are told as Genesys gives them, times among them, and days are in UTC', () => {
  const [only] = listed({ start: '2026-11-01T23:30:00-02:00', end: '2026-12-01T00:00:00.000Z' })
  expect(only).toMatchObject({
    start: '2026-11-01T23:30:00-02:00',
    end: '2026-12-01T00:00:00.000Z',
    startDay: '2026-11-02',
    endDay: '2026-12-01',
  })
})

it.each([
  ['no start', { end: '2026-12-14' }],
  ['an end that is no day', { start: '2026-11-14', end: 'soon' }],
  ['an end before its start', { start: '2026-11-14', end: '2026-11-01' }],
  ['a month that there is not', { start: '2026-13-01', end: '2026-14-01' }],
  ['its beginning yet to come', { start: '2026-11-16', end: '2026-12-15' }],
])('a period with %s is not listed', (_, period) => {
  expect(listed(period)).toEqual([])
})

it('periods of two contracts at once both have the day, and are told apart where their ids are alike', () => {
  const both = listed(
    { id: 'same', contractId: 'a', start: '2026-11-01', end: '2026-11-30' },
    { id: 'same', contractId: 'b', start: '2026-11-10', end: '2026-12-09' },
    { id: 'other', contractId: 'b', start: '2026-10-10', end: '2026-11-09' },
  )
  expect(both.map(({ id }) => id)).toEqual(['b:same', 'a:same', 'other'])
  expect(idsOn('2026-11-15', both)).toEqual(['b:same', 'a:same'])
  const [newest] = both
  expect(newest && periodBefore(newest, both, nowMs)?.id).toBe('other')
})

it('a period whose status Genesys does not tell is closed once it is over', () => {
  const periods = listed(
    { start: '2026-10-01', end: '2026-10-31' },
    { start: '2026-11-01', end: '2026-11-30' },
  )
  expect(periods.map(({ status }) => status)).toEqual(['open', 'closed'])
})

it('what billing told a week ago counts for today, and no longer; periods that are over stay', () => {
  const told = {
    contracts: {
      toldAtMs: nowMs,
      periods: [
        { id: 'p', contractId: 'c', start: '2026-11-01', end: '2026-11-30' },
        { id: 'o', contractId: 'c', start: '2026-10-01', end: '2026-10-31' },
      ],
    },
  }
  const after = (ms: number) => contractPeriodsOf(told, nowMs + ms).map(({ id, status }) => `${id} ${status}`)
  expect(after(7 * DAY_MS)).toEqual(['p open', 'o closed'])
  expect(after(7 * DAY_MS + 1)).toEqual(['o closed'])
  expect(after(60 * DAY_MS)).toEqual(['p closed', 'o closed'])
})

describe('a period that is named by a day or a month', () => {
  const periods = listed(
    { start: '2026-10-15', end: '2026-11-14' },
    { start: '2026-11-15', end: '2026-12-14' },
    { start: '2026-09-01', end: '2026-10-14' },
  )
  it.each([
    ['2026-11-15', 'p1'],
    ['2026-11-14', 'p0'],
    ['2026-09', 'p2'],
    ['2026-11', undefined],
    ['2026-10', undefined],
    ['2026-12', undefined],
    ['2026-08', '2026-08'],
    ['2026-08-30', '2026-08'],
    ['2026-02-31', undefined],
    ['2026-11-31', undefined],
    ['2026-09-31', undefined],
    ['2026-13', undefined],
    ['P1', 'p1'],
    ['2027-01', undefined],
  ])('%s is %s', (named, id) => {
    expect(periodNamed(named, periods, nowMs)?.id).toBe(id)
  })
})

it('months are whole, in UTC, in leap years too', () => {
  expect(monthPeriod('2028-02', nowMs)).toMatchObject({
    start: '2028-02-01',
    end: '2028-02-29',
    status: 'open',
  })
  expect(monthPeriod('2026-12', nowMs)).toMatchObject({ endDay: '2026-12-31' })
  const months = monthPeriodsOf(['2026-09-02', '2026-09-30', '2026-11-02'], nowMs)
  expect(months.map(({ id, status }) => `${id} ${status}`)).toEqual(['2026-11 open', '2026-09 closed'])
  expect(periodBefore(monthPeriod('2026-01', nowMs), [], nowMs)?.id).toBe('2025-12')
})
