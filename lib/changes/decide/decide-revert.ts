/** What people decide about a planned revert: another time for it, or now. That it never comes is in decide-cancel.ts. */
import { type FieldFault, GatewayError } from '../../errors.ts'
import { isoOf } from '../../utc-day.ts'
import type { Caller } from '../model/change.ts'
import { actorNameOf } from '../model/change.ts'
import type { Extension } from '../model/change-order.ts'
import { agreedEndOf, revertDueAtOf } from '../model/due.ts'
import { durationMs } from '../model/duration.ts'
import { stateConflict } from '../model/failure.ts'
import { type Asked, type Decided, type Header, revertOf } from '../model/header.ts'
import { digestOf } from '../model/record-ids.ts'
import { isSettled } from '../model/transitions.ts'
import { askToExtend, findEarlierRequest, findReasonsToAsk, movedRevertOf } from '../plan/plan-extension.ts'
import { proposalAskedIn } from '../plan/record-proposal.ts'
import type { Desk } from '../record/desk.ts'
import { decisionKeyOf } from '../record/repeats.ts'
import { amendHeader, refuseFull, requireHeader } from '../record/write-header.ts'
import { decideChange } from './decide-change.ts'
import { refuseUndoneEnd } from './refuse-decided.ts'

/**
 * Moves the planned revert of what was applied. Where it is moved to later, and the rules ask for approval of the change
 * or it was approved with its end, the answer is the request for it.
 *
 * @param asked where in chat it was asked for.
 * @throws GatewayError `bad.request`, `change.requester.refused`, `change.state.conflict` where nothing is to be taken back.
 */
export async function extendChange(
  desk: Desk,
  caller: Caller,
  changeId: string,
  order: Extension,
  asked?: Asked,
): Promise<Decided> {
  const seen = await requireHeader(desk, changeId)
  const untilMs = endAskedFor(order, desk.clock.nowMs())
  const { approvalBecause } = proposalAskedIn(asked)
  const rules = await findReasonsToAsk(desk, seen)
  const because = (header: Header) => [
    ...(approvalBecause === undefined ? [] : [approvalBecause]),
    ...(untilMs > (agreedEndOf(header) ?? untilMs) ? rules : []),
  ]
  const request = { extend: changeId, ...order }
  const extension = { untilMs, requestDigest: digestOf(request), asked }
  const earlier = await findEarlierRequest(desk, caller, seen, extension)
  if (earlier) return { header: earlier, isReplay: true }
  const isRepeat = seen.keys?.[decisionKeyOf(desk.policy, caller)] !== undefined
  if (!isRepeat) await refuseUndoneEnd(desk, seen)
  if (!isRepeat && because(seen).length > 0) {
    refuseWithoutRevert(seen)
    refuseFull(seen, MOVED_TOO_OFTEN)
    return await askToExtend(desk, caller, seen, because(seen), extension)
  }
  return await decideChange(desk, caller, changeId, request, (header, nowMs, actor) => {
    refuseWithoutRevert(header)
    refuseFull(header, MOVED_TOO_OFTEN)
    if (because(header).length > 0) {
      throw stateConflict(
        header,
        `The end of the change ${header.id} has just been moved: look at it, and ask again to have it later, which needs approval`,
      )
    }
    const note = `planned revert moved to ${isoOf(untilMs)}`
    const entry = { state: header.state, atMs: nowMs, by: actorNameOf(actor), note }
    const revert = movedRevertOf(desk, header, untilMs)
    return amendHeader(header, { revert, workPutOff: undefined, history: [...header.history, entry] }, nowMs)
  })
}

const MOVED_TOO_OFTEN = 'its end stays what it is: end it, and order it anew with another'

/** Makes the planned revert due now. @throws GatewayError `change.state.conflict` where nothing is to be taken back. */
export async function endChange(desk: Desk, caller: Caller, changeId: string): Promise<Decided> {
  const seen = await requireHeader(desk, changeId)
  if (seen.keys?.[decisionKeyOf(desk.policy, caller)] === undefined) await refuseUndoneEnd(desk, seen)
  return await decideChange(desk, caller, changeId, { end: changeId }, (header, nowMs, actor) => {
    // It is under way, or was, and its change says how it stands.
    if (header.revert?.changeId !== undefined) return undefined
    refuseWithoutRevert(header)
    if ((revertDueAtOf(header) ?? nowMs) <= nowMs) return undefined
    const entry = { state: header.state, atMs: nowMs, by: actorNameOf(actor), note: 'planned revert due now' }
    const { moves, extension } = revertOf(header)
    const revert = { atMs: nowMs, moves, extension, endedBy: actor }
    return amendHeader(header, { revert, workPutOff: undefined, history: [...header.history, entry] }, nowMs)
  })
}

/** @returns epoch milliseconds. @throws GatewayError `bad.request` */
function endAskedFor({ revertAt, revertAfter }: Extension, nowMs: number): number {
  if (revertAt !== undefined && revertAfter !== undefined) {
    throw wrongEndError('revertAfter', 'must be left out where revertAt is given')
  }
  if (revertAfter !== undefined) return nowMs + (durationMs(revertAfter) ?? 0)
  if (revertAt === undefined) throw wrongEndError('revertAt', 'must be given, or revertAfter')
  const atMs = Date.parse(revertAt)
  if (atMs > nowMs) return atMs
  throw wrongEndError('revertAt', 'must be in the future; to have it taken back now, end it')
}

function wrongEndError(fieldName: string, message: string): GatewayError {
  const faults: FieldFault[] = [{ fieldName, errorCode: 'CONTRADICTION', message }]
  return new GatewayError('bad.request', `${fieldName}: ${message}`, { faults })
}

function refuseWithoutRevert(header: Header): void {
  if (revertDueAtOf(header) !== undefined) return
  const others = [header.extends, header.revert?.changeId].filter((id) => id !== undefined)
  throw stateConflict(header, whyWithoutRevert(header), { others })
}

function whyWithoutRevert({ id, state, revert, extends: extended }: Header): string {
  if (extended !== undefined) return `The change ${id} asks that ${extended} stays, and has no end of its own`
  if (!revert) return `The change ${id} has no planned revert: undo it, or order it anew with an end`
  if (revert.changeId !== undefined) {
    return `The time to take the change ${id} back has come, and ${revert.changeId} does or did: order it anew`
  }
  if (revert.isCancelled)
    return `The change ${id} stays for good: undo it instead, or order it anew with an end`
  return isSettled(state)
    ? `The change ${id} is ${state}: there is nothing of it to take back`
    : `The change ${id} is ${state}: its end can be moved once it is applied; cancel it to order it otherwise`
}
