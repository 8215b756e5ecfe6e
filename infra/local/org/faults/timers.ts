/** Timers that can all be called off at once, so that nothing outlives its server, or be brought on at once. */
export function createTimers() {
  const pending = new Map<NodeJS.Timeout, () => void>()
  function clear(): void {
    for (const timer of pending.keys()) clearTimeout(timer)
    pending.clear()
  }
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
      pending.set(timer, run)
    },
    clear,
    /** Runs now what was to run later, in the order in which it was put off. */
    bringOn(): void {
      const all = [...pending.values()]
      clear()
      for (const run of all) run()
    },
  }
}

/** A set of timers that end together. */
export type Timers = ReturnType<typeof createTimers>
