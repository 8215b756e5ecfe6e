/**
 * Walks all pages of users through the gateway's own iterator and client, and tells its parent how long that took
 * and how much memory stayed in use. Needs --expose-gc.
 *
 * Arguments: the org's address, an access token.
 */
import { systemClock } from '../../../lib/clock.ts'
import { eachPage, PAGE_LANES } from '../../../lib/genesys/each-page.ts'
import { GenesysReads } from '../../../lib/genesys/genesys-reads.ts'
import { MAX_PAGE_SIZE } from '../../../lib/genesys/models/ids.ts'
import { newObserved, PER_TRY_TIMEOUT_MS } from '../../../lib/genesys/scope.ts'
import { nodeTransport } from '../../../lib/transport/transport.ts'

export interface PagesSample {
  readonly users: number
  readonly pages: number
  readonly lanes: number
  readonly wallMs: number
  /** Bytes in use on the heap after a collection, at a tenth of the pages and at the end. */
  readonly heapAtTenth: number
  readonly heapAtEnd: number
  /** Bytes of a set of as many ids as were met in between, which the iterator must remember. */
  readonly idsBytes: number
}

const [org = '', token = ''] = process.argv.slice(2)

/** No deadline: a walk of this length is for a function that does nothing else. */
const reads = new GenesysReads({
  transport: nodeTransport,
  origins: { api: org, login: org },
  clock: systemClock,
  deadline: { remainingMs: () => Number.POSITIVE_INFINITY },
  token: { value: token, renew: () => Promise.reject(new Error('the token was refused')) },
  observed: newObserved(),
  perTryTimeoutMs: PER_TRY_TIMEOUT_MS,
})

function heapInUse(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

/** What remembering ids costs: as many strings of their length, made at run time, in a set. */
function bytesOfIds(count: number): number {
  const before = heapInUse()
  const ids = new Set<string>()
  // By way of JSON, as the ids of pages are: a string cut from another would keep that one too.
  while (ids.size < count) ids.add(JSON.parse(`"${crypto.randomUUID()}"`))
  const bytes = heapInUse() - before
  return ids.size === count ? bytes : 0
}

async function walk(): Promise<PagesSample> {
  let pageCount = 0
  let pages = 0
  let users = 0
  let usersAtTenth = 0
  let heapAtTenth = 0
  let heapAtEnd = 0
  let collectingMs = 0
  const startedMs = performance.now()
  for await (const page of eachPage({
    fetchPage: (pageNumber) => reads.getUsers({ pageSize: MAX_PAGE_SIZE, pageNumber }),
    onFirstPage: (_page, count) => {
      pageCount = count
    },
  })) {
    pages += 1
    users += page.length
    const beforeMs = performance.now()
    if (pages === Math.ceil(pageCount / 10)) {
      heapAtTenth = heapInUse()
      usersAtTenth = users
    }
    // Here and not after the loop, when the iterator has let go of what it held.
    if (pages === pageCount) heapAtEnd = heapInUse()
    collectingMs += performance.now() - beforeMs
  }
  const wallMs = performance.now() - startedMs - collectingMs
  const idsBytes = bytesOfIds(users - usersAtTenth)
  return { users, pages, lanes: PAGE_LANES, wallMs, heapAtTenth, heapAtEnd, idsBytes }
}

void walk().then((sample) => process.send?.(sample, () => process.exit()))
