/** An org of 100,000 people: read whole, counted for seats, and streamed as a file. */
import { memoryMbOf } from '../../../infra/constructs/functions/memory.ts'
import type { InventorySample } from '../processes/inventory.ts'
import { answerOf, heapLimitsOf, startServers } from '../processes.ts'
import { type Rig, rigOf } from '../rig.ts'
import { limitRow, type Row, ratioRow } from '../row.ts'

const USERS = 100_000

/** Of 100 people each: one walk over licenses and one over the directory. */
const REQUESTS = 2 * (USERS / 100)

/** What the gateway allows itself for it. */
const REQUESTS_A_MINUTE = 240

const CONTRACT = { contracts: [{ seats: { cloudCX3: 250 } }] }

const MAX_PEAK_BYTES = 256_000_000
const MAX_GROWTH_BYTES = 20_000_000

export async function inventoryRows({ builds, isQuick }: Rig): Promise<Row[]> {
  const servers = await startServers({ users: USERS, requestsPerMinute: 1e9, billing: CONTRACT })
  try {
    const { env } = rigOf(builds, servers, isQuick)
    const variables = JSON.stringify(env)
    const script = builds.process('inventory')
    const limits = heapLimitsOf(memoryMbOf('take-inventory'))
    const take = async () => (await answerOf(script, [variables], limits)) as InventorySample
    // The first has nothing to compare with and billing to ask, the second a reading before it.
    const [first, sample] = [await take(), await take()]
    const peakBytes = Math.max(first.reading.peakBytes, sample.reading.peakBytes)
    return [
      ...readingRows({ ...sample, reading: { ...sample.reading, peakBytes } }),
      seatsRow(sample),
      ...fileRows(sample),
    ]
  } finally {
    await servers.stop()
  }
}

function readingRows({ reading: { requests, tookMs, peakBytes } }: InventorySample): Row[] {
  const boundMs = (60_000 * REQUESTS) / REQUESTS_A_MINUTE
  return [
    limitRow(
      { measure: `reading: requests to Genesys for ${USERS} people`, ours: String(requests) },
      requests,
      { must: REQUESTS },
    ),
    ratioRow(
      {
        measure: `reading: on a clock that is moved on, against ${REQUESTS_A_MINUTE} requests a minute alone`,
        ours: seconds(tookMs),
        rival: seconds(boundMs),
      },
      tookMs / boundMs,
      { must: 1.15, aim: 1.05 },
    ),
    limitRow(
      {
        measure:
          'reading: the most memory of the whole process, its heap held as Lambda holds it at the function’s 512 MB',
        ours: MB(peakBytes),
      },
      peakBytes,
      { must: MAX_PEAK_BYTES },
      MB,
    ),
  ]
}

function seatsRow({ seats: { ledgerCalls, tookMs, paidFor } }: InventorySample): Row {
  if (paidFor !== 250) throw new Error(`The contract pays for 250 seats, and ${paidFor} were counted`)
  const ours = `${ledgerCalls} (${tookMs.toFixed(0)} ms)`
  return limitRow(
    { measure: 'seats: reads of the ledger to answer them, paid for by the contract’s charges', ours },
    ledgerCalls,
    {
      must: 2,
    },
  )
}

function fileRows({
  file: { rows, bytes, firstByteMs, tookMs, growthBytes, ledgerCalls },
}: InventorySample): Row[] {
  if (rows !== USERS) throw new Error(`The file has ${rows} of ${USERS} people`)
  const ours = `${seconds(tookMs)}, the first byte after ${firstByteMs.toFixed(0)} ms`
  return [
    {
      measure: `export: everybody as CSV, ${MB(bytes)} from ${ledgerCalls} reads of the ledger`,
      ours,
      rival: '',
    },
    limitRow(
      { measure: 'export: heap growth from before the first row', ours: MB(growthBytes) },
      growthBytes,
      { must: MAX_GROWTH_BYTES },
      MB,
    ),
  ]
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
const MB = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
