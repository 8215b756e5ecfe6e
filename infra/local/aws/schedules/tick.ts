import type { LaptopClock } from '../../clock.ts'

/** Between two ticks. The stack's comes once a minute; who tries things out should not wait that long. Milliseconds. */
export const TICK_EVERY_MS = 10_000

/** While the clock is moved on, what is read of the whole org is looked at no oftener: nights are to pass. Milliseconds. */
export const INVENTORY_WHILE_MOVING_MS = 10 * 60_000

/** While the clock is moved on, ticks come as rarely as the stack's: a day of them would take minutes. Milliseconds. */
const TICK_WHILE_MOVING_MS = 60_000

export interface TickOptions {
  readonly everyMs: number
  /** Before the first, milliseconds; as between two by default. */
  readonly firstInMs?: number
  /** At least, while the clock is moved on; a minute by default. Milliseconds. */
  readonly whileMovingMs?: number
  /** For `onFailure`. */
  readonly name: string
  /** Told why it fails, in a sentence: once for as long as that stays the same. */
  readonly onFailure: (sentence: string) => void
}

/** Calls a function again and again, the next time after the last one has ended. */
export function startTick(
  clock: LaptopClock,
  tick: () => Promise<unknown>,
  { everyMs, firstInMs, whileMovingMs = TICK_WHILE_MOVING_MS, name, onFailure }: TickOptions,
): void {
  let lastFailure: string | undefined
  async function run(): Promise<void> {
    try {
      await tick()
      lastFailure = undefined
    } catch (error) {
      const sentence = `${name} failed: ${error instanceof Error ? error.message : error}`
      if (sentence !== lastFailure) onFailure(sentence)
      lastFailure = sentence
    }
    plan()
  }
  function plan(): void {
    const waitMs = clock.isMovingOn() ? Math.max(everyMs, whileMovingMs) : everyMs
    clock.at(clock.now() + waitMs, run)
  }
  if (firstInMs === undefined) plan()
  else clock.at(clock.now() + firstInMs, run)
}
