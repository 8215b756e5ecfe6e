/** Reads: safe to repeat, so the passing faults are retried, in this one layer and within the deadline. */
import type * as z from 'zod/mini'
import { GatewayError } from '../errors.ts'
import { backoffMsOf, MIN_RETRY_AFTER_SECONDS } from '../transport/retry-after.ts'
import { TransportError, type TransportResponse } from '../transport/transport.ts'
import { type ApiCall, exchange } from './exchange.ts'
import {
  errorOfFault,
  isFromAnother,
  isSuccess,
  modelOf,
  upstreamErrorOf,
  waitAskedForIn,
} from './interpret-answer.ts'
import type { Scope } from './scope.ts'

/** Tries of one read, the first included. */
const MAX_TRIES = 3

/** Of what did not go, and may go at once: shorter than after a 429. */
const SHORT_BACKOFF = { baseMs: 200, capMs: 2_000 }

/** Spread added to a wait that upstream asked for, so that its clients do not come back all at once. Milliseconds. */
const RETRY_AFTER_SPREAD_MS = 250

/** Left over after a wait, or the wait is not worth it: time for one quick exchange. Milliseconds. */
const MIN_TRY_MS = 250

/** Statuses Genesys itself calls retryable; on 500 it says to fail fast. */
const retryableStatuses: readonly number[] = [429, 502, 503, 504]

/** What one try came to: an answer, or the fault that stood in its place. */
type ReadAttempt = TransportResponse | TransportError

/**
 * Reads one thing from Genesys.
 *
 * @throws GatewayError as a caller of the gateway gets it.
 */
export async function sendRead<S extends z.core.$ZodType>(
  scope: Scope,
  call: ApiCall,
  schema: S,
): Promise<z.core.input<S>> {
  let hasRenewed = false
  for (let tries = 1; ; tries++) {
    let outcome = await attemptRead(scope, call, tries > 1)
    if (isUnauthorized(outcome) && !hasRenewed) {
      hasRenewed = true
      await scope.token.renew()
      outcome = await attemptRead(scope, call, true)
    }
    if (!(outcome instanceof TransportError) && isSuccess(outcome)) {
      const value = modelOf(outcome, schema)
      scope.observed.lastRead = { value, body: outcome.body }
      return value
    }
    const waitMs = tries < MAX_TRIES ? waitBeforeRetry(outcome, tries, scope) : undefined
    if (waitMs === undefined || !isWorthWaiting(waitMs, scope)) throw failureOf(outcome, scope)
    await scope.clock.sleep(waitMs)
  }
}

async function attemptRead(scope: Scope, call: ApiCall, isResent: boolean): Promise<ReadAttempt> {
  try {
    return await exchange(scope, call, { isResent })
  } catch (error) {
    if (error instanceof TransportError) return error
    throw error
  }
}

function isWorthWaiting(waitMs: number, { deadline, longestWaitMs = waitMs }: Scope): boolean {
  return waitMs <= longestWaitMs && waitMs + MIN_TRY_MS <= deadline.remainingMs()
}

function isUnauthorized(outcome: ReadAttempt): boolean {
  return !(outcome instanceof TransportError) && outcome.status === 401 && !isFromAnother(outcome)
}

/** Milliseconds to wait before the next try; undefined where another try would not help. */
function waitBeforeRetry(outcome: ReadAttempt, tries: number, { clock }: Scope): number | undefined {
  if (outcome instanceof TransportError) {
    const isHopeless = outcome.fault === 'too.large' || outcome.fault === 'undecodable'
    return isHopeless ? undefined : backoffMsOf(tries, clock, SHORT_BACKOFF)
  }
  if (!retryableStatuses.includes(outcome.status)) return undefined
  const asked = waitAskedForIn(outcome, clock.nowMs())
  if (asked !== undefined) return asked * 1000 + clock.random() * RETRY_AFTER_SPREAD_MS
  return outcome.status === 429 ? backoffMsOf(tries, clock) : backoffMsOf(tries, clock, SHORT_BACKOFF)
}

function failureOf(outcome: ReadAttempt, scope: Scope): GatewayError {
  const error = outcome instanceof TransportError ? errorOfFault(outcome) : upstreamErrorOf(outcome, scope)
  return scope.isDeciding && error.code === 'request.timeout' ? notInTime(error) : error
}

/** A 504 would say that nobody knows what became of a write; whoever was to write adds that nothing was sent. */
function notInTime(cause: GatewayError): GatewayError {
  const { upstreamStatus, retryAfterSeconds = MIN_RETRY_AFTER_SECONDS } = cause
  return new GatewayError('upstream.unavailable', 'Genesys did not answer in time; try again', {
    cause,
    retryAfterSeconds,
    upstreamStatus,
  })
}
