/** What somebody may do about a change as it stands. Pure: chat and the page ask the same. Pressing is judged by the ledger. */
import type { Role } from '../../roles.ts'
import type { Actor } from '../model/change.ts'
import { isClosed } from '../model/schedule.ts'
import {
  type ChangeState,
  isSettled,
  listStates,
  unclearStates,
  undoableStates,
} from '../model/transitions.ts'
import type { Change } from './change-schemas.ts'
import type { Decidable, ScheduleDecidable } from './decision-schemas.ts'
import type { Schedule } from './schedule-schemas.ts'

export interface Decider {
  readonly role: Role
  readonly actor: Pick<Actor, 'kind' | 'id'> & { readonly person?: string | undefined }
  /** Tools that are theirs: they approve nothing that one of these asks for. */
  readonly tools?: readonly string[] | undefined
}

/**
 * The change as whoever may decide about it gets it.
 *
 * @param decider undefined where their role is not known here: then nothing is said, and not that they may do nothing.
 */
export function withOffers(change: Change, decider: Decider | undefined, nowMs: number): Change {
  if (!decider) return change
  const offers = offerDecisions(change, decider, nowMs)
  const { impact } = change
  const isCounted = impact?.massRemovals !== undefined && offers.some((each) => counted.includes(each))
  return { ...change, offers, needs: isCounted ? { confirmPeople: impact.people } : undefined }
}

/** What asks for the count of people where the plan takes a license from many. */
const counted: readonly Decidable[] = ['apply', 'approve']

/** @returns in the order in which they are shown; none for whoever may only look. */
export function offerDecisions(change: Change, decider: Decider, nowMs: number): Decidable[] {
  if (decider.role === 'viewer') return []
  const settling = settlingOf(change, nowMs)
  if (change.partOf) return settling
  if (isListUnderWay(change)) return decisionsOfAll(change, nowMs)
  if (!isSettled(change.state)) return [...decisionsOfSome(change, decider, nowMs), ...settling]
  // What only moved a planned revert has nothing of its own to take back.
  const isUndoable = undoableStates.includes(change.state) && change.kind !== 'extend' && !isTakenBack(change)
  return [
    ...settling,
    ...decisionsOfAll(change, nowMs),
    ...(isKeepOffered(change, nowMs) ? (['keep'] as const) : []),
    ...(isUndoable ? (['undo'] as const) : []),
  ]
}

/** The same of a schedule: whoever may make one may delete any. */
export function offerForSchedule(
  { state, actor: asker, approval }: Pick<Schedule, 'state' | 'actor' | 'approval'>,
  { role, actor, tools = [] }: Decider,
  nowMs: number,
): ScheduleDecidable[] {
  if (role === 'viewer' || isClosed({ state })) return []
  const isAwaiting =
    state === 'AWAITING_APPROVAL' && approval !== undefined && !isPast(approval.expiresAt, nowMs)
  const isApprover = role === 'approver' && actor.person !== undefined && !isSame(asker, actor)
  if (!isAwaiting || !isApprover) return ['delete']
  const isOwner = asker.tool !== undefined && tools.includes(asker.tool)
  return isOwner ? ['reject', 'delete'] : ['approve', 'reject', 'delete']
}

/** Whether a plan needs an approver who is asked when it is applied. */
export function isApprovalToCome({ state, approval }: Pick<Change, 'state' | 'approval'>): boolean {
  return state === 'PLANNED' && approval !== undefined && approval.expiresAt === undefined
}

