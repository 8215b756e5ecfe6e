/**
 * Which invocation is at work, for whatever writes a line of the log: on AWS there is one at a time in a process, on the
 * laptop there are many.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Context } from 'aws-lambda'
import { type Clock, type Deadline, deadlineIn } from './clock.ts'

/** Kept of the Lambda's remaining time to record and render the outcome, milliseconds. */
export const OUTCOME_RESERVE_MS = 1_000

const requestIds = new AsyncLocalStorage<string>()

/**
 * Does the work of one invocation. What only writes a line at its end names the id there by itself: the first use of
 * this is 0.4 ms of a cold start.
 *
 * @param requestId Lambda's, or API Gateway's where a caller knows it; without one the work is done all the same.
 */
export function runInvocation<T>(requestId: string | undefined, work: () => Promise<T>): Promise<T> {
  return requestId === undefined ? work() : requestIds.run(requestId, work)
}

/** @returns a Lambda handler of what works by its event alone. */
export function handlerOf<E, R>(work: (event: E) => Promise<R>) {
  return (event: E, context?: { readonly awsRequestId?: string | undefined }): Promise<R> =>
    runInvocation(context?.awsRequestId, () => work(event))
}

/** @returns undefined outside of invocations. */
export function currentRequestId(): string | undefined {
  return requestIds.getStore()
}

type Remaining = Pick<Context, 'getRemainingTimeInMillis'>

export function remainingMsOf(context: Remaining): number {
  return context.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY
}

/** When all that is streamed must be on its way: nobody but its function's own time ends it once it has begun. */
export function deadlineOfRest(context: Remaining, clock: Clock): Deadline {
  return deadlineIn(remainingMsOf(context) - OUTCOME_RESERVE_MS, clock)
}
