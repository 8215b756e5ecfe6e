/** A clock that two threads read and one moves on: sleeping takes no time, and who waits sees the same time as who serves. */
import type { Clock } from '../../../lib/clock.ts'
import { fakeClock, NOON } from '../../support/fake-clock.ts'

/** Where the time stands, epoch milliseconds. */
export type SharedTime = SharedArrayBuffer

export function startSharedTime(): SharedTime {
  const time = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT)
  Atomics.store(new BigInt64Array(time), 0, BigInt(Date.parse(NOON)))
  return time
}

export function readerOf(time: SharedTime): () => number {
  const cell = new BigInt64Array(time)
  return () => Number(Atomics.load(cell, 0))
}

export interface MovedClock extends Clock {
  advance(ms: number): void
  /** All that was slept, milliseconds. */
  sleptMs(): number
}

/** @param whileAsleep what others do in a sleep, which lasts until then. */
export function movedClock(
  time: SharedTime,
  whileAsleep: (toMs: number) => Promise<void> = async () => {},
): MovedClock {
  const cell = new BigInt64Array(time)
  const nowMs = readerOf(time)
  const { random } = fakeClock()
  let sleptMs = 0
  const advance = (ms: number) => void Atomics.add(cell, 0, BigInt(Math.max(0, Math.ceil(ms))))
  return {
    nowMs,
    monotonicMs: nowMs,
    random,
    advance,
    sleptMs: () => sleptMs,
    async sleep(ms) {
      const toMs = nowMs() + Math.ceil(ms)
      sleptMs += Math.ceil(ms)
      await whileAsleep(toMs)
      advance(toMs - nowMs())
    },
    // Nothing here takes so long that a timer would have to end it.
    startTimer: () => () => {},
  }
}
