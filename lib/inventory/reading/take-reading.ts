/**
 * Takes readings of the whole org: begun when the night's is due or somebody asks, gone on with from the last checkpoint
 * by whichever invocation comes next, and made known once it is whole. What enters is time; what leaves is a new head that
 * the inventory counts over, a row for each difference, and a row for the day. Start here.
 */
import { randomUUID } from 'node:crypto'
import { GatewayError } from '../../errors.ts'
import { LONGEST_WAIT_BELIEVED_MS } from '../../genesys/minute-share.ts'
import { utcDayOf } from '../../utc-day.ts'
import { pagesReadOf, progressOf } from '../reading-progress.ts'
import type { ComposedReading, CurrentReading, ReadingAsk, ReadingState } from '../reading-store.ts'
import { composeReading, type ToldInPart } from './compose-reading.ts'
import { dayInPartOf, publishReading } from './publish-reading.ts'
import { readPages } from './read-pages.ts'
import { type HeldLease, takeLease } from './reading-lease.ts'
import type { NotedReading, ReadingWork } from './reading-work.ts'

/** A night's reading that was not whole is taken again so often. */
const MORE_TRIES = 2

/** What is not read by then is no picture of one time any more: it is not whole, and one may begin anew. Milliseconds. */
const LONGEST_READING_MS = 6 * 3_600_000

/** Slots in turn: the newest whole reading's and the one's before it are left for those who still read them. */
const SLOTS = 3

/** Another number with each way of packing what walks have read. */
const PACKING = 2

const NOTHING_READ = {
  packing: PACKING,
  licenses: { nextPage: 1, rows: 0, pieces: [] },
  directory: { nextPage: 1, rows: 0, pieces: [] },
}

/** With less left of the invocation's time, putting a reading in order is left to the next. Milliseconds. */
const COMPOSING_MS = 60_000

/**
 * One invocation's part: nothing where nothing is due or another is at it.
 *
 * @throws GatewayError `ledger.unavailable`; what Genesys answers is in the log, and the next minute goes on.
 */
export async function takeReading(work: ReadingWork): Promise<void> {
  const { store, clock } = work
  const { seen, ask } = await store.standing()
  noteAge(work, seen?.state)
  if (!isDue(seen?.state, ask, clock.nowMs(), work.hour)) return
  const lease = await takeLease(work, seen)
  if (!lease) return
  let error: GatewayError | undefined
  try {
    const { current } = lease.state
    const reading = current ? await readable(work, lease, current) : await begin(work, lease, ask)
    error = await goOn(work, lease, reading)
    if (error !== undefined) await noteLeft(work, lease, error)
  } finally {
    await lease.giveBack()
  }
}

function noteAge({ log, clock }: ReadingWork, state: ReadingState | undefined): void {
  const sinceMs = state?.wholeAtMs ?? state?.triedFromMs
  if (sinceMs !== undefined) log.noteAge(Math.max(0, clock.nowMs() - sinceMs))
}

/** With until when Genesys wants nothing asked of it, so that nobody asks before. */
async function noteLeft({ log, clock, store }: ReadingWork, lease: HeldLease, error: GatewayError) {
  const { current } = lease.state
  if (!current) return
  log.noteStretch({ ...notedOf(current), error })
  if (error.retryAfterSeconds === undefined || !isOfGenesys(error)) return
  const waitUntilMs = clock.nowMs() + error.retryAfterSeconds * 1_000
  await lease.moveOn({ waitUntilMs })
  await store.putProgress({ ...progressOf(current), waitUntilMs })
}

function notedOf(reading: CurrentReading): NotedReading {
  const { id: readingId, askedBy: asker = 'night' } = reading
  const askedBy = typeof asker === 'string' ? asker : `${asker.kind}:${asker.id}`
  return { readingId, askedBy, pages: pagesReadOf(reading) }
}

function isOfGenesys({ code, upstreamStatus }: GatewayError): boolean {
  return upstreamStatus !== undefined || code === 'too.many.requests.retry.after'
}

/** Whether there is something to do for whoever finds the state so. */
function isDue(
  state: ReadingState | undefined,
  ask: ReadingAsk | undefined,
  nowMs: number,
  hour: number,
): boolean {
  if (isWaiting(state, nowMs)) return false
  if (state?.current || (ask && ask.id !== state?.takenAskId)) return true
  const { wholeAtMs, notWhole } = state ?? {}
  const today = utcDayOf(nowMs)
  if (wholeAtMs !== undefined && utcDayOf(wholeAtMs) === today) return false
  if (notWhole?.day === today && notWhole.times > MORE_TRIES) return false
  return wholeAtMs === undefined || new Date(nowMs).getUTCHours() >= hour
}

