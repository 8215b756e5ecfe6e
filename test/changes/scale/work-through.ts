/** Works lists through to their end, and tells what that took and what Genesys saw of it. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { ChangeState } from '../../../lib/changes/model/transitions.ts'
import { lines } from '../../../lib/observe/log-lines.ts'
import { killEvery, unluckyRequests } from './mishaps.ts'
import { SentPairs } from './sent-pairs.ts'
import { openStage, type Stage, type StageOptions, type Waited, type Watch } from './stage.ts'

export const LICENSE = 'wallboardUser'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** Requests that a part needs: its people are read, written, and read back. */
const NEEDED_OF_PART = 3

/** What lists allow themselves. */
const REQUESTS_A_MINUTE = 240

/** Between two reads of somebody who waits. Milliseconds. */
const READ_EVERY_MS = 10_000

/** Of the parts, when the heap is measured. */
const HEAP_AT = [0.1, 0.5, 1]

/** Requests that get their luck, for each that is needed: some are repeated. */
const SPARE = 2

export interface Work {
  /** Of each list. */
  readonly pairs: readonly number[]
  /** Answers are lost, Genesys fails, and a process dies every so many parts; all of it the same for one seed. */
  /** Whether somebody reads now and then; by default. */
  readonly isReadBeside?: boolean
  readonly mishaps?: { readonly seed: number; readonly killEvery: number }
  /** Whether somebody asks for the first list to be undone at the end, and waits until it is. */
  readonly undo?: 'asked' | 'done'
}

export interface WorkDone {
  readonly states: readonly (ChangeState | undefined)[]
  readonly parts: number
  /** From the first apply to the end of the last list, and what the requests that are needed take at the pace of lists alone. Milliseconds. */
  readonly tookMs: number
  readonly boundMs: number
  /** By the org's own count. */
  readonly requests: number
  readonly refused: number
  readonly mostInMinute: number
  readonly mostInTenSeconds: number
  /** Of somebody's reads meanwhile, with the token of lists: the slowest, milliseconds, and what they were answered but 200. */
  readonly slowestReadMs: number
  readonly readsRefused: readonly number[]
  /** In use on the heap at a tenth, a half and all of the parts, bytes. */
  readonly heapBytes: readonly number[]
  readonly ledgerCallsOfPart: number
  /** What a turn takes but for sleeping: Genesys and the ledger at their stated times, milliseconds. */
  readonly msOfPart: number
  readonly kills: number
  /** Lists of which somebody had the rest planned anew. */
  readonly retried: number
  /** Pairs that were sent again without a read, and what Genesys holds otherwise than planned. */
  readonly faults: readonly string[]
  readonly undone?: Undone
}

/** What somebody who asked for the undoing of a list was answered, and who holds what it gave after that. */
export interface Undone extends Waited {
  readonly state: ChangeState | undefined
  readonly holders: number
}

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

export async function workThrough({ pairs, mishaps, undo, isReadBeside = true }: Work): Promise<WorkDone> {
  let reads: ReturnType<typeof readNowAndThen> | undefined
  const whileAsleep = async (toMs: number) => await (isReadBeside ? reads?.until(toMs) : undefined)
  return await withLists({ pairs, whileAsleep }, async (stage, lists) => {
    reads = readNowAndThen(stage, lists.people[0] ?? '')
    const done = await carryOutAll(stage, lists, mishaps, reads)
    return undo ? { ...done, undone: await takeBackFirst(stage, lists, undo) } : done
  })
}

async function takeBackFirst(
  stage: Stage,
  { ids: [first = ''], people }: PlannedLists,
  until: 'asked' | 'done',
): Promise<Undone> {
  const confirmPeople = (await stage.ledger.get(first))?.impact?.people
  const asked = await stage.ask('undo', first, { confirmPeople })
  const { id = '' } = asked.json as { id?: string }
  const stateOf = async () => (await stage.ledger.get(id))?.state
  if (until === 'done') {
    await stage.goOn(stage.clock.nowMs() + DAY_MS, async () => (await stateOf()) !== 'RUNNING')
  }
  const { users } = await stage.truth()
  const holders = people.filter((each) => users[each]?.includes(LICENSE)).length
  return { ...asked, state: await stateOf(), holders }
}

/** Lists that have been planned. */
export interface PlannedLists {
  readonly ids: readonly string[]
  /** Whom they give the license to. */
  readonly people: readonly string[]
}

/** A stage with lists of so many pairs, which ends with `work`. */
export async function withLists<T>(
  { pairs, whileAsleep }: Pick<Work, 'pairs'> & Pick<StageOptions, 'whileAsleep'>,
  work: (stage: Stage, lists: PlannedLists) => Promise<T>,
): Promise<T> {
  const { write } = lines
  lines.write = () => {}
  const wanted = pairs.reduce((sum, each) => sum + each, 0)
  // One of nine or so holds the license already.
  const users = Math.ceil(wanted * 1.15)
  const stage = await openStage({ org: { users, requestsPerMinute: 300 }, whileAsleep })
  try {
    const { users: held } = await stage.truth()
    const lacking = Object.keys(held).filter((id) => !held[id]?.includes(LICENSE))
    const people = lacking.slice(0, wanted)
    const ids: string[] = []
    for (const each of pairs) ids.push(await stage.plan(LICENSE, lacking.splice(0, each)))
    return await work(stage, { ids, people })
  } finally {
    lines.write = write
    await stage.close()
  }
}

