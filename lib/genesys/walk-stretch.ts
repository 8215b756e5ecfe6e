/**
 * Going over all users of an organisation, in as many stretches as it takes: each ends where its time or the walks'
 * share of the minute is used up, and the next goes on from there.
 */
import { deadlineBefore } from '../clock.ts'
import { GatewayError } from '../errors.ts'
import { type Begun, eachPage, type Page } from './each-page.ts'
import { requestsAMinuteOf, requestsLeftOf, secondsToNextShareOf } from './minute-share.ts'
import type { Scope } from './scope.ts'

/** Kept of the request's time to put what was read where others find it, and to answer. Milliseconds. */
const KEPT_MS = 2_500

/** For so long nobody looks again whether users that are too many for a minute have become fewer. Seconds. */
const NEVER_FITS_SECONDS = 60

/** What one stretch came to. */
export interface Stretch<User> {
  readonly users: readonly User[]
  /** As page 1 had them. */
  readonly pageCount: number
  readonly total: number | undefined
  /** Where to go on; absent where this was the end. */
  readonly stopped?: Stopped
}

export interface Stopped {
  readonly nextPage: number
  readonly waitSeconds: number
  /**
   * `time`: of the request, so that the next goes on at once; `half`: of the minute's requests is used; `refused`:
   * Genesys answered 429; `never.fits`: the users are more than the walks of a minute may ask for.
   */
  readonly why: 'time' | 'half' | 'refused' | 'never.fits'
}

interface Walk<User> {
  readonly fetchPage: (scope: Scope, pageNumber: number) => Promise<Page<User>>
  readonly begun?: Begun | undefined
  readonly onInconsistency: (what: string) => void
}

/**
 * @throws GatewayError `upstream.bad.response` where counts contradict what the pages hold; `request.timeout` where no time is left;
 *   what reading a page throws where it is no pause.
 */
export async function walkStretch<User extends { readonly id: string }>(
  scope: Scope,
  { fetchPage, begun, onInconsistency }: Walk<User>,
): Promise<Stretch<User>> {
  const { clock, observed } = scope
  const deadline = deadlineBefore(scope.deadline, KEPT_MS)
  if (deadline.remainingMs() <= 0) {
    throw new GatewayError('request.timeout', 'No time was left to read the organization; try again')
  }
  const users: User[] = []
  let { pageCount = 0, total, nextPage = 1 }: Partial<Begun> = begun ?? {}
  let slowestMs = 0
  let fits = true
  const pages = eachPage<User>({
    async fetchPage(pageNumber) {
      const startedMs = clock.monotonicMs()
      const page = await fetchPage({ ...scope, deadline }, pageNumber)
      slowestMs = Math.max(slowestMs, clock.monotonicMs() - startedMs)
      return page
    },
    begun,
    onFirstPage(page, count) {
      pageCount = count
      total = page.total ?? undefined
      fits = count <= requestsAMinuteOf(observed)
    },
    canAsk: (underWay) => fits && requestsLeftOf(observed) > underWay && deadline.remainingMs() > slowestMs,
    onInconsistency,
  })
  const stretch = (waitSeconds: number, why: Stopped['why']): Stretch<User> => ({
    users,
    pageCount,
    total,
    stopped: { nextPage, waitSeconds, why },
  })
  try {
    for await (const page of pages) {
      for (const user of page) users.push(user)
      nextPage += 1
    }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    const { code, retryAfterSeconds } = error
    if (code === 'too.many.requests.retry.after')
      return stretch(retryAfterSeconds ?? secondsToNextShareOf(observed), 'refused')
    // What was read is kept, and whoever asks again goes on behind it.
    if (users.length > 0 && (code === 'request.timeout' || deadline.remainingMs() <= 0))
      return stretch(1, 'time')
    throw error
  }
  if (!fits) return stretch(NEVER_FITS_SECONDS, 'never.fits')
  if (nextPage > pageCount) return { users, pageCount, total }
  return requestsLeftOf(observed) > 0 ? stretch(1, 'time') : stretch(secondsToNextShareOf(observed), 'half')
}
