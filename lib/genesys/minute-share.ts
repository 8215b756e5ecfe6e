/** What whoever goes over all users may take: half of the minute's requests, so that who waits for one thing comes first. */
import { GatewayError } from '../errors.ts'
import { MAX_RETRY_AFTER_SECONDS, MIN_RETRY_AFTER_SECONDS } from '../transport/retry-after.ts'
import type { Observed } from './scope.ts'

const SHARE = 1 / 2

/** However long Genesys asks for a wait, no longer one is believed. Milliseconds. */
export const LONGEST_WAIT_BELIEVED_MS = MAX_RETRY_AFTER_SECONDS * 1_000

/** What Genesys documents for a token, where its answer does not say. */
const DOCUMENTED_REQUESTS_A_MINUTE = 300

/** Until upstream counts anew, where its answer does not say: its windows have a minute. Seconds. */
const WINDOW_SECONDS = 60

/** Requests a minute for walks. */
export function requestsAMinuteOf({ rateLimitAllowed = DOCUMENTED_REQUESTS_A_MINUTE }: Observed): number {
  return Math.floor(rateLimitAllowed * SHARE)
}

/** What all requests of this minute have left of that, whoever sent them; no bound where upstream did not say. */
export function requestsLeftOf(observed: Observed): number {
  const { rateLimitAllowed, rateLimitUsed } = observed
  return rateLimitAllowed === undefined || rateLimitUsed === undefined
    ? Number.POSITIVE_INFINITY
    : requestsAMinuteOf(observed) - rateLimitUsed
}

/** When those of the next minute may be asked for. */
export function secondsToNextShareOf({ rateLimitResetSeconds = WINDOW_SECONDS }: Observed): number {
  return Math.max(MIN_RETRY_AFTER_SECONDS, rateLimitResetSeconds)
}

export function usedShareError(waitSeconds: number): GatewayError {
  return new GatewayError(
    'too.many.requests.retry.after',
    `All who use this token of Genesys have used the half of the minute's requests up to which users are gone over; try again in ${waitSeconds} s`,
    { retryAfterSeconds: waitSeconds },
  )
}
