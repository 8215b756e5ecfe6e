/**
 * A walk over all pages of a listing that is in no hurry: within its share of Genesys's minute, so that whoever waits for
 * one thing comes first, and to the end of the last page's own count.
 */
import type { Clock, Deadline } from '../../clock.ts'
import { GatewayError } from '../../errors.ts'
import { PAGE_LANES, type Page, pageCountOf } from '../../genesys/each-page.ts'
import { secondsToNextShareOf } from '../../genesys/minute-share.ts'
import type { Observed } from '../../genesys/scope.ts'

/** Requests of ours a minute, of the 300 that Genesys documents for a token. */
const REQUESTS_A_MINUTE = 240

const PACE_MS = 60_000 / REQUESTS_A_MINUTE

/** Of what is allowed a minute, whoever of the token has used it: no page is asked for beyond it. */
const SHARE = REQUESTS_A_MINUTE / 300

/** Until upstream counts anew, where it does not say: its windows have a minute. Seconds. */
const WINDOW_SECONDS = 60

/** Upstream's windows have a minute. A longer wait is no work for a function, and left to a later invocation. Milliseconds. */
const LONGEST_WAIT_MS = 60_000

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
 * @throws GatewayError what `fetchPage` throws; `too.many.requests.retry.after` where Genesys, or what all who use the
 * token have had of its minute, asks for a longer wait than this invocation is good for; `upstream.bad.response` as `pageCountOf`.
 */
export async function* walkPaced<User>(walk: PacedWalk<User>): AsyncGenerator<PacedPage<User>, void, void> {
  const { clock, deadline, observed, from } = walk
  const underWay: { readonly pageNumber: number; readonly answer: Promise<PacedPage<User>> }[] = []
  let { nextPage, pageCount = nextPage } = from
  let nextStartMs = clock.monotonicMs()
  let isFirst = true
  /** Of 429 in a row. */
  let refusals = 0

  /** @returns false where this invocation has no time for it. */
  async function rest(): Promise<boolean> {
    const ms = Math.max(0, nextStartMs - clock.monotonicMs())
    if (ms > LONGEST_WAIT_MS || deadline.remainingMs() - ms <= KEPT_MS) return false
    for (let left = ms; left > 0; left -= LONGEST_SLEEP_MS) {
      await clock.sleep(Math.min(left, LONGEST_SLEEP_MS))
      await walk.heartbeat()
    }
    nextStartMs = Math.max(nextStartMs, clock.monotonicMs()) + PACE_MS
    return true
  }
  /** Of all lanes: nothing is asked for before. */
  function holdFor(seconds: number): void {
    nextStartMs = Math.max(nextStartMs, clock.monotonicMs() + seconds * 1_000)
    // Of the minute that is over then.
    observed.rateLimitUsed = undefined
  }
  /** @returns false where no time is left, or what is under way comes first. */
  async function takeTurn(): Promise<boolean> {
    await walk.heartbeat()
    if (!isShareUsed(observed, underWay.length)) return await rest()
    if (underWay.length > 0) return false
    holdFor(secondsToNextShareOf(observed))
    if (await rest()) return true
    throw leftForLater()
  }
  async function ask(pageNumber: number): Promise<PacedPage<User>> {
    const askedAtMs = clock.nowMs()
    try {
      const page = await walk.fetchPage(pageNumber)
      refusals = 0
      return { page, askedAtMs, answeredAtMs: clock.nowMs() }
    } catch (error) {
      if (isTooMany(error)) holdFor(waitAfter(error))
      throw error
    }
  }
  function leftForLater(cause?: GatewayError): GatewayError {
    const retryAfterSeconds = Math.ceil(Math.max(0, nextStartMs - clock.monotonicMs()) / 1_000)
    return new GatewayError(
      'too.many.requests.retry.after',
      `What Genesys allows in a minute is used up, and nothing is asked of it for ${retryAfterSeconds} s`,
      { retryAfterSeconds, cause },
    )
  }
  /** Where it is said that the minute is used up, no less than that; where nothing helps, more each time. Seconds. */
  function waitAfter({ retryAfterSeconds = 0 }: GatewayError): number {
    const toNextMinute = isShareUsed(observed, 0) ? secondsToNextShareOf(observed) : 0
    return Math.max(retryAfterSeconds, toNextMinute, Math.min(WINDOW_SECONDS, 2 ** refusals++))
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
      pageCount = pageCountOf(read.page)
      isFirst = false
      yield read
    }
  } finally {
    // A container is frozen once it has answered; what is still under way would thaw into another invocation's time.
    await Promise.allSettled(underWay.map(({ answer }) => answer))
  }

  async function answered({ pageNumber, answer }: (typeof underWay)[number]): Promise<PacedPage<User>> {
    for (let next = answer; ; next = ask(pageNumber)) {
      try {
        return await next
      } catch (error) {
        if (!isTooMany(error)) throw error
        if (!(await rest())) throw leftForLater(error)
      }
    }
  }
}

function isTooMany(error: unknown): error is GatewayError {
  return error instanceof GatewayError && error.code === 'too.many.requests.retry.after'
}

/** Where upstream does not say what is used, the pace alone holds. */
function isShareUsed({ rateLimitUsed, rateLimitAllowed }: Observed, underWay: number): boolean {
  if (rateLimitUsed === undefined || rateLimitAllowed === undefined) return false
  return rateLimitUsed + underWay >= Math.floor(rateLimitAllowed * SHARE)
}
