/** A quarter of a year as it may come; `npm run soak` has others, over and over. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Lived } from './live-through.ts'
import { nightsHold } from './property.ts'

const DAYS = 90

/** Half a minute of one core. */
const PATIENCE_MS = 300_000

it(
  'over ninety days every history is what happened, no count is wrong without saying so, and each overage is told once, within the minute of being counted',
  async () => {
    const lived: Lived[] = []
    const property = nightsHold(DAYS, undefined, (each) => lived.push(each))
    // One story, which is not made shorter where it fails: that takes an hour.
    await fc.assert(property, { seed: 20_261_129, numRuns: 1, endOnFailure: true })
    expect(lived[0]?.days).toBe(DAYS)
    expect(lived[0]?.wholeReadings).toBeGreaterThan(60)
    expect(lived[0]?.lostNights).toBeGreaterThan(2)
    expect(lived[0]?.countsCompared).toBeGreaterThan(200)
    expect(lived[0]?.overagesTold).toBeGreaterThan(8)
    expect(lived[0]?.holdingsCompared).toBeGreaterThan(10_000)
  },
  PATIENCE_MS,
)
