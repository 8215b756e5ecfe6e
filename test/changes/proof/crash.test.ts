import { expect, it } from 'vitest'
import { CRASH_STORIES, crashAtCall } from './crash-points.ts'

/** Calls from one death to the next. */
const EACH = 2

/**
 * After each call is also before the next: what the dead had seen is lost with them. What is left for `npm run soak` is
 * to die after all others too, and before each, where calls of one process overlap (D24, F22, F23, F24, K03).
 */
it.each(Object.entries(CRASH_STORIES))(
  '%s survives a crash at every second call outside',
  async (_title, story) => {
    const { faults } = await crashAtCall(story, 1, false)
    let crashes = 0
    for (let hasDied = true; hasDied; ) {
      const found = await crashAtCall(story, 1 + EACH * crashes, true)
      hasDied = found.hasDied
      if (hasDied) crashes += 1
      faults.push(...found.faults)
    }
    expect(faults).toEqual([])
    // Each of these makes at least three calls.
    expect(crashes).toBeGreaterThanOrEqual(2)
  },
)
