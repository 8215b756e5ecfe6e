/** Lists of any make-up, whatever goes wrong with them; `npm run soak` tells more of these stories. */
import fc from 'fast-check'
import { test } from 'vitest'
import { listsHold } from './list-story.ts'

/** A slow machine sees fewer of them, and no failure for that. Milliseconds. */
const LIMIT_MS = 30_000

test('each pair of a list is in one part and told once, what failed is done again by its retry, and their undos leave the org as it was', async () => {
  await fc.assert(listsHold(), {
    seed: 20_261_129,
    numRuns: 2,
    plugins: [fc.interruptAfterTimeLimit(LIMIT_MS)],
  })
})
