/** The one function that makes a handler for what is no HTTP request: an event, a schedule, the tick. */
import type { Context } from 'aws-lambda'
import { type Clock, type Deadline, deadlineIn } from '../clock.ts'

/** The functions' own timeout is 28 s; a change begun must be recorded within it. Milliseconds. */
const TOTAL_TIMEOUT_MS = 25_000

/** Kept of the Lambda's remaining time to record the outcome, milliseconds. */
const RECORD_RESERVE_MS = 1_000

export interface EventComposition<W> {
  readonly clock: Clock
  /** What one invocation works with. */
  readonly workFor: (deadline: Deadline) => Promise<W>
}

export type EventHandler<R = void> = (event: unknown, context: Context) => Promise<R>

/**
 * @param work throws for what a later try may do better: Lambda tries again, and keeps what it gives up as a dead letter.
 */
export function eventLambda<W, R = void>(
  work: (bench: W, event: unknown) => Promise<R>,
  { clock, workFor }: EventComposition<W>,
): EventHandler<R> {
  return async (event, context) => {
    const remainingMs = context.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY
    const deadline = deadlineIn(Math.min(TOTAL_TIMEOUT_MS, remainingMs - RECORD_RESERVE_MS), clock)
    return await work(await workFor(deadline), event)
  }
}
