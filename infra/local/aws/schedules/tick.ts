import type { LaptopClock } from '../../clock.ts'

/** Between two ticks. The stack's comes once a minute; who tries things out should not wait that long. Milliseconds. */
export const TICK_EVERY_MS = 10_000

/** While the clock is moved on, ticks come as rarely as the stack's: a day of them would take minutes. Milliseconds. */
const TICK_WHILE_MOVING_MS = 60_000

/**
 * Calls a function again and again, the next time after the last one has ended.
 *
 * @param onFailure told why it fails, in a sentence: once for as long as that stays the same.
 */
export function startTick(
  clock: LaptopClock,
  tick: () => Promise<unknown>,
  everyMs: number,
  onFailure: (sentence: string) => void,
): void {
  let lastFailure: string | undefined
  async function run(): Promise<void> {
    try {
      await tick()
      lastFailure = undefined
    } catch (error) {
      const sentence = `tick failed: ${error instanceof Error ? error.message : error}`
      if (sentence !== lastFailure) onFailure(sentence)
      lastFailure = sentence
    }
    plan()
  }
  function plan(): void {
    const waitMs = clock.isMovingOn() ? Math.max(everyMs, TICK_WHILE_MOVING_MS) : everyMs
    clock.at(clock.now() + waitMs, run)
  }
  plan()
}
