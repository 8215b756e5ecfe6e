/** Asking for a reading: who asks meanwhile is given the same one, and callers cannot keep Genesys's minute to themselves. */
import { randomUUID } from 'node:crypto'
import { CLOCK_ALLOWANCE_MS } from '../changes/model/timing.ts'
import type { Clock } from '../clock.ts'
import { GatewayError } from '../errors.ts'
import type { AskForReading, ReadingProgress } from './inventory-port.ts'
import { progressOf } from './reading-progress.ts'
import type { CurrentReading, ReadingAsk, ReadingStore } from './reading-store.ts'

/** A whole reading that began no longer ago is as fresh as a caller is given. Milliseconds. */
const FRESH_MS = 60_000

/** For all callers together: of 100,000 people hardly more fit into it, and Genesys may bill each request. */
const READINGS_AN_HOUR = 6

const HOUR_MS = 3_600_000

interface AskingSource {
  readonly store: ReadingStore
  readonly clock: Pick<Clock, 'nowMs'>
}

/** @throws GatewayError as `Inventory.askForReading` */
export async function askForReading(
  { store, clock }: AskingSource,
  { by, beganAfterMs }: AskForReading = {},
): Promise<ReadingProgress> {
  const isCallers = beganAfterMs === undefined
  for (;;) {
    const { seen, ask } = await store.standing()
    const nowMs = clock.nowMs()
    const { current, takenAskId, wholeAtMs = 0 } = seen?.state ?? {}
    const isLateEnough = (beganAtMs: number) => beganAtMs > (beganAfterMs ?? 0) + CLOCK_ALLOWANCE_MS
    if (current && isLateEnough(current.beganAtMs)) return await progressIn(store, current)
    if (ask && ask.id !== takenAskId) return waitingFor(ask)
    if (isCallers ? nowMs - wholeAtMs < FRESH_MS : isLateEnough(wholeAtMs)) {
      const whole = await newestWhole(store)
      if (whole) return whole
    }
    const counted = (ask?.countedAtMs ?? []).filter((atMs) => Math.abs(nowMs - atMs) < HOUR_MS)
    if (isCallers) refuseTooMany(counted, nowMs)
    const countedAtMs = isCallers ? [...counted, nowMs] : counted
    const next: ReadingAsk = { id: randomUUID(), askedAtMs: nowMs, by: by ?? 'nobody', countedAtMs }
    if (!(await store.putAsk(next, ask))) continue
    await store.putProgress(waitingFor(next))
    return waitingFor(next)
  }
}

function refuseTooMany(countedAtMs: readonly number[], nowMs: number): void {
  if (countedAtMs.length < READINGS_AN_HOUR) return
  const retryAfterSeconds = Math.max(1, Math.ceil((Math.min(...countedAtMs) + HOUR_MS - nowMs) / 1_000))
  throw new GatewayError(
    'too.many.requests.retry.after',
    `Within an hour ${READINGS_AN_HOUR} readings of the whole organization were asked for, and all callers together are given no more; GET /v1/readings/latest is the newest, and another may be asked for in ${retryAfterSeconds} s`,
    { retryAfterSeconds },
  )
}

/** What is under way or asked for, else the newest whole one. */
export async function latestReading(store: ReadingStore): Promise<ReadingProgress | undefined> {
  const { seen, ask } = await store.standing()
  const { current, takenAskId } = seen?.state ?? {}
  if (current) return await progressIn(store, current)
  if (ask && ask.id !== takenAskId) return waitingFor(ask)
  return await newestWhole(store)
}

async function progressIn(store: ReadingStore, current: CurrentReading): Promise<ReadingProgress> {
  return (await store.progress(current.id)) ?? progressOf(current)
}

async function newestWhole(store: ReadingStore): Promise<ReadingProgress | undefined> {
  const head = await store.head()
  return head && (await store.progress(head.id))
}

export function waitingFor({ id, askedAtMs }: ReadingAsk): ReadingProgress {
  return { id, askedAtMs, pagesRead: 0, state: 'waiting' }
}
