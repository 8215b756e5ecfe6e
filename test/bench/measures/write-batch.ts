/** The largest batch: how long one takes, and what it asks of the ledger. */
import { MAX_PAIRS } from '../../../lib/genesys/models/assignments.ts'
import { type Contender, writers } from '../contenders.ts'
import { type Asked, askedDuring, ledgerSpoken, spoken } from '../counting.ts'
import { startServers, warmContainer } from '../processes.ts'
import { type Rig, rigOf } from '../rig.ts'
import { type Budgets, limitRow, type Row, ratioRow } from '../row.ts'
import { median } from '../statistics.ts'
import { asMilliseconds, ITEMS_AFAR, NEAR, SERVERS, type Setting } from '../writes/write-settings.ts'

const BATCHES = 3
const QUICK_BATCHES = 1

/** Each with a ledger of its own, on which no user's lock names a change before. */
const SETTINGS: readonly Setting[] = [NEAR, ITEMS_AFAR]

const LEDGER_CALLS: Budgets = { must: 40, aim: 25 }
/** Of ours where the ledger is afar, seconds. */
const TIME: Budgets = { must: 0.6, aim: 0.4 }

export async function batchRows({ builds, isQuick }: Rig): Promise<Row[]> {
  const rows: Row[] = []
  for (const setting of SETTINGS) {
    const servers = await startServers({ ...SERVERS, ...setting })
    try {
      const [ours, bare] = await comparison(rigOf(builds, servers, isQuick))
      if (rows.length === 0) rows.push(...requestsRows(ours, bare))
      rows.push(timeRow(setting, ours, bare))
      if (setting === ITEMS_AFAR) rows.push(limitedTimeRow(setting, ours))
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
  readonly asked: Asked
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
    const ask = async () => {
      const asked = await askedDuring(servers, async () => await run(await writes.batch(MAX_PAIRS)))
      wallsMs.push(asked.result.wallMs)
      return asked
    }
    let asked = await ask()
    for (let batch = 1; batch < (isQuick ? QUICK_BATCHES : BATCHES); batch++) asked = await ask()
    return { wallMs: median(wallsMs), asked }
  } finally {
    await container.stop()
  }
}

function requestsRows({ asked }: Batches, bare: Batches): Row[] {
  return [
    {
      measure: `requests of a warm batch of ${MAX_PAIRS} pairs`,
      ours: spoken(asked),
      rival: spoken(bare.asked),
    },
    limitRow(
      { measure: `ledger calls of a warm batch of ${MAX_PAIRS} pairs, all told`, ours: ledgerSpoken(asked) },
      asked.ledger.length,
      LEDGER_CALLS,
    ),
  ]
}

function limitedTimeRow(setting: Setting, { wallMs }: Batches): Row {
  const seconds = wallMs / 1e3
  return limitRow(
    {
      measure: `time of a warm batch of ${MAX_PAIRS} pairs: ${asMilliseconds(setting)}`,
      ours: `${seconds.toFixed(2)} s`,
    },
    seconds,
    TIME,
    (limit) => `${limit} s`,
  )
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
