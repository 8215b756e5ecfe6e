import { describe, expect, it } from 'vitest'
import { timesOf } from '../../../../infra/local/aws/schedules/schedule-expression.ts'

/** The next times after an instant, ISO 8601. */
function next(expression: string, after: string, count = 3, timeZone = 'UTC'): string[] {
  const times = timesOf(expression, timeZone, Date.parse('2026-11-15T12:00:00Z'))
  const found: string[] = []
  for (let at = times.after(Date.parse(after)); at !== undefined; at = times.after(at)) {
    if (found.length === count) break
    found.push(new Date(at).toISOString().replace('.000', ''))
  }
  return found
}

describe('a cron expression is read as EventBridge Scheduler reads it', () => {
  it.each([
    ['on weekdays, counted from Sunday as 1', '0 9 ? * 2-6 *', ['2027-01-28', '2027-01-29', '2027-02-01']],
    ['on weekdays by name', '0 9 ? * MON-FRI *', ['2027-01-28', '2027-01-29', '2027-02-01']],
    ['on Sunday as 1', '0 9 ? * 1 *', ['2027-01-31', '2027-02-07', '2027-02-14']],
    ['on Saturday as L', '0 9 ? * L *', ['2027-01-30', '2027-02-06', '2027-02-13']],
    ['on the last day of the month', '0 9 L * ? *', ['2027-01-31', '2027-02-28', '2027-03-31']],
    ['on the last Friday of the month', '0 9 ? * 6L *', ['2027-01-29', '2027-02-26', '2027-03-26']],
    ['on the second Friday of the month', '0 9 ? * 6#2 *', ['2027-02-12', '2027-03-12', '2027-04-09']],
    ['on the weekday nearest a day', '0 9 15W * ? *', ['2027-02-15', '2027-03-15', '2027-04-15']],
    ['in named months', '0 9 1 MAR,JUN ? *', ['2027-03-01', '2027-06-01', '2028-03-01']],
    ['in years', '0 9 1 1 ? 2028-2030', ['2028-01-01', '2029-01-01', '2030-01-01']],
    ['every second year from one on', '0 9 1 1 ? 2028/2', ['2028-01-01', '2030-01-01', '2032-01-01']],
    ['in lower case', '0 9 ? * mon *', ['2027-02-01', '2027-02-08', '2027-02-15']],
  ])('%s', (_, fields, days) => {
    expect(next(`cron(${fields})`, '2027-01-27T12:00:00Z')).toEqual(days.map((day) => `${day}T09:00:00Z`))
  })

  it('in steps from a number on', () => {
    expect(next('cron(5/20 9 * * ? *)', '2027-01-27T12:00:00Z', 4)).toEqual([
      '2027-01-28T09:05:00Z',
      '2027-01-28T09:25:00Z',
      '2027-01-28T09:45:00Z',
      '2027-01-29T09:05:00Z',
    ])
  })

  it('and ends where there is no such time any more', () => {
    expect(next('cron(0 9 1 1 ? 2020)', '2027-01-27T12:00:00Z')).toEqual([])
    expect(next('cron(0 9 30 2 ? *)', '2027-01-27T12:00:00Z')).toEqual([])
  })

  it.each([
    ['five fields', '0 9 * * ?'],
    ['seven fields', '0 0 9 * * ? *'],
    ['no question mark', '0 9 * * * *'],
    ['two question marks', '0 9 ? * ? *'],
    ['a question mark as the hour', '0 ? * * ? *'],
    ['the 61st minute', '60 9 * * ? *'],
    ['Sunday as 0', '0 9 ? * 0 *'],
    ['the day before the last', '0 9 L-1 * ? *'],
    ['a nickname', '@daily'],
    ['a plus', '0 9 ? * +MON *'],
    ['a backward range', '0 22-2 * * ? *'],
    ['nothing', ''],
  ])('and refused with %s', (_, fields) => {
    expect(() => timesOf(`cron(${fields})`, 'UTC', 0)).toThrow(Error)
  })
})

