/** Three weeks as they may come, over the end of a month; `npm run soak` has whole quarters, each another, over and over. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Lived } from './live-through.ts'
import { nightsHold } from './property.ts'

const DAYS = 21

/** Ten seconds of one core. */
const PATIENCE_MS = 300_000

it(
  'over three weeks every history is what happened, no count is wrong without saying so, and each overage is told once, within the minute of being counted',
  async () => {
    const lived: Lived[] = []
    const property = nightsHold(DAYS, undefined, (each) => lived.push(each))
    // One story, which is not made shorter where it fails: that takes an hour.
    await fc.assert(property, { seed: 4, numRuns: 1, endOnFailure: true })
    expect(lived[0]?.days).toBe(DAYS)
    expect(lived[0]?.wholeReadings).toBeGreaterThan(14)
    expect(lived[0]?.lostNights).toBeGreaterThan(1)
    expect(lived[0]?.countsCompared).toBeGreaterThan(40)
    expect(lived[0]?.overagesTold).toBeGreaterThan(1)
    expect(lived[0]?.holdingsCompared).toBeGreaterThan(2_000)
  },
  PATIENCE_MS,
)
