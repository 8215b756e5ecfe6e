/** The largest batch: how long one takes, and what it asks of the ledger. Reported. */
import { MAX_PAIRS } from '../../../lib/genesys/models/assignments.ts'
import { type Contender, writers } from '../contenders.ts'
import { askedDuring, spoken } from '../counting.ts'
import { startServers, warmContainer } from '../processes.ts'
import { type Rig, rigOf } from '../rig.ts'
import { type Row, ratioRow } from '../row.ts'
import { median } from '../statistics.ts'
import { asMilliseconds, NEAR, SERVERS, type Setting } from '../writes/write-settings.ts'

const BATCHES = 3
const QUICK_BATCHES = 1

/** Each with a ledger of its own, on which no user's lock names a change before. */
const SETTINGS: readonly Setting[] = [NEAR, { latencyMs: 0, ledgerMs: 5 }]

export async function batchRows({ builds, isQuick }: Rig): Promise<Row[]> {
  const rows: Row[] = []
  for (const setting of SETTINGS) {
    const servers = await startServers({ ...SERVERS, ...setting })
    try {
      const [ours, bare] = await comparison(rigOf(builds, servers, isQuick))
      if (rows.length === 0) rows.push(requestsRow(ours, bare))
      rows.push(timeRow(setting, ours, bare))
    } finally {
      await servers.stop()
    }
  }
  return rows
}

interface Batches {
  /** Of one, the median, milliseconds. */
  readonly wallMs: number
  /** Of the last one. */
  readonly requests: string
}

async function comparison(rig: Rig): Promise<readonly [ours: Batches, bare: Batches]> {
  const [ours, bare] = writers(rig, rig.writes.pair.functionName)
  return [await batches(rig, ours), await batches(rig, bare)]
}

/** Each is of other users than the one before. */
async function batches(
  { builds, servers, writes, writeEnv, isQuick }: Rig,
  { bundle }: Contender,
): Promise<Batches> {
  const container = warmContainer(builds.process('warm'), bundle, writeEnv)
  const run = async (event: unknown) => await container.run({ events: [event], calls: 1, atOnce: 1 })
  try {
    const [first] = await writes.pair.events(1, 'ours')
    await run(first)
    const wallsMs: number[] = []
    let requests = ''
    for (let batch = 0; batch < (isQuick ? QUICK_BATCHES : BATCHES); batch++) {
      const asked = await askedDuring(servers, async () => await run(await writes.batch(MAX_PAIRS)))
      wallsMs.push(asked.result.wallMs)
      requests = spoken(asked)
    }
    return { wallMs: median(wallsMs), requests }
  } finally {
    await container.stop()
  }
}

function requestsRow(ours: Batches, bare: Batches): Row {
  return {
    measure: `requests of a warm batch of ${MAX_PAIRS} pairs`,
    ours: ours.requests,
    rival: bare.requests,
  }
}

function timeRow(setting: Setting, ours: Batches, bare: Batches): Row {
  const text = ({ wallMs }: Batches) => `${wallMs.toFixed(0)} ms`
  return ratioRow(
    {
      measure: `time of a warm batch of ${MAX_PAIRS} pairs, each of another user, against the bare POST: ${asMilliseconds(setting)}`,
      ours: text(ours),
      rival: text(bare),
    },
    ours.wallMs / bare.wallMs,
  )
}
