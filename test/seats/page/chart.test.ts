import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chartOf } from '../../../lib/seats/page/chart.ts'
import { dayStretchesOf, everyDayOf } from '../../../lib/seats/page/days.ts'
import type { LicenseDay } from '../../../lib/seats/seats-port.ts'
import { daysFrom } from './reports.ts'

const about = { name: 'lines', label: 'cloudCX1', asOfDay: '2026-12-31' }

function plotOf(days: readonly LicenseDay[], more: Partial<typeof about> = {}): string {
  return chartOf(days, { ...about, ...more })?.plot.text ?? ''
}

/** The value of `d` of the path of that class; none where there is no such path. */
function pathOf(plot: string, name: string): string | undefined {
  return new RegExp(`<path class="${name}" d="([^"]*)"`).exec(plot)?.[1]
}

describe('a chart by day', () => {
  it('leaves a gap where there is no reading, and falls to no zero', () => {
    const plot = plotOf(daysFrom('2026-11-01', 5, (index) => (index === 2 ? {} : { held: 100 })))
    const held = pathOf(plot, 'held') ?? ''
    expect(held.match(/M/g)).toHaveLength(2)
    expect(held).not.toContain('v')
    expect(pathOf(plot, 'missing')).toBe('M400 0h200v150h-200z')
  })

  it('shows a day that is alone', () => {
    const plot = plotOf(daysFrom('2026-11-01', 1, () => ({ held: 1 })))
    expect(pathOf(plot, 'held')).toMatch(/^M0 \d+h1000$/)
    const between = plotOf(daysFrom('2026-11-01', 4, (index) => (index === 1 ? { held: 7 } : {})))
    expect(pathOf(between, 'held')).toMatch(/^M250 \d+h250$/)
  })

  it('has nothing where there is no reading at all', () => {
    expect(chartOf([], about)).toBeUndefined()
    expect(
      chartOf(
        daysFrom('2026-11-01', 3, () => ({ seats: 5 })),
        about,
      ),
    ).toBeUndefined()
  })

  it('takes no day that is still to come for one without a reading', () => {
    const days = daysFrom('2026-11-01', 4, (index) => (index < 2 ? { held: 3, seats: 4 } : { seats: 4 }))
    const plot = plotOf(days, { asOfDay: '2026-11-02' })
    expect(pathOf(plot, 'missing')).toBeUndefined()
    expect(pathOf(plot, 'seats')).toMatch(/^M0 \d+h1000$/)
  })

  it('hatches what is over from the day on which it is, and nothing else', () => {
    const plot = plotOf(daysFrom('2026-11-01', 4, (index) => ({ held: index < 3 ? 10 : 12, seats: 10 })))
    expect(pathOf(plot, 'over')).toMatch(/^M750 \d+h250v\d+h-250z$/)
    expect(pathOf(plotOf(daysFrom('2026-11-01', 4, () => ({ held: 10, seats: 10 }))), 'over')).toBeUndefined()
  })

  it('marks days whose reading was not whole', () => {
    const plot = plotOf(daysFrom('2026-11-01', 4, (index) => ({ held: 10, isWhole: index !== 1 })))
    expect(pathOf(plot, 'partial')).toBe('M250 0h250v6h-250z')
  })

  it('says where its axis begins where that is not zero', () => {
    const fromOf = (held: number) =>
      chartOf(
        daysFrom('2026-11-01', 2, () => ({ held })),
        about,
      )?.from
    expect(fromOf(1)).toBe(0)
    expect(fromOf(250)).toBeGreaterThan(200)
  })

  it('keeps each line within the plot, each step on its day, and says no number that is none', () => {
    const day = fc.record(
      {
        held: fc.oneof(fc.nat(5), fc.nat(150_000)),
        seats: fc.oneof(fc.nat(5), fc.nat(150_000)),
        isWhole: fc.boolean(),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.array(day, { minLength: 1, maxLength: 400 }), (drawn) => {
        const days = daysFrom('2025-01-01', drawn.length, (index) => drawn[index] ?? {})
        const plot = plotOf(days)
        expect(plot).not.toMatch(/NaN|undefined|Infinity/)
        expect(plot === '').toBe(days.every(({ held }) => held === undefined))
        if (plot === '') return
        const perDay = Math.max(1, Math.floor(1_000 / days.length))
        for (const name of ['held', 'seats', 'over']) {
          for (const [x, y] of cornersOf(pathOf(plot, name) ?? '')) {
            expect(x % perDay).toBe(0)
            expect(x).toBeGreaterThanOrEqual(0)
            expect(x).toBeLessThanOrEqual(perDay * days.length)
            expect(y).toBeGreaterThanOrEqual(5)
            expect(y).toBeLessThanOrEqual(150)
          }
        }
      }),
    )
  })
})

function* cornersOf(path: string): Generator<readonly [number, number]> {
  let [x, y] = [0, 0]
  for (const [, letter, first, second] of path.matchAll(/([Mhv])(-?\d+)(?: (-?\d+))?/g)) {
    if (letter === 'M') [x, y] = [Number(first), Number(second)]
    else if (letter === 'h') x += Number(first)
    else y += Number(first)
    yield [x, y]
  }
}

describe('the days of a chart', () => {
  it('are each there once, in their order, also those that nothing is known of', () => {
    const days = everyDayOf([
      { day: '2026-03-01', held: 2 },
      { day: '2026-02-27', held: 1 },
      { day: 'tomorrow', held: 9 },
    ])
    expect(days).toEqual([
      { day: '2026-02-27', held: 1 },
      { day: '2026-02-28' },
      { day: '2026-03-01', held: 2 },
    ])
  })

  it('stand in one row of the table where they follow each other and say the same', () => {
    const days = daysFrom('2026-11-01', 5, (index) => ({ held: index < 3 ? 4 : 5, isWhole: index !== 1 }))
    expect(dayStretchesOf(days).map(({ day, lastDay }) => [day, lastDay])).toEqual([
      ['2026-11-01', '2026-11-01'],
      ['2026-11-02', '2026-11-02'],
      ['2026-11-03', '2026-11-03'],
      ['2026-11-04', '2026-11-05'],
    ])
  })
})
