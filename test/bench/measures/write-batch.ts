/** The largest batch: how long one takes, and what it asks of the ledger. Reported. */
import { MAX_PAIRS } from '../../../lib/license/assignments.ts'
import { type Contender, writers } from '../contenders.ts'
import { askedDuring, spoken } from '../counting.ts'
import { startServers, warmContainer } from '../processes.ts'
import { type Rig, rigOf } from '../rig.ts'
import { type Row, ratioRow } from '../row.ts'
import { median } from '../statistics.ts'
import { asMilliseconds, SERVERS, type Setting } from '../write-settings.ts'

const BATCHES = 3
const QUICK_BATCHES = 1

const SETTING: Setting = { latencyMs: 0, ledgerMs: 5 }

export async function batchRows(rig: Rig): Promise<Row[]> {
  const servers = await startServers({ ...SERVERS, ...SETTING })
  try {
    const near = await comparison(rig)
    const afar = await comparison(rigOf(rig.builds, servers, rig.isQuick))
    return [
      {
        measure: `requests of a warm batch of ${MAX_PAIRS} pairs`,
        ours: near.ours.requests,
        rival: near.bare.requests,
      },
      row('Genesys 0 ms, dynalite', near),
      row(asMilliseconds(SETTING), afar),
    ]
  } finally {
    await servers.stop()
  }
}

interface Batches {
  /** Of one, the median, milliseconds. */
  readonly wallMs: number
  /** Of the last one. */
  readonly requests: string
}

async function comparison(rig: Rig) {
  const [ours, bare] = writers(rig, rig.writes.pair.functionName)
  return { ours: await batches(rig, ours), bare: await batches(rig, bare) }
}

/** Each is of other users than the one before. */
async function batches({ builds, servers, writes, writeEnv, isQuick }: Rig, { bundle }: Contender) {
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

function row(setting: string, { ours, bare }: Readonly<Record<'ours' | 'bare', Batches>>): Row {
  const seconds = ({ wallMs }: Batches) => `${(wallMs / 1000).toFixed(2)} s`
  return ratioRow(
    {
      measure: `time of a warm batch of ${MAX_PAIRS} pairs, each of another user, against the bare POST: ${setting}`,
      ours: seconds(ours),
      rival: seconds(bare),
    },
    ours.wallMs / bare.wallMs,
  )
}
