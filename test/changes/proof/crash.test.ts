import { expect, it } from 'vitest'
import { CRASH_STORIES, crashAtCall } from './crash-points.ts'

/**
 * After each call is also before the next: what the dead had seen is lost with them. What is left for `npm run soak` is
 * to die before each call, where calls of one process overlap (D24, F22, F23, F24, K03).
 */
it.each(Object.entries(CRASH_STORIES))(
  '%s survives a crash at every call outside',
  {
    timeout: 120_000,
  },
  async (_title, story) => {
    const { faults } = await crashAtCall(story, 1, false)
    let crashes = 0
    for (let hasDied = true; hasDied; ) {
      const found = await crashAtCall(story, crashes + 1, true)
      hasDied = found.hasDied
      if (hasDied) crashes += 1
      faults.push(...found.faults)
    }
    expect(faults).toEqual([])
    // Each of these makes at least so many calls.
    expect(crashes).toBeGreaterThanOrEqual(3)
  },
)
