/**
 * A walk over all pages of a listing that is in no hurry: within its share of Genesys's minute, so that whoever waits for
 * one thing comes first, and to the end of the last page's own count.
 */
import type { Clock, Deadline } from '../../clock.ts'
import { GatewayError } from '../../errors.ts'
import { PAGE_LANES, type Page, pageCountOf } from '../../genesys/each-page.ts'
import type { Observed } from '../../genesys/scope.ts'

/** Requests of ours a minute, of the 300 that Genesys documents for a token. */
const REQUESTS_A_MINUTE = 240

const PACE_MS = 60_000 / REQUESTS_A_MINUTE

/** Of what is allowed a minute, whoever of the token has used it: no page is asked for beyond it. */
const SHARE = REQUESTS_A_MINUTE / 300

/** Until upstream counts anew, where it does not say: its windows have a minute. Seconds. */
const WINDOW_SECONDS = 60

/** No sleep is longer, so that the lease is renewed meanwhile. Milliseconds. */
const LONGEST_SLEEP_MS = 15_000

/** Kept of the invocation's time to put on record what was read, milliseconds. */
const KEPT_MS = 20_000

export interface PacedPage<User> {
  readonly page: Page<User>
  /** Epoch milliseconds. */
  readonly askedAtMs: number
  readonly answeredAtMs: number
}

export interface PacedWalk<User> {
  readonly fetchPage: (pageNumber: number) => Promise<Page<User>>
  readonly from: { readonly nextPage: number; readonly pageCount?: number | undefined }
  readonly clock: Clock
  readonly deadline: Deadline
  readonly observed: Observed
  /** Called again and again while it waits and reads, so that whoever leads it shows that it is alive. */
  readonly heartbeat: () => Promise<void>
}

/**
 * Pages in their order. It ends where there are no more, or where no time is left; a caller knows by the page count.
 *
 * @throws GatewayError what `fetchPage` throws but for 429, which is waited for; `upstream.bad.response` as `pageCountOf`.
 */
export async function* walkPaced<User>(walk: PacedWalk<User>): AsyncGenerator<PacedPage<User>, void, void> {
  const { clock, deadline, observed, from } = walk
  const underWay: { readonly pageNumber: number; readonly answer: Promise<PacedPage<User>> }[] = []
  let { nextPage, pageCount = nextPage } = from
  let nextStartMs = clock.monotonicMs()
  let isFirst = true

  const timeIsLeft = (waitMs = 0) => deadline.remainingMs() - waitMs > KEPT_MS
  async function rest(ms: number): Promise<boolean> {
    if (!timeIsLeft(ms)) return false
    for (let left = ms; left > 0; left -= LONGEST_SLEEP_MS) {
      await clock.sleep(Math.min(left, LONGEST_SLEEP_MS))
      await walk.heartbeat()
    }
    return true
  }
  /** @returns false where no time is left. */
  async function takeTurn(): Promise<boolean> {
    await walk.heartbeat()
    if (isShareUsed(observed, underWay.length)) {
      if (underWay.length > 0) return false
      if (!(await rest((observed.rateLimitResetSeconds ?? WINDOW_SECONDS) * 1_000))) return false
      // Of the minute that is over.
      observed.rateLimitUsed = undefined
    }
    if (!(await rest(Math.max(0, nextStartMs - clock.monotonicMs())))) return false
    nextStartMs = Math.max(nextStartMs, clock.monotonicMs()) + PACE_MS
    return true
  }
  async function ask(pageNumber: number): Promise<PacedPage<User>> {
    const askedAtMs = clock.nowMs()
    const page = await walk.fetchPage(pageNumber)
    return { page, askedAtMs, answeredAtMs: clock.nowMs() }
  }

  try {
    for (;;) {
      // Before the first answer nobody knows how many there are.
      const lanes = isFirst ? 1 : PAGE_LANES
      while (nextPage <= pageCount && underWay.length < lanes && (await takeTurn())) {
        const answer = ask(nextPage)
        // Its failure is met when its turn comes; until then it must not count as unhandled.
        answer.catch(() => {})
        underWay.push({ pageNumber: nextPage, answer })
        nextPage += 1
      }
      const first = underWay.shift()
      if (!first) return
      const read = await answered(first)
      if (!read) return
      pageCount = pageCountOf(read.page)
      isFirst = false
      yield read
    }
  } finally {
    // A container is frozen once it has answered; what is still under way would thaw into another invocation's time.
    await Promise.allSettled(underWay.map(({ answer }) => answer))
  }

  /** @returns undefined where Genesys asks for a wait that there is no time for. */
  async function answered({
    pageNumber,
    answer,
  }: (typeof underWay)[number]): Promise<PacedPage<User> | undefined> {
    for (let next = answer; ; next = ask(pageNumber)) {
      try {
        return await next
      } catch (error) {
        if (!(error instanceof GatewayError) || error.code !== 'too.many.requests.retry.after') throw error
        const seconds = error.retryAfterSeconds ?? observed.rateLimitResetSeconds ?? WINDOW_SECONDS
        if (!(await rest(seconds * 1_000))) return undefined
        observed.rateLimitUsed = undefined
        nextStartMs = Math.max(nextStartMs, clock.monotonicMs()) + PACE_MS
      }
    }
  }
}

/** Where upstream does not say what is used, the pace alone holds. */
function isShareUsed({ rateLimitUsed, rateLimitAllowed }: Observed, underWay: number): boolean {
  if (rateLimitUsed === undefined || rateLimitAllowed === undefined) return false
  return rateLimitUsed + underWay >= Math.floor(rateLimitAllowed * SHARE)
}
