/** Timers that can all be called off at once, so that nothing outlives its server. */
export function createTimers() {
  const pending = new Set<NodeJS.Timeout>()
  return {
    /** Runs after so many milliseconds; at once where there are none. */
    after(delayMs: number, run: () => void): void {
      if (delayMs <= 0) {
        run()
        return
      }
      const timer = setTimeout(() => {
        pending.delete(timer)
        run()
      }, delayMs)
      pending.add(timer)
    },
    clear(): void {
      for (const timer of pending) clearTimeout(timer)
      pending.clear()
    },
  }
}

/** A set of timers that end together. */
export type Timers = ReturnType<typeof createTimers>
