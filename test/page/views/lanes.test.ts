import { describe, expect, it } from 'vitest'
import type { HoldingEntry } from '../../../lib/inventory/answers/inventory-schemas.ts'
import { lanesOf } from '../../../lib/page/browser/people/lanes.ts'

const NOW = '2026-11-29T00:00:00.000Z'
const held = (licenseId: string, from: string, more: Partial<HoldingEntry> = {}): HoldingEntry => ({
  ...{ licenseId, userId: 'x', by: { changeId: 'y' } },
  from: `2026-11-${from}T00:00:00.000Z`,
  ...more,
})
const lanes = (...holdings: HoldingEntry[]) => lanesOf(holdings, Date.parse(NOW))

describe('lanes of a history', () => {
  it('are a license each, what is held first, then what was held last, each bar as long as its time', () => {
    const { lanes: of } = lanes(
      held('b', '24', { until: '2026-11-26T12:00:00.000Z' }),
      held('c', '19', { until: '2026-11-29T00:00:00.000Z' }),
      held('b', '19', { until: '2026-11-20T00:00:00.000Z' }),
      held('a', '21'),
    )
    expect(of.map(({ licenseId, isHeld }) => [licenseId, isHeld])).toEqual([
      ['a', true],
      ['c', false],
      ['b', false],
    ])
    expect(of.map(({ bars }) => bars.map(({ left, width }) => [left, width]))).toEqual([
      [[20, 80]],
      [[0, 100]],
      [
        [50, 25],
        [0, 10],
      ],
    ])
  })

  it('tell apart when something was, and when it may have been', () => {
    const outside = {
      ...{ fromAfter: '2026-11-19T00:00:00.000Z', untilAfter: '2026-11-23T00:00:00.000Z' },
      until: '2026-11-24T00:00:00.000Z',
      by: 'outside' as const,
    }
    const { lanes: of } = lanes(held('a', '20', outside), held('b', '24', { by: 'before records' }))
    expect(of.flatMap(({ bars }) => bars.map(({ holding: _, ...bar }) => bar))).toEqual([
      { left: 50, width: 50, mayBegin: 0 },
      { left: 10, width: 30, mayBegin: 0, mayEnd: 50 },
    ])
  })

  it('are seen however short something was, and ticks have room for their words', () => {
    const { lanes: of, ticks } = lanes(
      held('a', '19', { until: '2026-11-19T00:00:01.000Z' }),
      held('b', '29', { from: NOW }),
    )
    const bars = of.flatMap(({ bars: each }) => each)
    expect(Math.min(...bars.map(({ width }) => width))).toBeGreaterThanOrEqual(1)
    expect(Math.max(...bars.map(({ left, width }) => left + width))).toBeLessThanOrEqual(100)
    expect(ticks.length).toBeGreaterThan(1)
    for (const { left } of ticks) expect(Math.abs(left - 50)).toBeLessThanOrEqual(36)
  })

  it('of nothing that is older than now are of an hour', () => {
    const { ticks, tickUnit } = lanes(held('a', '29', { from: NOW }))
    expect(tickUnit).toBe('hour')
    expect(ticks.every(({ at }) => Date.parse(NOW) - at.getTime() <= 3_600_000)).toBe(true)
  })
})
