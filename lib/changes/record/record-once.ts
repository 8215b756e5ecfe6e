/**
 * One change for one request, however often it comes: found by its idempotency key or, of what came without one, by a
 * pointer on record.
 */
import { GatewayError } from '../../errors.ts'
import type { Caller } from '../model/change.ts'
import { isLedgerDown, mayBeCarriedOut } from '../model/failure.ts'
import type { Header, Planned } from '../model/header.ts'
import { randomId } from '../model/record-ids.ts'
import { isSettled } from '../model/transitions.ts'
import type { Desk, Workbench } from './desk.ts'
import type { LedgerWrite } from './ledger.ts'
import {
  attemptOf,
  forgetRepeat,
  isRepeat,
  keepFirstIntent,
  type New,
  noteRepeatAnswered,
  type Taken,
  takeFirst,
  waitingKeyOf,
} from './repeats.ts'
import { putNewChange } from './write-header.ts'

/** Makes the change of an id, not yet on record. */
export type MakePlan = (id: string) => Promise<PlannedBeside> | PlannedBeside

/** A plan, and what is put on record by the same write. */
export interface PlannedBeside extends Planned {
  readonly beside?: readonly LedgerWrite[]
  /** The plan where something has come in the way of that; undefined where the change is on record by now. */
  readonly otherwise?: () => Promise<PlannedBeside | undefined>
}

/** Races with whatever else is written beside a plan that are fought before the other side is believed. */
const MAX_TRIES = 5

/** The change of a request: made here, or found. */
export interface Recorded {
  readonly id: string
  readonly isReplay: boolean
  /** As it was seen on record. */
  readonly seen?: Header | undefined
  /** What was put on record here. */
  readonly planned?: Planned | undefined
}

/** A change on record, as far as this invocation has taken it by now. */
export interface MadeChange {
  readonly id: string
  readonly seen?: Header | undefined
  /** The ledger failed in the middle of it: nobody is at it whom waiting could help. */
  readonly isStopped: boolean
}

/**
 * @param make is told which change of the same key failed before.
 * @param seen the change of the key's first attempt, where it has just been read.
 * @throws GatewayError `idempotency.key.reused`, and what `make` throws.
 */
export async function recordOnce(
  desk: Pick<Desk, 'ledger' | 'log'>,
  caller: Caller,
  requestDigest: string,
  make: (id: string, earlier: Header | undefined) => Promise<PlannedBeside> | PlannedBeside,
  seen?: Header,
): Promise<Recorded> {
  const { id, existing, earlier } = await attemptOf(desk, caller, requestDigest, seen)
  if (existing) return { id, isReplay: true, seen: existing }
  let next: PlannedBeside | undefined = await make(id, earlier)
  for (let tries = 1; next && tries <= MAX_TRIES; tries++) {
    const { beside = [], otherwise, ...planned }: PlannedBeside = next
    const header = await putNewChange(desk, planned, beside)
    if (header) return { id, isReplay: false, seen: header, planned: { ...planned, header } }
    next = beside.length > 0 ? await otherwise?.() : undefined
  }
  // Another request with the same key was quicker: it must have been the same request.
  const attempt = await attemptOf(desk, caller, requestDigest)
  // It may have failed by now and freed the key: then that failure is the answer, and no id that nobody has made.
  return { id: attempt.existing ? attempt.id : id, isReplay: true }
}

/** The same for what is released as it is made: trying again is no new wish, and what waits for an approver is asked for once. */
export async function recordWishOnce(
  bench: Workbench,
  caller: Caller,
  requestDigest: string,
  plan: MakePlan,
  seen?: Header,
): Promise<Recorded> {
  if (caller.idempotencyKey !== undefined) {
    const make = async (id: string, earlier: Header | undefined) => keepFirstIntent(await plan(id), earlier)
    return await recordOnce(bench, caller, requestDigest, make, seen)
  }
  const planned = await plan(randomId())
  if (planned.header.state === 'AWAITING_APPROVAL') return await recordWaiting(bench, caller, planned)
  return await recordNew(bench, planned)
}

/** Of an id that no other request has. */
async function recordNew(bench: Workbench, planned: Planned): Promise<Recorded> {
  const { id } = planned.header
  const header = await putNewChange(bench, planned)
  return { id, isReplay: false, seen: header, planned: header && { ...planned, header } }
}

/** A client that resends what waits for an approver asks for nothing new: the open request is the answer. */
async function recordWaiting(bench: Workbench, { operation }: Caller, planned: Planned): Promise<Recorded> {
  const { id, actor, requestDigest } = planned.header
  const key = waitingKeyOf(actor, operation, requestDigest)
  const taken = await takeFirst(bench, key, id)
  if (isRepeat(taken)) return { id: taken.first.id, isReplay: true, seen: taken.first }
  return await orForget(bench, key, taken, () => recordNew(bench, planned))
}

/**
 * A keyless switch of a toggle: the change that it is a repeat of, or one made here, and the pointer that tells which.
 *
 * @param make puts the change of that id on record; it is told which one failed a moment ago for a cause that passes.
 */
export async function recordSwitch(
  bench: Workbench,
  key: string,
  make: (id: string, earlier: Header | undefined) => Promise<MadeChange>,
): Promise<{ readonly taken: Taken; readonly begun: MadeChange }> {
  const taken = await takeFirst(bench, key)
  if (isRepeat(taken)) return { taken, begun: { id: taken.first.id, seen: taken.first, isStopped: false } }
  return { taken, begun: await orForget(bench, key, taken, () => make(taken.id, taken.earlier)) }
}

/** Where nothing of it is on record, the next request need not wait for it. */
async function orForget<T>(bench: Workbench, key: string, taken: New, make: () => Promise<T>): Promise<T> {
  try {
    return await make()
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'outcome.unknown') throw error
    await forgetRepeat(bench, key, taken).catch((failed) => {
      if (!isLedgerDown(failed)) throw failed
    })
    throw error
  }
}

/**
 * Notes that the answer to a keyless switch tells its result, before it does. What is read for the answer comes first:
 * an answer without a result puts no time off. It is noted where it can be; unnoted, a repeat is taken for one for longer.
 *
 * @throws GatewayError `outcome.unknown` where the result cannot be read: after a 5xx clients would resend for longer
 *   than this may be told a repeat.
 */
export async function noteSwitchAnswered(
  bench: Workbench,
  key: string,
  taken: Taken,
  header: Header,
): Promise<void> {
  if (!isSettled(header.state)) return
  try {
    await bench.ledger.evidence(header)
  } catch (error) {
    throw isLedgerDown(error) ? mayBeCarriedOut(header.id, error) : error
  }
  try {
    await noteRepeatAnswered(bench, key, taken)
  } catch (error) {
    if (!isLedgerDown(error)) throw error
    bench.log.noteDeferred(header.id, 'it could not be noted that its result was told', error)
  }
}
