/** The paging iterator over an org of 100,000 users that takes 50 ms to answer, its rate limit out of the way. */
import type { PagesSample } from '../processes/pages.ts'
import { answerOf, startServers } from '../processes.ts'
import type { Rig } from '../rig.ts'
import { type Row, ratioRow } from '../row.ts'

const USERS = 100_000
const LATENCY_MS = 50

/** Time over the latency bound. */
const MAX_OVER_BOUND = 1.1

/** What may stay on the heap beyond the ids: the pages under way come and go, so a page or two either way. Bytes. */
const MAX_GROWTH_BYTES = 2_000_000

export async function pagingRows({ builds }: Rig): Promise<Row[]> {
  const servers = await startServers({ users: USERS, latencyMs: LATENCY_MS, requestsPerMinute: 1e9 })
  try {
    const sample = (await answerOf(builds.process('pages'), [servers.org, servers.token])) as PagesSample
    return [timeRow(sample), memoryRow(sample)]
  } finally {
    await servers.stop()
  }
}

/** Page 1 alone, then the others in lanes: no client can be sooner. */
function timeRow({ users, pages, lanes, wallMs }: PagesSample): Row {
  if (users !== USERS) throw new Error(`The iterator met ${users} of ${USERS} users`)
  const boundMs = (1 + Math.ceil((pages - 1) / lanes)) * LATENCY_MS
  return ratioRow(
    {
      measure: `${USERS} users in ${pages} pages of 100, ${lanes} lanes, ${LATENCY_MS} ms each, against the latency alone`,
      ours: `${(wallMs / 1000).toFixed(2)} s`,
      rival: `${(boundMs / 1000).toFixed(2)} s`,
    },
    wallMs / boundMs,
    { must: MAX_OVER_BOUND },
  )
}

function memoryRow({ heapAtTenth, heapAtEnd, idsBytes }: PagesSample): Row {
  const growth = heapAtEnd - heapAtTenth
  return {
    measure: 'heap growth from a tenth of the pages to the end, against the ids it must remember',
    ours: MB(growth),
    rival: MB(idsBytes),
    must: `beyond the ids ≤ ${MB(MAX_GROWTH_BYTES)}`,
    isMet: growth - idsBytes <= MAX_GROWTH_BYTES,
  }
}

const MB = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
