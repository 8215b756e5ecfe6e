/**
 * What it costs a warm write that it is planned, recorded, sent once, read back, recorded and announced, beside a
 * handler that only sends the POST: our CPU, the time until the answer, and what is asked of others. Reported: it is
 * the price of the record, and no client without one does the same.
 */
import { type Contender, writers } from '../contenders.ts'
import { askedDuring, spoken } from '../counting.ts'
import { startServers, warmContainer } from '../processes.ts'
import { type Rig, rigOf } from '../rig.ts'
import { type Row, ratioRow } from '../row.ts'
import { median } from '../statistics.ts'
import { cpuUsOf, type Rounds, type Subject, wallMsOf, warmSamples } from '../warm-samples.ts'
import type { Write } from '../writes/write-events.ts'
import { AFAR, asMilliseconds, NEAR, SERVERS, type Setting } from '../writes/write-settings.ts'

const ROUNDS: Rounds = { rounds: 4, samples: 3 }
const QUICK_ROUNDS: Rounds = { rounds: 1, samples: 2 }

/** A recorded write makes some twenty calls over HTTP, so that its code is compiled after fewer of it. */
const CALLS = { ours: { warmUpCalls: 200, calls: 60 }, bare: { warmUpCalls: 1_500, calls: 400 } } as const

/** Where waiting is most of the time, a few calls tell it. */
const AFAR_CALLS = { warmUpCalls: 10, calls: 20 } as const
const QUICK_AFAR_CALLS = { warmUpCalls: 5, calls: 5 } as const

/** More than a write must wait for the one before it on the same target to show in a read, milliseconds. */
const APART_MS = 3_000

export async function recordedWriteRows(rig: Rig): Promise<Row[]> {
  const rows: Row[] = []
  for (const kind of ['pair', 'toggle'] as const) {
    const write = rig.writes[kind]
    rows.push(await countRow(rig, write), ...(await nearRows(rig, write)))
    for (const setting of AFAR) rows.push(await afarRow(rig, kind, setting))
  }
  return rows
}

/** Of the second write of a container: the first reads the token. */
async function countRow(rig: Rig, write: Write): Promise<Row> {
  const container = warmContainer(
    rig.builds.process('warm'),
    rig.builds.ours(write.functionName),
    rig.writeEnv,
  )
  const once = async () =>
    await container.run({ events: await write.events(1, 'ours'), calls: 1, atOnce: 1, apartMs: APART_MS })
  try {
    await once()
    const asked = await askedDuring(rig.servers, once)
    return { measure: `requests of a warm ${write.name}`, ours: spoken(asked), rival: '1 to Genesys' }
  } finally {
    await container.stop()
  }
}

/** With all next door: our CPU, and the time. */
async function nearRows(rig: Rig, write: Write): Promise<Row[]> {
  const subjects = subjectsOf(rig, write, (name) => CALLS[name === 'ours' ? 'ours' : 'bare'])
  const { result: samples, ledger } = await askedDuring(rig.servers, () =>
    warmSamples(rig, rig.writeEnv, subjects, rig.isQuick ? QUICK_ROUNDS : ROUNDS),
  )
  const [ours, bare] = [samples('ours'), samples('bare')]
  const ledgerMs = median(ledger.map(({ tookMs }) => tookMs))
  return [
    ratioRow(
      {
        measure: `CPU of a warm ${write.name}, against the bare POST`,
        ours: `${cpuUsOf(ours).toFixed(0)} µs`,
        rival: `${cpuUsOf(bare).toFixed(0)} µs`,
      },
      cpuUsOf(ours) / cpuUsOf(bare),
    ),
    timeRow(
      `time of a warm ${write.name}, against the bare POST: ${asMilliseconds(NEAR, ledgerMs)}`,
      wallMsOf(ours),
      wallMsOf(bare),
    ),
  ]
}

async function afarRow(rig: Rig, kind: 'pair' | 'toggle', setting: Setting): Promise<Row> {
  const servers = await startServers({ ...SERVERS, ...setting })
  try {
    const afar = rigOf(rig.builds, servers, rig.isQuick)
    const write = afar.writes[kind]
    const subjects = subjectsOf(afar, write, () => (rig.isQuick ? QUICK_AFAR_CALLS : AFAR_CALLS))
    const samples = await warmSamples(afar, afar.writeEnv, subjects, { rounds: 1, samples: 1 })
    return timeRow(
      `time of a warm ${write.name}, against the bare POST: ${asMilliseconds(setting)}`,
      wallMsOf(samples('ours')),
      wallMsOf(samples('bare')),
    )
  } finally {
    await servers.stop()
  }
}

function subjectsOf(
  rig: Rig,
  write: Write,
  callsOf: (name: Contender['name']) => Pick<Subject, 'calls' | 'warmUpCalls'>,
): Subject[] {
  return writers(rig, write.functionName).map((contender) => ({
    ...contender,
    ...callsOf(contender.name),
    events: (calls) => write.events(calls, contender.name),
    apartMs: contender.name === 'ours' ? APART_MS : 0,
  }))
}

function timeRow(measure: string, oursMs: number, bareMs: number): Row {
  const text = (ms: number) => `${ms.toFixed(1)} ms`
  return ratioRow({ measure, ours: text(oursMs), rival: text(bareMs) }, oursMs / bareMs)
}
