/**
 * Going over all users of an organisation, in as many stretches as it takes: each ends where its time or the walks'
 * share of the minute is used up, and the next goes on from there.
 */
import { GatewayError } from '../errors.ts'
import { type Begun, eachPage, type Page } from './pages.ts'
import type { Scope } from './scope.ts'
import { requestsAMinute, requestsLeft } from './share.ts'

/** Kept of the request's time to put what was read where others find it, and to answer. Milliseconds. */
const KEPT_MS = 2_500

/** Until upstream counts anew, where its answer does not say: its windows have a minute. Seconds. */
const WINDOW_SECONDS = 60

/** What one stretch came to. */
export interface Stretch<User> {
  readonly users: readonly User[]
  /** As page 1 had them. */
  readonly pageCount: number
  readonly total: number | undefined
  /** Where to go on; absent where this was the end. */
  readonly stopped?: { readonly nextPage: number; readonly waitSeconds: number; readonly isPaused: boolean }
}

interface Walk<User> {
  readonly fetchPage: (scope: Scope, pageNumber: number) => Promise<Page<User>>
  readonly begun?: Begun | undefined
  readonly onInconsistency: (what: string) => void
}

/**
 * @throws GatewayError `response.too.large` where the users are more than the walks of a minute may ask for;
 *   `upstream.bad.response` where counts contradict what the pages hold; what reading a page throws where it is no pause.
 */
export async function walkOn<User extends { readonly id: string }>(
  scope: Scope,
  { fetchPage, begun, onInconsistency }: Walk<User>,
): Promise<Stretch<User>> {
  const { clock, observed } = scope
  const deadline = { remainingMs: () => scope.deadline.remainingMs() - KEPT_MS }
  const users: User[] = []
  let { pageCount = 0, total, nextPage = 1 }: Partial<Begun> = begun ?? {}
  let slowestMs = 0
  const pages = eachPage<User>({
    async fetchPage(pageNumber) {
      const startedMs = clock.monotonicMs()
      const page = await fetchPage({ ...scope, deadline }, pageNumber)
      slowestMs = Math.max(slowestMs, clock.monotonicMs() - startedMs)
      return page
    },
    ...(begun ? { begun } : {}),
    onFirstPage(page, count) {
      pageCount = count
      total = page.total ?? undefined
      if (count > requestsAMinute(observed)) throw tooMany(total, count)
    },
    canAsk: (underWay) => requestsLeft(observed) > underWay && deadline.remainingMs() > slowestMs,
    onInconsistency,
  })
  const stretch = (waitSeconds: number, isPaused: boolean): Stretch<User> => ({
    users,
    pageCount,
    total,
    stopped: { nextPage, waitSeconds, isPaused },
  })
  try {
    for await (const page of pages) {
      for (const user of page) users.push(user)
      nextPage += 1
    }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    const { code, retryAfterSeconds } = error
    if (code === 'too.many.requests.retry.after') return stretch(retryAfterSeconds ?? WINDOW_SECONDS, true)
    // What was read is kept, and whoever asks again goes on behind it.
    if (users.length > 0 && (code === 'request.timeout' || deadline.remainingMs() <= 0))
      return stretch(1, false)
    throw error
  }
  if (nextPage > pageCount) return { users, pageCount, total }
  return requestsLeft(observed) > 0
    ? stretch(1, false)
    : stretch(Math.max(1, observed.rateLimitResetSeconds ?? WINDOW_SECONDS), true)
}

function tooMany(total: number | undefined, pageCount: number): GatewayError {
  return new GatewayError(
    'response.too.large',
    `The organization's ${total ?? `${pageCount} pages of`} users are more than can be read within a minute; read them in pages with GET /api/v2/license/users`,
  )
}
