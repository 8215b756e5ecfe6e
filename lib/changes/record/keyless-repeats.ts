/**
 * Repeats that came without a key. Official clients resend a toggle POST for minutes, and it names no value: a repeat
 * taken for a new request would switch back. A repeat of what waits for an approver would ask them a second time. A
 * pointer on record leads to the first one.
 */
import { GatewayError } from '../../errors.ts'
import type { Actor } from '../model/change.ts'
import { settledAtOf } from '../model/due.ts'
import type { Header } from '../model/header.ts'
import { idOf, randomId } from '../model/record-ids.ts'
import {
  INVOCATION_LIFE_MS,
  RECORD_RESERVE_MS,
  REPEAT_WINDOW_MS,
  SETTLED_REPEAT_WINDOW_MS,
} from '../model/timing.ts'
import { isSettled } from '../model/transitions.ts'
import type { Desk, Workbench } from './desk.ts'
import { isFree } from './keyed-repeats.ts'
import type { RepeatPointer } from './ledger.ts'

/** Between two looks at a change that is still being planned, milliseconds, and how often. */
const PLANNING_WAIT_MS = 250
const MAX_LOOKS = 20

/** The pointer of a caller's keyless toggle POSTs. */
export function switchKeyOf({ kind, id }: Actor, featureName: string): string {
  return idOf('switch', kind, id, featureName)
}

/** The pointer of what a caller has asked for without a key, and somebody must approve. */
export function waitingKeyOf({ kind, id }: Actor, operation: string, requestDigest: string): string {
  return idOf('waiting', kind, id, operation, requestDigest)
}

export interface New {
  /** Of the change to make, which no other request will get. */
  readonly id: string
  readonly pointer: RepeatPointer
  /** The one that failed a moment ago for a cause that passes: this is that wish, tried again. */
  readonly earlier?: Header | undefined
}

interface Repeat {
  readonly first: Header
  readonly pointer: RepeatPointer
}

export type Taken = New | Repeat

export function isRepeat(taken: Taken): taken is Repeat {
  return 'first' in taken
}

/**
 * @param id of the change to make, where it has one already: of what waits for somebody, and is meant while it is open.
 * @returns the change that this is a repeat of, or the right to make one.
 * @throws GatewayError `change.conflict` while the first is still being planned.
 */
export async function takeFirst(
  { ledger, clock, scope }: Pick<Workbench, 'ledger' | 'clock' | 'scope'>,
  key: string,
  id?: string,
): Promise<Taken> {
  const hasTime = () => scope.deadline.remainingMs() > RECORD_RESERVE_MS
  for (let looks = 1; looks <= MAX_LOOKS && (looks === 1 || hasTime()); looks++) {
    const seen = await ledger.pointer(key)
    const first = seen && (await ledger.get(seen.changeId))
    const nowMs = clock.nowMs()
    const isMeant = first && (id === undefined ? nowMs < meantUntilMs(first, seen) : !isSettled(first.state))
    if (first && isMeant) return { first, pointer: seen }
    const isPlanned = seen && !first && nowMs - seen.atMs < INVOCATION_LIFE_MS
    if (!isPlanned) {
      const pointer = { changeId: id ?? randomId(), atMs: nowMs }
      const isTriedAgain = first && isFree(first) && nowMs - settledAtOf(first) < REPEAT_WINDOW_MS
      if (await ledger.putPointer(key, pointer, seen))
        return { id: pointer.changeId, pointer, earlier: isTriedAgain ? first : undefined }
    }
    await clock.sleep(PLANNING_WAIT_MS)
  }
  throw new GatewayError('change.conflict', 'The same request is under way; try again', {
    retryAfterSeconds: 5,
  })
}

/** Whoever resends gives up some time after the last answer, so each answer that tells the result puts that off. */
export async function noteRepeatAnswered(
  { ledger, clock }: Desk,
  key: string,
  { pointer }: Taken,
): Promise<void> {
  // Where another repeat was noted meanwhile, that is as good.
  await ledger.putPointer(key, { ...pointer, answeredAtMs: clock.nowMs() }, pointer)
}

/** The planning failed and nothing is on record: the next request need not wait for it. */
export async function forgetRepeat({ ledger }: Desk, key: string, { pointer }: New): Promise<void> {
  await ledger.putPointer(key, { ...pointer, atMs: 0 }, pointer)
}

/**
 * Until when a request of the same is a repeat of the first; epoch milliseconds. What nobody knows the outcome of is
 * meant until somebody has looked, and that look tells people: clients that resend have not heard of it. Nor have they
 * of a result that came when whoever asked had been answered.
 */
function meantUntilMs(first: Header, { answeredAtMs }: RepeatPointer): number {
  const { state, lookedAtMs } = first
  if (!isSettled(state) || state === 'NEEDS_ATTENTION') return Number.POSITIVE_INFINITY
  if (isFree(first)) return 0
  return Math.max(
    answeredAtMs === undefined
      ? settledAtOf(first) + SETTLED_REPEAT_WINDOW_MS
      : answeredAtMs + REPEAT_WINDOW_MS,
    lookedAtMs === undefined ? 0 : lookedAtMs + SETTLED_REPEAT_WINDOW_MS,
  )
}
