import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instantOf } from '../../../lib/changes/model/local-time.ts'

const iso = (local: string, timeZone: string) => new Date(instantOf(local, timeZone)).toISOString()

describe('the instant of a local time', () => {
  it.each([
    ['2026-12-01T09:00', 'UTC', '2026-12-01T09:00:00.000Z'],
    ['2026-12-01T09:00', 'Europe/Berlin', '2026-12-01T08:00:00.000Z'],
    ['2026-07-01T09:00:30', 'Europe/Berlin', '2026-07-01T07:00:30.000Z'],
    ['2026-12-01T09:00', 'America/New_York', '2026-12-01T14:00:00.000Z'],
    ['2026-12-01T09:00', 'Asia/Kathmandu', '2026-12-01T03:15:00.000Z'],
    ['2026-12-01T09:00', 'Pacific/Kiritimati', '2026-11-30T19:00:00.000Z'],
    ['2026-12-01T00:00', 'Pacific/Pago_Pago', '2026-12-01T11:00:00.000Z'],
  ])('%s in %s is %s', (local, timeZone, instant) => expect(iso(local, timeZone)).toBe(instant))

  it('that comes twice is the first', () => {
    expect(iso('2027-10-31T02:30', 'Europe/Berlin')).toBe('2027-10-31T00:30:00.000Z')
    expect(iso('2026-11-01T01:30', 'America/New_York')).toBe('2026-11-01T05:30:00.000Z')
  })

  it('that is skipped is as long after the gap’s beginning', () => {
    expect(iso('2027-03-28T02:30', 'Europe/Berlin')).toBe('2027-03-28T01:30:00.000Z')
    expect(iso('2027-03-14T02:00', 'America/New_York')).toBe('2027-03-14T07:00:00.000Z')
  })

  it('shows as that time on the zone’s clocks, and never is the later of two', () => {
    const zones = [
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kolkata',
      'Pacific/Apia',
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({
          min: Date.parse('2020-01-01T00:00:00Z') / 1_000,
          max: Date.parse('2035-01-01T00:00:00Z') / 1_000,
        }),
        (timeZone, seconds) => {
          const local = shown(seconds * 1_000, timeZone)
          const found = instantOf(local, timeZone)
          expect(shown(found, timeZone)).toBe(local)
          expect(found).toBeLessThanOrEqual(seconds * 1_000)
        },
      ),
    )
  })
})

/** `2026-12-01T09:00:00` as a clock in the zone shows it. */
function shown(atMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
    .format(atMs)
    .replace(' ', 'T')
}
