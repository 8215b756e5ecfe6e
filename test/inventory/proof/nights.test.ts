/** Days and nights as they may come: what `npm run soak` does with ninety of them, over and over. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Lived } from './live-through.ts'
import { nightsHold } from './property.ts'

const DAYS = 14
const PATIENCE_MS = 60_000

it(
  'after each whole reading every history is what happened, no count is wrong without saying so, and each overage was told once',
  async () => {
    const lived: Lived[] = []
    const property = nightsHold(DAYS, undefined, (each) => lived.push(each))
    // One story, which is not made shorter where it fails: that takes minutes, and the soak's to do.
    await fc.assert(property, { seed: 20_261_129, numRuns: 1, endOnFailure: true })
    expect(lived[0]?.wholeReadings).toBeGreaterThan(DAYS / 2)
    expect(lived[0]?.overagesTold).toBeGreaterThan(2)
    expect(lived[0]?.holdingsCompared).toBeGreaterThan(1_000)
  },
  PATIENCE_MS,
)
