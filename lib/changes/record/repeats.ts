/**
 * Repeats of a request: the change that it is a repeat of, and the wait for what comes of that one. With a
 * key they are found by the key. Official clients resend a toggle POST without one for minutes, and it names
 * no value: a repeat taken for a new request would switch back. A repeat of what waits for an approver would
 * ask them a second time. There a pointer on record leads to the first one.
 */

import type { Deadline } from '../../clock.ts'
import { GatewayError } from '../../errors.ts'
import type { Actor, Caller } from '../model/change.ts'
import { settledAtOf } from '../model/due.ts'
import type { Header, Planned } from '../model/header.ts'
import { identifyActor, type Policy } from '../model/policy.ts'
import { idOf, randomId } from '../model/record-ids.ts'
import {
  INVOCATION_LIFE_MS,
  RECORD_RESERVE_MS,
  REPEAT_WINDOW_MS,
  SETTLED_REPEAT_WINDOW_MS,
} from '../model/timing.ts'
import { isSettled, listStates } from '../model/transitions.ts'
import type { Desk, Workbench } from './desk.ts'
import type { RepeatPointer } from './ledger.ts'
import { intentOf } from './take-locks.ts'

/** Tries under one key after failures that pass; a client that goes on longer gets the last one's answer. */
const MAX_ATTEMPTS = 50

export interface Attempt {
  /** The id of the change to make, where there is none yet. */
  readonly id: string
  readonly existing?: Header | undefined
  /** A change that failed before under the same key, for a cause that passes. */
  readonly earlier?: Header | undefined
}

/** The id of what is asked for the first time. */
export function firstIdOf(caller: Caller): string {
  return idOfAttempt(caller, 1) ?? randomId()
}

function idOfAttempt({ actor, operation, idempotencyKey }: Caller, attempt: number): string | undefined {
  if (idempotencyKey === undefined) return undefined
  return idOf(actor.kind, actor.id, operation, idempotencyKey, String(attempt))
}

/**
 * The id of a keyed request comes from its key, scoped to the caller and the operation, so a duplicate finds the first.
 * A change that failed with nothing applied, for a cause that passes, frees its key: the next attempt has an id of its
 * own that comes from the key too.
 *
 * @param first the change of the first attempt, where it has just been read.
 * @throws GatewayError `idempotency.key.reused` where the key came with another request.
 */
export async function attemptOf(
  { ledger }: Pick<Desk, 'ledger'>,
  caller: Caller,
  requestDigest: string,
  first?: Header,
): Promise<Attempt> {
  let earlier: Header | undefined
  for (let attempt = 1; ; attempt++) {
    const id = idOfAttempt(caller, attempt)
    if (id === undefined) return { id: randomId() }
    const existing = (attempt === 1 && first) || (await ledger.get(id))
    if (!existing) return { id, earlier }
    if (existing.requestDigest !== requestDigest) throw keyReused()
    if (!isFree(existing) || attempt === MAX_ATTEMPTS) return { id, existing }
    earlier = existing
  }
}

/** Trying again is no new wish: it was asked for, and came, when the change that failed before it was. */
export function keepFirstIntent<P extends Planned>(planned: P, earlier: Header | undefined): P {
  if (!earlier) return planned
  const { atMs, arrivedAtMs } = intentOf(earlier)
  return { ...planned, header: { ...planned.header, intentAtMs: atMs, arrivedAtMs } }
}

/** Whether a change stands in nobody's way any more: it failed, nothing was applied, and what failed it passes. */
export function isFree({ state, failure }: Header): boolean {
  return state === 'FAILED' && failure?.isPassing === true
}

export function keyReused(): GatewayError {
  return new GatewayError(
    'idempotency.key.reused',
    'This Idempotency-Key was used before, with another request; use a new one for each request',
    {
      faults: [
        {
          fieldName: 'idempotency-key',
          errorCode: 'REUSED',
          message: 'belongs to another request: send a new key with a new request',
        },
      ],
    },
  )
}

/** What a caller's decision is kept under. */
export function decisionKeyOf(policy: Policy, { actor, operation, idempotencyKey = '' }: Caller): string {
  const { kind, id } = identifyActor(policy, actor)
  return idOf(kind, id, operation, idempotencyKey)
}

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

/** Waits double from the first to the last, milliseconds: the usual write is over within the first few. */
const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 1_000

/** Longest that a repeat waits for the first one's result, milliseconds: who asks gives up after 16 s. */
const PATIENCE_MS = 11_000

/** Kept of the request's time to render the answer, milliseconds. */
const RENDER_RESERVE_MS = 1_000

/**
 * Waits while another invocation carries a change out.
 *
 * @returns it as it then stands: settled, waiting for its time or for a person, or not settled in time.
 */
export async function awaitSettled(
  { ledger, clock }: Pick<Desk, 'ledger' | 'clock'>,
  header: Header,
  deadline: Deadline,
): Promise<Header> {
  const untilMs = clock.monotonicMs() + Math.min(PATIENCE_MS, deadline.remainingMs() - RENDER_RESERVE_MS)
  let latest = header
  for (
    let waitMs = FIRST_WAIT_MS;
    isUnderWay(latest, clock.nowMs());
    waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)
  ) {
    if (clock.monotonicMs() + waitMs > untilMs) break
    await clock.sleep(waitMs)
    latest = (await ledger.get(header.id)) ?? latest
  }
  return latest
}

/** UNKNOWN lasts longer than any request. */
function isUnderWay(header: Header, nowMs: number): boolean {
  const { state, isReleased, notBeforeMs = 0, retryAtMs = 0 } = header
  // Whoever sent it is gone by then, and what came of it was not put on record.
  if (header.state === 'SENT') return nowMs < header.sentAtMs + INVOCATION_LIFE_MS
  if (isSettled(state) || state === 'UNKNOWN' || state === 'AWAITING_APPROVAL') return false
  // Minutes or hours.
  if (listStates.includes(state)) return false
  if (state === 'PLANNED' || state === 'APPROVED')
    return isReleased && nowMs >= Math.max(notBeforeMs, retryAtMs)
  return true
}
