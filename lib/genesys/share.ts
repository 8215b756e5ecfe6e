/** What whoever goes over all users may take: half of the minute's requests, so that who waits for one thing comes first. */
import type { Observed } from './scope.ts'

/** Lambda answers at most 6 MB to a synchronous call (AWS Lambda quotas); this leaves room for the proxy envelope. */
export const MAX_ANSWER_BYTES = 5_500_000

const SHARE = 1 / 2

/** What Genesys documents for a token, where its answer does not say. */
const DOCUMENTED_REQUESTS_A_MINUTE = 300

/** Requests a minute for walks. */
export function requestsAMinute({ rateLimitAllowed = DOCUMENTED_REQUESTS_A_MINUTE }: Observed): number {
  return Math.floor(rateLimitAllowed * SHARE)
}

/** What all requests of this minute have left of that, whoever sent them; no bound where upstream did not say. */
export function requestsLeft(observed: Observed): number {
  const { rateLimitAllowed, rateLimitUsed } = observed
  return rateLimitAllowed === undefined || rateLimitUsed === undefined
    ? Number.POSITIVE_INFINITY
    : requestsAMinute(observed) - rateLimitUsed
}
