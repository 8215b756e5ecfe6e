/** When cron expressions fire, held against days of a calendar. */
import { describe, expect, it } from 'vitest'
import { nextFiringOf } from '../../../lib/changes/model/cron/cron-days.ts'

/** A Sunday. */
const NOW_MS = Date.parse('2026-11-29T12:00:00Z')

describe('a cron expression fires next', () => {
  it.each([
    ['0 8 ? * MON *', 'Europe/Berlin', '2026-11-30T07:00:00.000Z'],
    ['0 8 ? * MON-FRI *', 'UTC', '2026-11-30T08:00:00.000Z'],
    ['30 18 ? * SUN *', 'Europe/Berlin', '2026-11-29T17:30:00.000Z'],
    ['30 12 ? * SUN *', 'Europe/Berlin', '2026-12-06T11:30:00.000Z'],
    ['0/20 * * * ? *', 'UTC', '2026-11-29T12:20:00.000Z'],
    ['0 0 1 * ? *', 'America/New_York', '2026-12-01T05:00:00.000Z'],
    ['0 9 L * ? *', 'UTC', '2026-11-30T09:00:00.000Z'],
    ['0 9 L 2 ? *', 'UTC', '2027-02-28T09:00:00.000Z'],
    ['0 9 29 2 ? *', 'UTC', '2028-02-29T09:00:00.000Z'],
    ['0 9 ? * MON#1 *', 'UTC', '2026-12-07T09:00:00.000Z'],
    ['0 9 ? JAN,JUL * 2027', 'UTC', '2027-01-01T09:00:00.000Z'],
  ])('%s in %s at %s', (cron, timeZone, next) => {
    expect(new Date(nextFiringOf(cron, timeZone, NOW_MS) ?? 0).toISOString()).toBe(next)
  })

  it('not at a time that clocks skip, but at the next one that they show', () => {
    const beforeSummer = Date.parse('2027-03-27T12:00:00Z')
    expect(nextFiringOf('30 2 * * ? *', 'Europe/Berlin', beforeSummer)).toBe(
      Date.parse('2027-03-29T00:30:00Z'),
    )
  })

  it.each(['0 9 ? * 6L *', '0 9 15W * ? *', 'x y z', '0 9 ? * MON 2020'])(
    'nobody says when where it is not read or never does: %s',
    (cron) => expect(nextFiringOf(cron, 'UTC', NOW_MS)).toBeUndefined(),
  )
})