/** What a clock that was wrong has put on record is not believed. */
function isWaiting({ waitUntilMs = 0 }: Partial<ReadingState> = {}, nowMs: number): boolean {
  return nowMs < waitUntilMs && waitUntilMs <= nowMs + LONGEST_WAIT_BELIEVED_MS
}

async function begin(
  { store, clock }: ReadingWork,
  lease: HeldLease,
  ask: ReadingAsk | undefined,
): Promise<CurrentReading> {
  const nowMs = clock.nowMs()
  const asked = ask && ask.id !== lease.state.takenAskId ? ask : undefined
  const head = await store.head()
  const reading: CurrentReading = {
    id: asked?.id ?? randomUUID(),
    askedAtMs: asked?.askedAtMs ?? nowMs,
    askedBy: asked?.by,
    beganAtMs: nowMs,
    slot: head ? (head.slot + 1) % SLOTS : 0,
    ...NOTHING_READ,
  }
  await lease.moveOn({ current: reading, takenAskId: asked?.id ?? lease.state.takenAskId })
  await store.putProgress(progressOf(reading))
  return reading
}

/** What a version before has packed otherwise is begun anew, under the same id, for whoever waits for it. */
async function readable(
  { store, clock }: ReadingWork,
  lease: HeldLease,
  current: CurrentReading,
): Promise<CurrentReading> {
  if (current.composed || current.packing === PACKING) return current
  const reading = { ...current, beganAtMs: clock.nowMs(), ...NOTHING_READ }
  await lease.moveOn({ current: reading })
  await store.putProgress(progressOf(reading))
  return reading
}

/** @returns why it stopped, where that is worth a line; undefined where it ended, or goes on in the next minute. */
async function goOn(
  work: ReadingWork,
  lease: HeldLease,
  reading: CurrentReading,
): Promise<GatewayError | undefined> {
  const { clock, deadline } = work
  try {
    if (!reading.composed && clock.nowMs() - reading.beganAtMs > LONGEST_READING_MS) {
      await endNotWhole(work, lease, reading)
      return undefined
    }
    const read = reading.composed ? reading : await readPages(work, lease, reading)
    if (!read) return undefined
    if (deadline.remainingMs() < COMPOSING_MS && read !== reading) return undefined
    const composed = read.composed ? read : await compose(work, lease, read)
    if (composed?.composed) await publish(work, lease, composed, composed.composed)
    return undefined
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
}

async function compose(
  work: ReadingWork,
  lease: HeldLease,
  reading: CurrentReading,
): Promise<CurrentReading | undefined> {
  const { composed, ...told } = await composeReading(work, lease, reading)
  if (!composed) {
    await endNotWhole(work, lease, reading, told)
    return undefined
  }
  // As late as can be: from then on nothing more is put on record as of before.
  const head = { ...composed.head, endedAtMs: work.clock.nowMs() }
  const current = { ...reading, composed: { ...composed, head } }
  await lease.moveOn({ current })
  return current
}

async function publish(
  work: ReadingWork,
  lease: HeldLease,
  reading: CurrentReading,
  composed: ComposedReading,
): Promise<void> {
  const { log, clock, store } = work
  const published = await publishReading(work, reading, composed, lease)
  await lease.moveOn({ current: undefined, wholeAtMs: reading.beganAtMs, notWhole: undefined })
  await store.putProgress({ ...progressOf(reading), endedAtMs: clock.nowMs(), state: 'whole' })
  log.noteReading({
    ...notedOf(reading),
    isWhole: true,
    tookMs: clock.nowMs() - reading.beganAtMs,
    ...published,
  })
}

async function endNotWhole(
  { store, clock, log }: ReadingWork,
  lease: HeldLease,
  reading: CurrentReading,
  told?: ToldInPart,
): Promise<void> {
  const nowMs = clock.nowMs()
  const day = utcDayOf(reading.beganAtMs)
  const { notWhole } = lease.state
  if (told) await store.putDay(dayInPartOf(reading, told), true)
  const people = told?.people ?? 0
  const times = notWhole?.day === day ? notWhole.times : 0
  // What somebody asked for takes no try from the night.
  const isAsked = reading.id === lease.state.takenAskId
  await lease.moveOn({ current: undefined, notWhole: { day, times: isAsked ? times : times + 1 } })
  await store.putProgress({ ...progressOf(reading), endedAtMs: nowMs, state: 'notWhole' })
  const tookMs = nowMs - reading.beganAtMs
  log.noteReading({
    ...notedOf(reading),
    people,
    isWhole: false,
    missing: 0,
    differences: 0,
    tookMs,
  })
}