/** What is for whoever asked for it, and for approvers. */
function decisionsOfSome(change: Change, { role, actor, tools = [] }: Decider, nowMs: number): Decidable[] {
  const { state, isReleased, approval, lapsesAt, revert } = change
  const askers = [change.actor, ...(change.askers ?? [])]
  const isAsker = askers.some((each) => isSame(each, actor))
  const isOwner = askers.some(({ tool }) => tool !== undefined && tools.includes(tool))
  // It would be carried out and taken back in one go.
  const isGoneBy = isPast(revert?.at, nowMs)
  if (state === 'AWAITING_APPROVAL') {
    if (approval === undefined || isPast(approval.expiresAt, nowMs)) return []
    if (isAsker) return ['cancel']
    if (role !== 'approver' || actor.person === undefined) return []
    return isOwner || isGoneBy ? ['reject'] : ['approve', 'reject']
  }
  if (!isAsker) return []
  if (state === 'PLANNING' || state === 'APPROVED' || (state === 'PLANNED' && isReleased)) return ['cancel']
  if (state !== 'PLANNED' || isPast(lapsesAt, nowMs)) return []
  return isGoneBy ? ['cancel'] : ['apply', 'cancel']
}

/** Before then what was sent may still land, and a look at it would say nothing. */
function settlingOf({ state, quietUntil }: Change, nowMs: number): Decidable[] {
  return unclearStates.includes(state) && isPast(quietUntil, nowMs) ? ['settle'] : []
}

/** To call off a list that has just ended would keep what somebody meant to stop. */
function isKeepOffered(change: Change, nowMs: number): boolean {
  return !change.list && isToGoBack(change, nowMs)
}

/** Whether its end is still to come, and something that is taken back then. */
function isToGoBack(change: Change, nowMs: number): boolean {
  const dueAt = change.revert?.dueAt
  return dueAt !== undefined && !isPast(dueAt, nowMs)
}

function isPast(time: string | undefined, nowMs: number): boolean {
  return time !== undefined && nowMs >= Date.parse(time)
}

/** A list whose parts are carried out, or wait for somebody to resume them. */
export function isListUnderWay({ state }: Pick<Change, 'state'>): boolean {
  return listStates.includes(state)
}

/** Whether nothing of what it did is left to be taken back, or that is under way. */
export function isTakenBack({ undone, revert }: Pick<Change, 'undone' | 'revert'>): boolean {
  return undone ? !(undone.isInPart && isSettled(undone.state)) : revert?.changeId !== undefined
}

/** What every operator may do about a change that others look at just as much: one that has begun. */
export function decisionsOfAll(change: Change, nowMs: number): Decidable[] {
  const { state, list } = change
  if (isListUnderWay(change)) return list?.stopped ? [] : [state === 'PAUSED' ? 'resume' : 'pause', 'cancel']
  return [
    ...(isRetryOffered(change, nowMs) ? (['retry'] as const) : []),
    ...(isSettled(state) && isToGoBack(change, nowMs) ? (['extend', 'end'] as const) : []),
  ]
}

/** Ends of a single change of which something was sent for, or was to be, and did not come about. */
const failedStates: readonly ChangeState[] = ['PARTIAL', 'NO_EFFECT', 'FAILED']

/** What has ended and of which something did not come about, until that is asked for again. */
export function isRetryOffered(change: Change, nowMs = 0): boolean {
  const { state, kind, list, revert, retriedBy } = change
  if (retriedBy !== undefined || kind === 'extend' || isPast(revert?.at, nowMs)) return false
  if (state === 'EXPIRED') return isPlanTooLate(change)
  if (!list) return failedStates.includes(state)
  if (list.beganAt === undefined || !isSettled(state)) return false
  const { notApplied = 0, unknown = 0, conflict = 0, notSent = 0 } = list.outcomes
  return notApplied + unknown + conflict + notSent > 0
}

/** Not of a list that was never planned, of which nobody knows what it would do; and what is undone is undone anew from what did it. */
function isPlanTooLate({ history, undoes }: Change): boolean {
  return undoes === undefined && history.at(-2)?.state !== 'PLANNING'
}

function isSame(a: Decider['actor'] | Change['actor'], b: Decider['actor']): boolean {
  if (a.person !== undefined && a.person === b.person) return true
  return a.kind === b.kind && a.id === b.id
}
