/**
 * The laptop's clock: the machine's own, with what is to be done at which time, and a way to move it on. It is looked
 * at once a second and asks what is due, so that moving it on is only adding to it, a laptop that slept catches up,
 * and no wait is too long for a timer of Node's (24.8 days).
 */

import * as z from 'zod/mini'
import { readJsonFile, StateError, writeJsonFile } from './atomic-file.ts'

/** Done when its time has come; a failure is for whoever set it up, so it must not reject. */
export type Task = () => unknown

export interface LaptopClock {
  /** Epoch milliseconds. */
  now(): number
  /** @returns a function that calls it off. */
  at(dueMs: number, run: Task): () => void
  /** Whether it is being moved on at the moment, so that time passes faster than work is done. */
  isMovingOn(): boolean
  /**
   * Moves on, doing all that comes due in between in the order of its time, one after the other, each at its time.
   *
   * @param settled awaited before and after each: what else must have come to rest before time goes on.
   */
  advance(ms: number, settled?: () => Promise<unknown>): Promise<void>
  /** Nothing is done any more. */
  close(): void
}

/** By how much it was moved on, kept so that after a restart nothing on record lies in the future. Milliseconds. */
export interface KeptOffset {
  readonly offsetMs: number
  readonly keep: (offsetMs: number) => void
}

export interface LaptopClockOptions {
  /** What an earlier run has moved it on by. */
  readonly kept?: KeptOffset | undefined
  /** Whether what comes due is done as time passes, as by default; else only where the clock is moved on. */
  readonly goesByItself?: boolean | undefined
}

/** How exactly things are done at their time. Milliseconds. */
const LOOK_EVERY_MS = 1_000

/** @param base the machine's clock, epoch milliseconds. */
export function laptopClock(
  base: () => number = Date.now,
  { kept, goesByItself = true }: LaptopClockOptions = {},
): LaptopClock {
  const agenda = new Set<{ readonly dueMs: number; readonly run: Task }>()
  let offsetMs = kept?.offsetMs ?? 0
  let movers = 0
  let moved: Promise<unknown> = Promise.resolve()
  /** What came due by itself and is not done yet. */
  const running = new Set<unknown>()
  const now = () => base() + offsetMs

  function takeDue(untilMs: number) {
    let first: { readonly dueMs: number; readonly run: Task } | undefined
    for (const each of agenda) if (each.dueMs <= untilMs && (!first || each.dueMs < first.dueMs)) first = each
    if (first) agenda.delete(first)
    return first
  }

  function look(): void {
    if (movers > 0) return
    const nowMs = now()
    for (let next = takeDue(nowMs); next; next = takeDue(nowMs)) {
      const run = Promise.resolve(next.run()).finally(() => running.delete(run))
      running.add(run)
    }
  }
  const timer = goesByItself ? setInterval(look, LOOK_EVERY_MS).unref() : undefined

  async function moveOn(ms: number, settled: () => unknown): Promise<void> {
    // It would see time jump, and what it plans for soon would be late.
    while (running.size > 0) await Promise.all(running)
    await settled()
    const untilMs = now() + ms
    // Before anything is done on the way there, which is recorded with its time.
    kept?.keep(untilMs - base())
    for (let next = takeDue(untilMs); next; next = takeDue(untilMs)) {
      offsetMs += Math.max(0, next.dueMs - now())
      await next.run()
      await settled()
    }
    offsetMs += Math.max(0, untilMs - now())
  }

  return {
    now,
    at(dueMs, run) {
      const entry = { dueMs, run }
      agenda.add(entry)
      return () => agenda.delete(entry)
    },
    isMovingOn: () => movers > 0,
    async advance(ms, settled = () => Promise.resolve()) {
      movers += 1
      const done = moved.then(() => moveOn(ms, settled))
      moved = done.catch(() => {})
      try {
        await done
      } finally {
        movers -= 1
      }
    },
    close() {
      clearInterval(timer)
      agenda.clear()
    },
  }
}

const SavedOffset = z.strictObject({ version: z.literal(1), offsetMs: z.number().check(z.minimum(0)) })

/** @throws StateError where the file is damaged. */
export function keptOffset(file: string): KeptOffset {
  return {
    offsetMs: readOffset(file),
    keep: (offsetMs) => writeJsonFile(file, { version: 1, offsetMs } satisfies z.output<typeof SavedOffset>),
  }
}

function readOffset(file: string): number {
  try {
    const found = readJsonFile(file)
    return found === undefined ? 0 : z.parse(SavedOffset, found).offsetMs
  } catch (cause) {
    throw new StateError(`The clock in ${file} is damaged.`, { cause })
  }
}
