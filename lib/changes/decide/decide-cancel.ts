/** Calling off: what has not begun, and the planned revert of what was applied. */
import { isoOf } from '../../utc-day.ts'
import type { Caller } from '../model/change.ts'
import { actorNameOf } from '../model/change.ts'
import { revertDueAtOf } from '../model/due.ts'
import { stateConflict } from '../model/failure.ts'
import { type Decided, type Header, revertOf } from '../model/header.ts'
import { isSettled, listStates, undoableStates, waitingStates } from '../model/transitions.ts'
import {
  askToExtend,
  findEarlierRequest,
  findReasonsToAsk,
  keepingOf,
  refuseHoldingRevert,
} from '../plan/plan-extension.ts'
import type { Desk } from '../record/desk.ts'
import { isDraft } from '../record/read-sequels.ts'
import { decisionKeyOf } from '../record/repeats.ts'
import { amendHeader, moveHeader, requireHeader } from '../record/write-header.ts'
import { decideChange } from './decide-change.ts'
import { refuseUndoneEnd } from './refuse-decided.ts'

/**
 * Calls off what has not begun, what of a list has not begun, and the planned revert of what was applied. Where it takes
 * approval to keep that for good, the answer is the request for it.
 *
 * @param alone where nothing else is meant, whatever has become of it meanwhile.
 * @throws GatewayError also `change.requester.refused`.
 */
export async function cancelChange(
  desk: Desk,
  caller: Caller,
  changeId: string,
  alone?: 'draft' | 'plan' | 'list',
): Promise<Decided> {
  const seen = await requireHeader(desk, changeId)
  const because = await findReasonsToAsk(desk, seen)
  const isAgain = alone === undefined && isCalledOff(seen)
  const isRepeat = seen.keys?.[decisionKeyOf(desk.policy, caller)] !== undefined
  if (!isRepeat && alone === undefined) await refuseUndoneEnd(desk, seen)
  if (!isAgain && because.length > 0 && alone === undefined) {
    const keeping = keepingOf(seen)
    const earlier = await findEarlierRequest(desk, caller, seen, keeping)
    if (earlier) return { header: earlier, isReplay: true }
    if (isSettled(seen.state) && revertDueAtOf(seen) !== undefined)
      return await askToExtend(desk, caller, seen, because, keeping)
  }
  const request = alone === 'draft' ? { isDraft: true } : {}
  return await decideChange(desk, caller, changeId, request, (header, nowMs, actor) => {
    if (header.state === 'CANCELLED' || (alone === undefined && isCalledOff(header))) return undefined
    if (alone === 'draft' && !isDraft(header)) throw stateConflict(header, noDraft(header))
    const isPlan = header.state === 'PLANNING' || waitingStates.includes(header.state)
    if (alone !== 'list' && isPlan) {
      refuseHoldingRevert(header, because, 'called off')
      return moveHeader(header, { state: 'CANCELLED', as: 'person', by: actorNameOf(actor) }, nowMs)
    }
    if (alone !== 'plan' && header.list && listStates.includes(header.state)) {
      if (header.list.stopped) return undefined
      refuseHoldingRevert(header, because, 'called off')
      const stopped = { why: 'called off', by: actorNameOf(actor), atMs: nowMs } as const
      const entry = {
        state: header.state,
        atMs: nowMs,
        by: actorNameOf(actor),
        note: 'called off: no further part begins',
      }
      return amendHeader(
        header,
        { list: { ...header.list, stopped }, history: [...header.history, entry] },
        nowMs,
      )
    }
    if (alone !== undefined || revertDueAtOf(header) === undefined) {
      throw stateConflict(header, tooLate(header))
    }
    if (header.list && because.length === 0) throw mayMeanTheList(header)
    if (because.length > 0) {
      throw stateConflict(
        header,
        `The change ${header.id} has just been applied: ask again to keep it, which needs approval`,
      )
    }
    const entry = {
      state: header.state,
      atMs: nowMs,
      by: actorNameOf(actor),
      note: 'planned revert cancelled',
    }
    return amendHeader(
      header,
      { revert: { ...revertOf(header), isCancelled: true }, history: [...header.history, entry] },
      nowMs,
    )
  })
}

/** Whoever asks for that once more means the list, and not that what it gave stays. */
function isCalledOff({ list }: Header): boolean {
  return list?.stopped?.why === 'called off'
}

/** It ends while somebody calls it off, and what they meant to stop would stay for good. */
function mayMeanTheList(header: Header) {
  const dueAt = isoOf(revertDueAtOf(header) ?? 0)
  return stateConflict(
    header,
    `The list ${header.id} has ended: nothing of it is left to call off, and to call its planned revert off would keep what it gave for good. It is taken back at ${dueAt}; to keep it longer, extend it`,
  )
}

function noDraft({ id, state }: Header): string {
  return `The change ${id} is ${state}, and no draft any more: to call it off all the same, leave isDraft out`
}

/** What may be undone then, and of what ended otherwise that there is nothing to call off. */
function tooLate({ id, state }: Header): string {
  if (isSettled(state) && !undoableStates.includes(state)) {
    return `The change ${id} is ${state}: there is nothing left of it to call off`
  }
  const instead = isSettled(state) ? 'undo it instead' : 'undo it once it is applied'
  return `The change ${id} is ${state}: too late to call it off; ${instead}`
}
