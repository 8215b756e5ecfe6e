/** A list by the functions that deploy, on a clock that is moved on: what one part costs, and all of it against its pace. */
import { TEST_VARIABLES } from '../../../infra/local/aws/access-key.ts'
import { LICENSE, withLists, workThrough } from '../../changes/scale/work-through.ts'
import type { Rig } from '../rig.ts'
import { limitRow, type Row, ratioRow } from '../row.ts'

const DAY_MS = 86_400_000
const PAIRS = 50_000
const FEW_PAIRS = 2_000

/** As much as of a recorded write. */
const LEDGER_CALLS = { must: 8, aim: 7 }

/** Its people are read, written and read back. */
const REQUESTS = { must: 3 }

/** What so many requests take at the pace, and more than it: then turns would not sleep, and the pace be theirs. */
const MS_OF_PART = { must: 750, aim: 400 }

/** Parts of people who hold what the list gives them, and the people of one part. */
const IDLE_PARTS = 10
const A_PART = 95

const MAX_GROWTH_BYTES = 4_000_000

export async function listRows({ isQuick }: Pick<Rig, 'isQuick'>): Promise<Row[]> {
  // The stand-ins take no other key.
  Object.assign(process.env, TEST_VARIABLES)
  const pairs = isQuick ? FEW_PAIRS : PAIRS
  const done = await workThrough({ pairs: [pairs], isReadBeside: false })
  if (done.states.join() !== 'APPLIED' || done.faults.length > 0)
    throw new Error('The list did not come about')
  const requestsOfIdle = await requestsOfIdlePart()
  const { parts, requests, ledgerCallsOfPart, msOfPart, tookMs, boundMs, heapBytes } = done
  const growthBytes = Math.max(...heapBytes) - (heapBytes[0] ?? 0)
  return [
    limitRow(
      { measure: 'list: ledger calls of a part of 95 pairs', ours: ledgerCallsOfPart.toFixed(1) },
      Math.floor(ledgerCallsOfPart),
      LEDGER_CALLS,
    ),
    limitRow(
      { measure: 'list: requests to Genesys of a part', ours: (requests / parts).toFixed(1) },
      requests / parts,
      REQUESTS,
    ),
    limitRow(
      { measure: 'list: requests to Genesys of a part that only reads', ours: requestsOfIdle.toFixed(1) },
      requestsOfIdle,
      { must: 1 },
    ),
    limitRow(
      {
        measure: 'list: time of a part but for its pace, Genesys 100 ms, ledger 5 ms a call, without CPU',
        ours: ms(msOfPart),
      },
      msOfPart,
      MS_OF_PART,
      ms,
    ),
    ratioRow(
      {
        measure: `list of ${pairs} pairs, ${parts} parts: on a clock that is moved on, against 240 requests a minute alone`,
        ours: seconds(tookMs),
        rival: seconds(boundMs),
      },
      tookMs / boundMs,
      { must: 1.15, aim: 1.05 },
    ),
    limitRow(
      { measure: 'list: heap growth from a tenth of the parts to the last', ours: MB(growthBytes) },
      growthBytes,
      { must: MAX_GROWTH_BYTES },
      MB,
    ),
  ]
}

/** Of a list that gives a license to some who hold it by an earlier list, and to as many as one part has who lack it. */
async function requestsOfIdlePart(): Promise<number> {
  const held = IDLE_PARTS * A_PART
  // The second is never applied: its people lack the license.
  return await withLists({ pairs: [held, held] }, async (stage, { ids: [first = ''], people }) => {
    const carryOut = async (id: string) => {
      const before = (await stage.requests()).length
      await stage.apply(id)
      await stage.goOn(
        stage.clock.nowMs() + DAY_MS,
        async () => (await stage.ledger.get(id))?.state !== 'RUNNING',
      )
      if ((await stage.ledger.get(id))?.state !== 'APPLIED') throw new Error('The list did not come about')
      return (await stage.requests()).length - before
    }
    await carryOut(first)
    const both = await stage.plan(LICENSE, people.slice(0, held + A_PART))
    return ((await carryOut(both)) - REQUESTS.must) / IDLE_PARTS
  })
}

const ms = (value: number) => `${value.toFixed(0)} ms`
const seconds = (value: number) => `${(value / 1000).toFixed(1)} s`
const MB = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
