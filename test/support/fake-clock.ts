import type { Clock } from '../../lib/clock.ts'

/** A clock that moves only when it is told to, or slept on. */
export interface FakeClock extends Clock {
  /** Every sleep asked for, in milliseconds. */
  readonly sleeps: number[]
  /** Both clocks go on, and timers that are due run. */
  advance(ms: number): void
  /** In how long the first timer runs that has neither run nor been called off, milliseconds. */
  nextTimerMs(): number | undefined
  timersStarted(): number
  /** The wall clock alone is set forward or back, as when a host corrects its time. */
  setBack(ms: number): void
}

interface FakeClockOptions {
  /** ISO 8601. */
  readonly now?: string
  /** What happens before a sleep ends: what others do meanwhile. */
  readonly whileAsleep?: () => Promise<unknown>
  readonly random?: () => number
}

/** Noon, a Sunday. */
export const NOON = '2026-11-15T12:00:00.000Z'

/** @returns a clock on which sleeping takes no time: it is recorded, and both clocks stand that much later. */
export function fakeClock({ now = NOON, whileAsleep, random = seeded(1) }: FakeClockOptions = {}): FakeClock {
  let wallMs = Date.parse(now)
  let monotonicMs = 1_000_000
  const sleeps: number[] = []
  let started = 0
  const timers = new Set<{ readonly dueMs: number; readonly run: () => void }>()
  const advance = (ms: number) => {
    wallMs += ms
    monotonicMs += ms
    for (const timer of [...timers]) {
      if (timer.dueMs > monotonicMs) continue
      timers.delete(timer)
      timer.run()
    }
  }
  return {
    sleeps,
    advance,
    setBack: (ms) => {
      wallMs -= ms
    },
    // Whole milliseconds, as Date.now() has them, whatever part of one was slept.
    nowMs: () => Math.floor(wallMs),
    monotonicMs: () => monotonicMs,
    random,
    nextTimerMs() {
      const due = [...timers].map(({ dueMs }) => dueMs - monotonicMs)
      return due.length === 0 ? undefined : Math.min(...due)
    },
    timersStarted: () => started,
    startTimer(ms, run) {
      started += 1
      const timer = { dueMs: monotonicMs + ms, run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    async sleep(ms) {
      sleeps.push(ms)
      advance(ms)
      await whileAsleep?.()
    },
  }
}

/** The same uniform numbers every time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
