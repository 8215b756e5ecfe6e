/**
 * Pages from one on, for a reader who stops where enough is found and goes on another time: unlike a walk over all of
 * them it need not fit one request.
 */

import { PAGE_LANES, type Page, pageCountOf } from './each-page.ts'
import { pausePages, refusePausedPages, requestsLeftOf } from './minute-share.ts'
import type { Scope } from './scope.ts'

/** Pages for one request of ours: with what is kept, a tenth of the 300 requests a minute. */
const MAX_PAGES = 29

/** What the reader itself still asks of upstream after the last page. */
const REQUESTS_KEPT = 1

export interface NumberedPage<User> {
  readonly pageNumber: number
  readonly users: readonly User[]
  readonly isLast: boolean
}

/**
 * Begins with one page and doubles up to PAGE_LANES at a time: most readers have enough with the first. Ends after the
 * last page, or where pages, half of the time or a walk's share of the minute's requests are used up.
 *
 * @throws GatewayError `too.many.requests.retry.after` while the share is known to be used up; `upstream.bad.response` where a page's counts contradict what it holds; what `fetchPage` throws.
 */
export async function* browsePages<User>(
  scope: Scope,
  fetchPage: (pageNumber: number) => Promise<Page<User>>,
  first: number,
): AsyncGenerator<NumberedPage<User>, void, void> {
  const { deadline, observed } = scope
  refusePausedPages(scope)
  const keptMs = deadline.remainingMs() / 2
  let next = first
  let pageCount = first
  for (let lanes = 1; next <= pageCount; lanes = Math.min(lanes * 2, PAGE_LANES)) {
    const left = first + MAX_PAGES - next
    const wanted = Math.min(lanes, pageCount - next + 1, left)
    if (wanted === 0) return
    if (next > first) {
      if (requestsLeftOf(observed) < wanted + REQUESTS_KEPT) return pausePages(scope)
      if (deadline.remainingMs() < keptMs) return
    }
    for (const page of await allOf(Array.from({ length: wanted }, (_, lane) => fetchPage(next + lane)))) {
      pageCount = pageCountOf(page)
      const isLast = next >= pageCount
      yield { pageNumber: next++, users: page.entities ?? [], isLast }
      if (isLast) return
    }
  }
}

/** Waits for all of them also where one fails: what is still under way would thaw into another request's time. */
async function allOf<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises)
  return await Promise.all(promises)
}