async function carryOutAll(
  stage: Stage,
  { ids, people }: PlannedLists,
  mishaps: Work['mishaps'],
  reads: ReturnType<typeof readNowAndThen>,
): Promise<WorkDone> {
  const sent = new SentPairs()
  let ledgerCalls = 0
  const turn: Watch = async (request, to, carryOut) => {
    if (to === 'ledger') ledgerCalls += 1
    return to === 'genesys' ? await sent.carry(request, carryOut) : await carryOut(request)
  }
  const tick: Watch = async (request, to, carryOut) =>
    to === 'genesys' ? await sent.carry(request, carryOut) : await carryOut(request)
  stage.watchWith({ turn, tick })
  const kills = mishaps ? killEvery(stage, mishaps.killEvery, mishaps.seed) : () => 0
  const before = (await stage.requests()).length
  const beganAtMs = stage.clock.nowMs()
  const busyBeforeMs = stage.busyMs()
  for (const id of ids) await stage.apply(id)
  const headersOf = () => Promise.all(ids.map((id) => stage.ledger.get(id)))
  const partsIn = async () => (await headersOf()).reduce((sum, header) => sum + (header?.list?.parts ?? 0), 0)
  const parts = await partsIn()
  if (mishaps) await stage.addFaults(unluckyRequests(SPARE * NEEDED_OF_PART * parts, mishaps.seed))

  const heapBytes: number[] = []
  await stage.goOn(beganAtMs + DAY_MS, async () => {
    const headers = await headersOf()
    const begun = headers.reduce((sum, header) => sum + (header?.list?.next ?? 0), 0)
    if (begun >= (HEAP_AT[heapBytes.length] ?? 2) * parts) {
      collect()
      heapBytes.push(process.memoryUsage().heapUsed)
    }
    return headers.every((header) => header?.state !== 'RUNNING')
  })

  const headers = await headersOf()
  // What Genesys turned down twice waits for a person, who has it planned anew.
  if (mishaps) await stage.clearFaults()
  let retried = 0
  for (const [place, header] of headers.entries()) {
    const id = ids[place]
    if (id === undefined || header?.state === 'APPLIED') continue
    retried += 1
    await stage.retry(id)
  }
  const asked = (await stage.requests()).slice(before)
  const timesMs = asked.map(({ at }) => Date.parse(at))
  return {
    states: headers.map((header) => header?.state),
    parts,
    tookMs: Math.max(...headers.map((header) => header?.updatedAtMs ?? Number.POSITIVE_INFINITY)) - beganAtMs,
    boundMs: (NEEDED_OF_PART * parts * MINUTE_MS) / REQUESTS_A_MINUTE,
    requests: asked.length,
    refused: asked.filter(({ status }) => status === 429).length,
    mostInMinute: mostWithin(timesMs, MINUTE_MS),
    mostInTenSeconds: mostWithin(timesMs, MINUTE_MS / 6),
    ...reads.told(),
    heapBytes,
    ledgerCallsOfPart: ledgerCalls / parts,
    msOfPart: (stage.busyMs() - busyBeforeMs) / parts,
    kills: kills(),
    retried,
    faults: [...sent.faults, ...(await unlikePlanned(stage, people))],
  }
}

export async function unlikePlanned(stage: Stage, planned: readonly string[]): Promise<string[]> {
  const { users } = await stage.truth()
  return planned.filter((id) => !users[id]?.includes(LICENSE)).map((id) => `${id} has not got ${LICENSE}`)
}

/** Somebody who waits for one answer each time, while lists sleep. */
function readNowAndThen(stage: Stage, userId: string) {
  let nextMs = stage.clock.nowMs()
  let isReading = false
  let slowestReadMs = 0
  const readsRefused: number[] = []
  return {
    async until(toMs: number): Promise<void> {
      if (isReading || nextMs > toMs) return
      isReading = true
      stage.clock.advance(nextMs - stage.clock.nowMs())
      const { status, tookMs } = await stage.readSomebody(userId)
      slowestReadMs = Math.max(slowestReadMs, tookMs)
      if (status !== 200) readsRefused.push(status)
      nextMs = stage.clock.nowMs() + READ_EVERY_MS
      isReading = false
    },
    told: () => ({ slowestReadMs, readsRefused }),
  }
}

/** The most in any stretch of time. @param timesMs in their order. */
export function mostWithin(timesMs: readonly number[], spanMs: number): number {
  let most = 0
  let from = 0
  for (const [place, atMs] of timesMs.entries()) {
    while (atMs - (timesMs[from] ?? atMs) >= spanMs) from += 1
    most = Math.max(most, place - from + 1)
  }
  return most
}
