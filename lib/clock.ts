/** Time and chance, handed in so that tests own both. */
export interface Clock {
  /** Wall clock, epoch milliseconds: for expiries that others set. */
  nowMs(): number
  /** Never goes back, does not stop while a container is frozen on AWS; arbitrary origin, milliseconds: for deadlines and durations. */
  monotonicMs(): number
  sleep(ms: number): Promise<void>
  /** @returns what calls it off. */
  startTimer(ms: number, run: () => void): () => void
  /** Uniform in [0, 1). */
  random(): number
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  // Not performance.now(): the first touch of `performance` loads node:perf_hooks, 0.6 ms of a cold start.
  monotonicMs() {
    const [seconds, nanoseconds] = process.hrtime()
    return seconds * 1e3 + nanoseconds / 1e6
  },
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  startTimer(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
  random: () => Math.random(),
}

/** A point on the monotonic clock by which an answer must be on its way. */
export interface Deadline {
  remainingMs(): number
}

export function deadlineIn(ms: number, clock: Clock): Deadline {
  const end = clock.monotonicMs() + ms
  return { remainingMs: () => end - clock.monotonicMs() }
}

/** The same, so much earlier: what is kept of it is for what comes after. Milliseconds. */
export function deadlineBefore(deadline: Deadline, keptMs: number): Deadline {
  return { remainingMs: () => deadline.remainingMs() - keptMs }
}

/** For the waits between tries of one request: none takes its answer past its time. */
export function pacingWithin(clock: Clock, deadline: Deadline): Pick<Clock, 'sleep' | 'random'> {
  return {
    random: () => clock.random(),
    sleep: (ms) => clock.sleep(Math.max(0, Math.min(ms, deadline.remainingMs()))),
  }
}
