import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChangeOrder } from '../../../lib/changes/model/change-order.ts'
import { durationMs, durationText } from '../../../lib/changes/model/duration.ts'
import { toggle } from '../../support/changes/change-orders.ts'

const DAY_MS = 86_400_000

describe('an ISO 8601 duration', () => {
  it.each([
    ['PT1S', 1_000],
    ['PT90M', 90 * 60_000],
    ['PT8H', 8 * 3_600_000],
    ['P1D', DAY_MS],
    ['P2W', 14 * DAY_MS],
    ['P1DT2H3M4S', DAY_MS + 2 * 3_600_000 + 3 * 60_000 + 4_000],
    ['PT0S', 0],
  ])('%s is %i ms', (text, ms) => expect(durationMs(text)).toBe(ms))

  it.each([
    '',
    'P',
    'PT',
    'P1DT',
    'T1H',
    '1H',
    'P1M',
    'P1Y',
    'P1W2D',
    'PT1.5H',
    'PT-1H',
    '-PT1H',
    'PT1H ',
    'pt1h',
    'PT1M1H',
  ])('%j is none: of months and fractions nobody knows the length', (text) => {
    expect(durationMs(text)).toBeUndefined()
  })

  it('is written in the fewest units and reads back as it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 366 * 86_400 }), (seconds) => {
        const text = durationText(seconds * 1_000)
        expect(durationMs(text)).toBe(seconds * 1_000)
      }),
    )
    expect([durationText(8 * 3_600_000), durationText(36 * 3_600_000)]).toEqual(['PT8H', 'P1DT12H'])
  })

  it.each([
    ['PT1S', true],
    ['P366D', true],
    ['P52W', true],
    ['PT0S', false],
    ['P367D', false],
    ['P53W', false],
    ['PT99999999S', false],
    ['soon', false],
  ])('of a revert is more than nothing and at most a leap year: %s', (revertAfter, isAccepted) => {
    expect(ChangeOrder.safeParse({ ...toggle(true), revertAfter }).success).toBe(isAccepted)
  })
})
