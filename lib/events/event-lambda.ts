/** The one function that makes a handler for what is no HTTP request: an event, a schedule, the tick. */
import type { Context } from 'aws-lambda'
import { type Clock, type Deadline, deadlineIn } from '../clock.ts'
import { GatewayError } from '../errors.ts'
import { OUTCOME_RESERVE_MS, remainingMsOf, runInvocation } from '../invocation.ts'
import { TransportError } from '../transport/transport.ts'

/** The timeout of those that have no longer one is 28 s; a change begun must be recorded within it. Milliseconds. */
const TOTAL_TIMEOUT_MS = 25_000

export interface EventComposition<W> {
  readonly clock: Clock
  /** The longest that an invocation works, milliseconds, where it is not 25 s. */
  readonly totalTimeoutMs?: number
  /** What one invocation works with. @param functionName the function's own, as Lambda knows it. */
  readonly workFor: (deadline: Deadline, functionName: string) => Promise<W>
  /**
   * Told why an invocation failed: what Lambda writes of it has no cause, and neither has a dead letter.
   *
   * @param isForeseen whether a later try may do better. Functions that fail in order to be tried again count the rest
   *   themselves: their errors are no alarm, and what is given up in the end is a dead letter.
   */
  readonly noteFailure: (error: unknown, isForeseen: boolean) => void
}

export type EventHandler<R = void> = (event: unknown, context: Context) => Promise<R>

/**
 * @param work throws for what a later try may do better: Lambda tries again, and keeps what it gives up as a dead letter.
 */
export function eventLambda<W, R = void>(
  work: (bench: W, event: unknown) => Promise<R>,
  { clock, workFor, noteFailure, totalTimeoutMs = TOTAL_TIMEOUT_MS }: EventComposition<W>,
): EventHandler<R> {
  return (event, context) =>
    runInvocation(context.awsRequestId, async () => {
      const deadline = deadlineIn(
        Math.min(totalTimeoutMs, remainingMsOf(context) - OUTCOME_RESERVE_MS),
        clock,
      )
      try {
        return await work(await workFor(deadline, context.functionName), event)
      } catch (error) {
        noteFailure(error, isForeseen(error))
        throw error
      }
    })
}

/**
 * Ours, or of a service that did not answer or was too busy: a later try may do better. A service that says no (a
 * permission, a name, a form) says it again, and nobody foresaw that.
 */
function isForeseen(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof GatewayError) return !isRefusedByAws(error.cause)
  if (error instanceof TransportError || isPassing(error)) return true
  return error.cause !== undefined && isForeseen(error.cause)
}

/** A service that was asked for something else on the way, such as the ledger or a secret, and says no. */
function isRefusedByAws(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false
  if (cause instanceof GatewayError) return isRefusedByAws(cause.cause)
  return '$fault' in cause && !isPassing(cause)
}

function isPassing(error: Error): boolean {
  return passing.includes(error.name) || ('$fault' in error && error.$fault === 'server')
}

/**
 * What services of AWS call being too busy, once the SDK has given up on it, and what clientSettings calls an answer that
 * never came.
 */
const passing: readonly string[] = [
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottled',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'ProvisionedThroughputExceededException',
  'LimitExceededException',
  'Throttling',
  'ReplicatedWriteConflictException',
  'TransactionConflictException',
  'TimeoutError',
]
