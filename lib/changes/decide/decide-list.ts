/** What people decide about a list that is under way: to pause it, and to let it go on. Calling it off is in decide-cancel.ts. */
import { isoOf } from '../../utc-day.ts'
import { withPaceAfresh } from '../answers/list-progress.ts'
import type { Caller } from '../model/change.ts'
import { actorNameOf } from '../model/change.ts'
import { agreedEndOf, approvalLapseOf } from '../model/due.ts'
import { stateConflict } from '../model/failure.ts'
import type { Decided, Header } from '../model/header.ts'
import { isPlannedRevert } from '../model/record-ids.ts'
import { isSettled } from '../model/transitions.ts'
import { findReasonsToAsk, refuseHoldingRevert } from '../plan/plan-extension.ts'
import type { Desk } from '../record/desk.ts'
import { moveHeader, refuseFull, requireHeader } from '../record/write-header.ts'
import { decideChange, refuseBeyondLimitsNow } from './decide-change.ts'

/** The part that is under way ends, and no other begins. @throws GatewayError as `Records`. */
export async function pauseList(desk: Desk, caller: Caller, changeId: string): Promise<Decided> {
  const seen = await requireHeader(desk, changeId)
  const because = isPlannedRevert(seen) ? await findReasonsToAsk(desk, seen) : []
  return await decideChange(desk, caller, changeId, {}, (header, nowMs, actor) => {
    if (header.state === 'PAUSED') return undefined
    if (header.state !== 'RUNNING') throw notUnderWay(header, 'pause')
    refuseHoldingRevert(header, because, 'paused')
    // To let it go on takes no more than the pause that was let be.
    refuseFull(header, 'cancel it, and order what is left anew')
    return moveHeader(header, { state: 'PAUSED', as: 'person', by: actorNameOf(actor) }, nowMs)
  })
}

/** @throws GatewayError as `Records`. */
export function resumeList(desk: Desk, caller: Caller, changeId: string): Promise<Decided> {
  return decideChange(desk, caller, changeId, {}, async (header, nowMs, actor) => {
    if (header.state === 'RUNNING') return undefined
    if (header.state !== 'PAUSED') throw notUnderWay(header, 'resume')
    refuseGoneBy(header, nowMs)
    refuseLapsed(header, nowMs)
    // What goes back by itself leaves alone what is protected.
    if (!isPlannedRevert(header)) await refuseBeyondLimitsNow(desk, header)
    const list = header.list && withPaceAfresh(header.list, nowMs)
    return moveHeader(
      header,
      { state: 'RUNNING', as: 'person', by: actorNameOf(actor), with: { list } },
      nowMs,
    )
  })
}

/** What it gave is taken back by now. */
function refuseGoneBy(header: Header, nowMs: number): void {
  if ((agreedEndOf(header) ?? Number.POSITIVE_INFINITY) > nowMs) return
  throw stateConflict(
    header,
    `The time to take the list ${header.id} back has come: no further part of it begins, and what it gave is taken back; order the rest anew, with another end`,
  )
}

/** The tick ends it within a minute. */
function refuseLapsed(header: Header, nowMs: number): void {
  const lapseMs = approvalLapseOf(header)
  if (lapseMs === undefined || nowMs < lapseMs) return
  throw stateConflict(
    header,
    `Nothing of the list ${header.id} had begun when its approval lapsed, at ${isoOf(lapseMs)}: order it anew`,
  )
}

function notUnderWay(header: Header, what: 'pause' | 'resume') {
  const { id, state } = header
  if (state === 'PLANNING')
    return stateConflict(header, `The list ${id} is being planned: cancel it, where it is not to come`)
  const why =
    header.list === undefined
      ? `The change ${id} is no list: there is nothing of it to ${what}`
      : `The list ${id} is ${state}: ${isSettled(state) ? 'it has ended' : `there is nothing of it under way to ${what}`}`
  return stateConflict(header, why)
}
