/**
 * What it costs a warm write that it is planned, recorded, sent once, read back, recorded and announced, beside a
 * handler that only sends the POST: our CPU, the time until the answer, and what is asked of others. It is the price of
 * the record, and no client without one does the same.
 */
import { setTimeout } from 'node:timers/promises'
import { type Contender, writers } from '../contenders.ts'
import { askedDuring, ledgerSpoken, spoken } from '../counting.ts'
import { startServers, warmContainer } from '../processes.ts'
import { type Rig, rigOf } from '../rig.ts'
import { type Budgets, limitRow, type Row, ratioRow } from '../row.ts'
import { median } from '../statistics.ts'
import { cpuUsOf, type Rounds, type Subject, wallMsOf, warmSamples } from '../warm-samples.ts'
import { afterAnswer, longestChain } from '../writes/ledger-use.ts'
import type { Write } from '../writes/write-events.ts'
import {
  ALL_AFAR,
  asMilliseconds,
  LEDGER_AFAR,
  NEAR,
  SERVERS,
  type Setting,
} from '../writes/write-settings.ts'

const ROUNDS: Rounds = { rounds: 3, samples: 3 }
const QUICK_ROUNDS: Rounds = { rounds: 1, samples: 2 }

/**
 * A recorded write makes some eight calls over HTTP, so that its code is compiled after fewer of it: past 600 its CPU no
 * longer falls.
 */
const CALLS = { ours: { warmUpCalls: 600, calls: 60 }, bare: { warmUpCalls: 1_500, calls: 1_500 } } as const

/** Where waiting is most of the time, a few calls tell it. */
const AFAR_CALLS = { warmUpCalls: 10, calls: 20 } as const
const QUICK_AFAR_CALLS = { warmUpCalls: 5, calls: 5 } as const

/** More than a write must wait for the one before it on the same target to show in a read, milliseconds. */
const APART_MS = 3_000

/** What a call begun after the answer would take to arrive, milliseconds. */
const SETTLING_MS = 200

const LEDGER_CALLS: Budgets = { must: 8, aim: 6 }
const LEDGER_CALLS_IN_SEQUENCE: Budgets = { must: 6, aim: 5 }
const GENESYS_REQUESTS: Budgets = { must: 3, aim: 3 }
const TIME: Budgets = { must: 3.6, aim: 3.3 }
/**
 * Nobody feels it: a write waits some 340 ms and computes some 4 of them. So the bound is what would be a step back, and 42
 * an aim. Of 42 to 58 that were seen, eight exchanges of Node's HTTP are half, and most of the rest is AWS's SDK, which is
 * kept though a client of our own would take 0.7 ms less.
 */
const CPU: Budgets = { must: 70, aim: 42 }

type Kind = 'pair' | 'toggle'

export async function recordedWriteRows(rig: Rig): Promise<Row[]> {
  const rows: Row[] = []
  for (const kind of ['pair', 'toggle'] as const) {
    rows.push(
      ...(await countRows(rig, kind)),
      ...(await nearRows(rig, rig.writes[kind])),
      await afarRow(rig, kind, LEDGER_AFAR),
      await afarRow(rig, kind, ALL_AFAR, TIME),
    )
  }
  return rows
}

/** @param run is given what every measure stands on, with servers as far away as that. */
async function atDistance<T>(rig: Rig, setting: Setting, run: (rig: Rig) => Promise<T>): Promise<T> {
  const servers = await startServers({ ...SERVERS, ...setting })
  try {
    return await run(rigOf(rig.builds, servers, rig.isQuick))
  } finally {
    await servers.stop()
  }
}

/** With a ledger so far away that calls made at once overlap there. */
async function countRows(rig: Rig, kind: Kind): Promise<Row[]> {
  return await atDistance(rig, LEDGER_AFAR, (afar) => rowsOfOne(afar, afar.writes[kind]))
}

/** Of the second write of a container: the first reads the token. */
async function rowsOfOne(rig: Rig, write: Write): Promise<Row[]> {
  const container = warmContainer(
    rig.builds.process('warm'),
    rig.builds.ours(write.functionName),
    rig.writeEnv,
  )
  const once = async () =>
    await container.run({ events: await write.events(1, 'ours'), calls: 1, atOnce: 1, apartMs: APART_MS })
  try {
    await once()
    const asked = await askedDuring(rig.servers, async () => {
      const sample = await once()
      await setTimeout(SETTLING_MS)
      return sample
    })
    const { ledger, org } = asked
    const late = afterAnswer(ledger, asked.result.answeredAtMs)
    const chain = longestChain(ledger.filter((call) => !late.includes(call)))
    return [
      { measure: `requests of a warm ${write.name}`, ours: spoken(asked), rival: '1 to Genesys' },
      limitRow(
        { measure: `ledger calls of a warm ${write.name}, all told`, ours: ledgerSpoken(asked) },
        ledger.length,
        LEDGER_CALLS,
      ),
      limitRow(
        { measure: '… of those, one after the other, before the answer', ours: String(chain) },
        chain,
        LEDGER_CALLS_IN_SEQUENCE,
      ),
      limitRow({ measure: '… of those, after the answer', ours: String(late.length) }, late.length, {
        must: 0,
      }),
      limitRow(
        { measure: `requests to Genesys of a warm ${write.name}`, ours: String(org.length), rival: '1' },
        org.length,
        GENESYS_REQUESTS,
      ),
    ]
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
  const ledgerMs = median(ledger.map(({ startedAtMs, endedAtMs }) => endedAtMs - startedAtMs))
  return [
    ratioRow(
      {
        measure: `CPU of a warm ${write.name}, against the bare POST`,
        ours: `${cpuUsOf(ours).toFixed(0)} µs`,
        rival: `${cpuUsOf(bare).toFixed(0)} µs`,
      },
      cpuUsOf(ours) / cpuUsOf(bare),
      CPU,
    ),
    timeRow(
      `time of a warm ${write.name}, against the bare POST: ${asMilliseconds(NEAR, ledgerMs)}`,
      wallMsOf(ours),
      wallMsOf(bare),
    ),
  ]
}

async function afarRow(rig: Rig, kind: Kind, setting: Setting, budgets?: Budgets): Promise<Row> {
  return await atDistance(rig, setting, async (afar) => {
    const write = afar.writes[kind]
    const subjects = subjectsOf(afar, write, () => (rig.isQuick ? QUICK_AFAR_CALLS : AFAR_CALLS))
    const samples = await warmSamples(afar, afar.writeEnv, subjects, { rounds: 1, samples: 1 })
    return timeRow(
      `time of a warm ${write.name}, against the bare POST: ${asMilliseconds(setting)}`,
      wallMsOf(samples('ours')),
      wallMsOf(samples('bare')),
      budgets,
    )
  })
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

function timeRow(measure: string, oursMs: number, bareMs: number, budgets?: Budgets): Row {
  const text = (ms: number) => `${ms.toFixed(1)} ms`
  return ratioRow({ measure, ours: text(oursMs), rival: text(bareMs) }, oursMs / bareMs, budgets)
}
