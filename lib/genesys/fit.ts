/** Whether all users can be gathered within one request: decided after page 1, before the rest is paid for. */
import { GatewayError } from '../errors.ts'
import type { UserLicenses } from '../license/models.ts'
import { PAGE_LANES, type Page } from './pages.ts'
import type { Observed, Scope } from './scope.ts'

/** Lambda answers at most 6 MB to a synchronous call (AWS Lambda quotas); this leaves room for the proxy envelope. */
export const MAX_ANSWER_BYTES = 5_500_000

/** Bytes of one holder in the folded answer: a UUID twice, keys and quotes. */
const BYTES_PER_HOLDER = 112

/**
 * @param pageCount pages there are, page 1 included.
 * @param firstPageMs what page 1 took; connecting is in it, so the estimate is on the safe side.
 * @throws GatewayError 413 `response.too.large` naming the number of users and the operation that pages.
 */
export function refuseWhatCannotFit(
  scope: Scope,
  firstPage: Page<UserLicenses>,
  pageCount: number,
  firstPageMs: number,
): void {
  const holders = (firstPage.entities ?? []).reduce((sum, user) => sum + (user.licenses?.length ?? 0), 0)
  const bytes = holders * BYTES_PER_HOLDER * pageCount
  if (isTimeFor(scope, pageCount - 1, firstPageMs) && bytes <= MAX_ANSWER_BYTES) return
  throw new GatewayError(
    'response.too.large',
    `The organization's ${firstPage.total ?? `${pageCount} pages of`} users do not fit one answer; read them in pages with GET /api/v2/license/users`,
  )
}

/** Whether so many more pages fit what is left of the time and of the minute's requests. */
export function isTimeFor({ deadline, observed }: Scope, pages: number, pageMs: number): boolean {
  const timeMs = Math.ceil(Math.max(0, pages) / PAGE_LANES) * pageMs
  return timeMs <= deadline.remainingMs() && pages <= requestsLeft(observed)
}

/** What upstream's last answer left of the minute's requests; no bound where it did not say. */
export function requestsLeft({ rateLimitAllowed, rateLimitUsed }: Observed): number {
  return rateLimitAllowed === undefined || rateLimitUsed === undefined
    ? Number.POSITIVE_INFINITY
    : rateLimitAllowed - rateLimitUsed
}
