/** What whoever goes over all users may take: half of the minute's requests, so that who waits for one thing comes first. */
import type { Observed } from './scope.ts'

/** Lambda answers at most 6 MB to a synchronous call (AWS Lambda quotas); this leaves room for the proxy envelope. */
export const MAX_ANSWER_BYTES = 5_500_000

/** Of the 300 requests a minute that a token has. */
const SHARE = 1 / 2

/** Requests a minute for walks; undefined where upstream's last answer did not say how many are allowed. */
export function requestsAMinute({ rateLimitAllowed }: Observed): number | undefined {
  return rateLimitAllowed === undefined ? undefined : Math.floor(rateLimitAllowed * SHARE)
}

/** What all requests of this minute have left of that, whoever sent them; no bound where upstream did not say. */
export function requestsLeft(observed: Observed): number {
  const share = requestsAMinute(observed)
  return share === undefined || observed.rateLimitUsed === undefined
    ? Number.POSITIVE_INFINITY
    : share - observed.rateLimitUsed
}
