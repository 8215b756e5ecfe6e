import fc from 'fast-check'
import { it } from 'vitest'
import { historiesHold } from './property.ts'

/** As many as take some 3 s of a core; `npm run soak` has others, a hundred at a time. */
const HISTORIES = 40

/** A slow machine sees fewer of them, and no failure for that. Milliseconds. */
const LIMIT_MS = 30_000

it('(F29) org, records, answers and events agree after any history of requests, crashes and faults', async () => {
  await fc.assert(historiesHold(), {
    seed: 20_261_115,
    numRuns: HISTORIES,
    plugins: [fc.interruptAfterTimeLimit(LIMIT_MS)],
  })
})
