/** Walks all pages of users: bounded by the first page's own counts, several pages at a time, each user once. */
import { GatewayError } from '../errors.ts'
import type { UserLicenses } from './models/licenses.ts'

/** Pages asked for at the same time: hides latency, and is a small part of the 300 requests a minute. */
export const PAGE_LANES = 6

/** More pages than any organisation has (a million users by 100): beyond it, upstream's count is not believed. */
const MAX_PAGES = 10_000

/** One page of a listing of users, of whatever is told of each. */
export interface Page<User> {
  readonly entities?: readonly User[] | null | undefined
  readonly pageSize?: number | null | undefined
  readonly total?: number | null | undefined
  readonly pageCount?: number | null | undefined
}

interface HasId {
  readonly id: string
}

/** What is known of a walk that stopped before its end. */
export interface Begun {
  readonly nextPage: number
  /** As page 1 had them. */
  readonly pageCount: number
  readonly total?: number | undefined
  /** Of the users met so far. */
  readonly ids: Iterable<string>
}

export interface PageWalk<User extends HasId = UserLicenses> {
  readonly fetchPage: (pageNumber: number) => Promise<Page<User>>
  readonly lanes?: number
  /** Goes on where an earlier walk stopped, instead of from page 1. */
  readonly begun?: Begun | undefined
  /** Asked before each page but the first; once it says no, what is under way is waited for and the walk ends. */
  readonly canAsk?: (underWay: number) => boolean
  /** Called once with page 1, before any other is asked for; throws where the walk is not worth beginning. */
  readonly onFirstPage?: (page: Page<User>, pageCount: number) => void
  /** Told once where pages repeat users or hold fewer than page 1 promised: upstream changed while it was read. */
  readonly onInconsistency?: (what: string) => void
}

/**
 * All users in upstream's order, a page at a time. Holds the pages under way and the ids seen, nothing else.
 *
 * @throws GatewayError `upstream.bad.response` where the counts contradict the entities; whatever `fetchPage` throws.
 */
export async function* eachPage<User extends HasId>(
  walk: PageWalk<User>,
): AsyncGenerator<User[], void, void> {
  const { begun, lanes = PAGE_LANES, canAsk = () => true } = walk
  const firstNumber = begun?.nextPage ?? 1
  const first = await walk.fetchPage(firstNumber)
  const pageCount = begun?.pageCount ?? pageCountOf(first)
  const total = begun ? begun.total : first.total
  if (!begun) walk.onFirstPage?.(first, pageCount)

  const seen = new Set<string>(begun?.ids)
  const pending: Promise<Page<User>>[] = []
  let next = firstNumber + 1
  const ask = () => {
    while (next <= pageCount && pending.length < lanes && canAsk(pending.length)) {
      const page = walk.fetchPage(next++)
      // Its failure is met when its turn comes; until then it must not count as unhandled.
      page.catch(() => {})
      pending.push(page)
    }
  }

  let hasRepeats = false
  try {
    for (let page: Page<User> | undefined = first; page; page = await pending.shift()) {
      ask()
      const users = (page.entities ?? []).filter(({ id }) => !seen.has(id) && seen.add(id))
      hasRepeats ||= users.length < (page.entities ?? []).length
      yield users
    }
  } finally {
    // A container is frozen once it has answered; what is still under way would thaw into another request's time.
    await Promise.allSettled(pending)
  }
  if (next <= pageCount) return
  if (hasRepeats || seen.size !== (total ?? seen.size)) {
    walk.onInconsistency?.(
      `users changed while they were read: ${seen.size} of ${total ?? 'an unknown number'}`,
    )
  }
}

/** @throws GatewayError `upstream.bad.response` where the counts contradict the entities. */
export function pageCountOf({ entities, pageCount, total, pageSize }: Page<unknown>): number {
  const held = entities?.length ?? 0
  const counted = pageCount ?? (total && pageSize ? Math.ceil(total / pageSize) : undefined)
  const contradicts =
    counted === undefined
      ? held > 0
      : counted < 0 || counted > MAX_PAGES || (counted === 0 && held > 0) || (total === 0 && held > 0)
  if (contradicts) {
    throw new GatewayError(
      'upstream.bad.response',
      'Genesys answered a page of users whose counts contradict what it holds, so their end is not known',
      { upstreamStatus: 200 },
    )
  }
  return counted ?? 0
}