describe('where the clocks change in Berlin, a cron expression', () => {
  const berlin = (expression: string, after: string, count: number) =>
    next(expression, after, count, 'Europe/Berlin')

  it('fires once, the first time, at a time that occurs twice (G17)', () => {
    expect(berlin('cron(30 2 * * ? *)', '2026-10-24T12:00:00Z', 2)).toEqual([
      '2026-10-25T00:30:00Z',
      '2026-10-26T01:30:00Z',
    ])
    // Asked again in the second pass of that hour.
    expect(berlin('cron(30 2 * * ? *)', '2026-10-25T01:15:00Z', 1)).toEqual(['2026-10-26T01:30:00Z'])
  })

  it('does not repeat what it did in the hour that occurs twice, however often it fires', () => {
    expect(berlin('cron(0/30 * * * ? *)', '2026-10-24T23:45:00Z', 5)).toEqual([
      '2026-10-25T00:00:00Z',
      '2026-10-25T00:30:00Z',
      '2026-10-25T02:00:00Z',
      '2026-10-25T02:30:00Z',
      '2026-10-25T03:00:00Z',
    ])
  })

  it('leaves out a time that is skipped', () => {
    expect(berlin('cron(30 2 * * ? *)', '2027-03-26T12:00:00Z', 2)).toEqual([
      '2027-03-27T01:30:00Z',
      '2027-03-29T00:30:00Z',
    ])
    expect(berlin('cron(0/30 * * * ? *)', '2027-03-28T00:15:00Z', 3)).toEqual([
      '2027-03-28T00:30:00Z',
      '2027-03-28T01:00:00Z',
      '2027-03-28T01:30:00Z',
    ])
  })

  it('keeps to the wall clock before and after', () => {
    expect(berlin('cron(0 9 * * ? *)', '2026-10-23T12:00:00Z', 3)).toEqual([
      '2026-10-24T07:00:00Z',
      '2026-10-25T08:00:00Z',
      '2026-10-26T08:00:00Z',
    ])
    expect(berlin('cron(0 9 * * ? *)', '2027-03-26T12:00:00Z', 3)).toEqual([
      '2027-03-27T08:00:00Z',
      '2027-03-28T07:00:00Z',
      '2027-03-29T07:00:00Z',
    ])
  })
})

describe('a one-off time', () => {
  const once = (local: string, timeZone: string) => next(`at(${local})`, '2026-01-01T00:00:00Z', 2, timeZone)

  it('is read in its time zone', () => {
    expect(once('2026-12-01T09:00:00', 'UTC')).toEqual(['2026-12-01T09:00:00Z'])
    expect(once('2026-12-01T09:00:00', 'Europe/Berlin')).toEqual(['2026-12-01T08:00:00Z'])
    expect(once('2026-07-01T09:00:00', 'America/New_York')).toEqual(['2026-07-01T13:00:00Z'])
    expect(once('2026-07-01T09:00:00', 'Asia/Kolkata')).toEqual(['2026-07-01T03:30:00Z'])
  })

  it('that occurs twice is the first, and one that is skipped comes as much after the skip', () => {
    expect(once('2026-10-25T02:30:00', 'Europe/Berlin')).toEqual(['2026-10-25T00:30:00Z'])
    expect(once('2027-03-28T02:30:00', 'Europe/Berlin')).toEqual(['2027-03-28T01:30:00Z'])
  })

  it('that has gone by never comes', () => {
    expect(next('at(2026-12-01T09:00:00)', '2026-12-01T09:00:00Z')).toEqual([])
  })
})

describe('a rate', () => {
  it('counts from the beginning, which is its first time', () => {
    expect(next('rate(5 minutes)', '2026-11-15T11:59:59Z')).toEqual([
      '2026-11-15T12:00:00Z',
      '2026-11-15T12:05:00Z',
      '2026-11-15T12:10:00Z',
    ])
    expect(next('rate(1 hour)', '2026-11-16T02:30:00Z', 1)).toEqual(['2026-11-16T03:00:00Z'])
  })

  it('of days is of 24 hours, whatever the clocks do', () => {
    expect(next('rate(7 days)', '2027-03-21T12:30:00Z', 2, 'Europe/Berlin')).toEqual([
      '2027-03-28T12:00:00Z',
      '2027-04-04T12:00:00Z',
    ])
  })
})

it.each([
  'at(2026-12-01)',
  'at(2026-02-30T09:00:00)',
  'at(2026-12-01T09:00:00Z)',
  'rate(0 minutes)',
  'rate(5 seconds)',
  'rate(five minutes)',
  'every day',
  '',
])('%s is no schedule expression', (expression) => {
  expect(() => timesOf(expression, 'UTC', 0)).toThrow('Invalid Schedule Expression')
})

it('a time zone that does not exist is refused', () => {
  expect(() => timesOf('rate(1 hour)', 'Europe/Atlantis', 0)).toThrow(
    'There is no time zone Europe/Atlantis.',
  )
})
