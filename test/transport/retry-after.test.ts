import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRetryAfter } from '../../lib/transport/retry-after.ts'
import { NOON } from '../support/fake-clock.ts'

const nowMs = Date.parse(NOON)

describe('Retry-After (H02, H04)', () => {
  it.each([
    ['12', 12],
    [' 7 ', 7],
    ['0', 1],
    ['3600', 3600],
    ['3601', 3600],
    ['9'.repeat(400), 3600],
    ['Sun, 15 Nov 2026 12:00:30 GMT', 30],
    ['Sun, 15 Nov 2026 12:00:00 GMT', 1],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 1],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 3600],
  ])('of "%s" is %i s', (header, seconds) => {
    expect(readRetryAfter(header, nowMs)).toBe(seconds)
  })

  it.each([
    undefined,
    '',
    '-1',
    '+5',
    '5.5',
    '1e3',
    '0x10',
    '5, 7',
    'abc',
    'NaN',
    'Infinity',
    '٣',
    '2026-11-15T12:00:30Z',
    'Sunday, 15-Nov-26 12:00:30 GMT',
    'Sun Nov 15 12:00:30 2026',
    'Sun, 99 Nov 2026 12:00:30 GMT',
    'Sun, 15 Abc 2026 12:00:30 GMT',
    'Sun, 15 Nov 2026 12:00:30 +0200',
  ])('of "%s" means nothing', (header) => {
    expect(readRetryAfter(header, nowMs)).toBeUndefined()
  })

  it('of any text is nothing or a whole number of seconds from 1 to 3600', () => {
    const number = fc.oneof(fc.integer(), fc.double(), fc.bigInt()).map(String)
    const date = fc.date({ noInvalidDate: true }).map((each) => each.toUTCString())
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), number, date), fc.integer(), (header, now) => {
        const seconds = readRetryAfter(header, now)
        if (seconds === undefined) return
        expect(Number.isInteger(seconds)).toBe(true)
        expect(seconds).toBeGreaterThanOrEqual(1)
        expect(seconds).toBeLessThanOrEqual(3600)
      }),
    )
  })
})
