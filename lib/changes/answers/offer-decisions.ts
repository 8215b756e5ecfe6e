/** What somebody may do about a change as it stands. Pure: chat and the page ask the same. Pressing is judged by the ledger. */
import type { Actor } from '../model/change.ts'
import { isSettled, listStates, undoableStates } from '../model/transitions.ts'
import type { Change } from './change-schemas.ts'

export type Decidable =
  | 'apply'
  | 'cancel'
  | 'approve'
  | 'reject'
  | 'undo'
  | 'retry'
  | 'extend'
  | 'end'
  | 'pause'
  | 'resume'

export interface Decider {
  readonly role: 'viewer' | 'operator' | 'approver'
  readonly actor: Pick<Actor, 'kind' | 'id'> & { readonly person?: string }
  /** Tools that are theirs: they approve nothing that one of these asks for. */
  readonly tools?: readonly string[] | undefined
}

/** @returns in the order in which they are shown; none for whoever may only look. */
export function offerDecisions(
  change: Change,
  { role, actor, tools = [] }: Decider,
  nowMs: number,
): Decidable[] {
  const { state, isReleased, approval, lapsesAt } = change
  const askers = [change.actor, ...(change.askers ?? [])]
  const isAsker = askers.some((each) => isSame(each, actor))
  const isOwner = askers.some(({ tool }) => tool !== undefined && tools.includes(tool))
  const operates = role !== 'viewer'
  if (change.partOf) return []
  if (isListUnderWay(change)) return operates ? decisionsOfAll(change, nowMs) : []
  if (isSettled(state)) {
    const isUndoable = undoableStates.includes(state) && !isTakenBack(change)
    return operates ? [...decisionsOfAll(change, nowMs), ...(isUndoable ? (['undo'] as const) : [])] : []
  }
  if (state === 'AWAITING_APPROVAL') {
    if (approval === undefined || nowMs >= Date.parse(approval.expiresAt)) return []
    if (isAsker) return operates ? ['cancel'] : []
    const isApprover = role === 'approver' && actor.person !== undefined
    if (!isApprover) return []
    return isOwner ? ['reject'] : ['approve', 'reject']
  }
  if (!isAsker || !operates) return []
  if (state === 'PLANNING' || state === 'APPROVED' || (state === 'PLANNED' && isReleased)) return ['cancel']
  const hasLapsed = lapsesAt !== undefined && nowMs >= Date.parse(lapsesAt)
  return state === 'PLANNED' && !hasLapsed ? ['apply', 'cancel'] : []
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
  const { state, list, revert } = change
  if (isListUnderWay(change)) return list?.stopped ? [] : [state === 'PAUSED' ? 'resume' : 'pause', 'cancel']
  const isTakenBackLater = isSettled(state) && revert?.dueAt !== undefined && nowMs < Date.parse(revert.dueAt)
  return [
    ...(isRetryOffered(change, nowMs) ? (['retry'] as const) : []),
    ...(isTakenBackLater ? (['extend', 'end'] as const) : []),
  ]
}

/** A list that has ended and of which something did not come about, until that is asked for again. */
export function isRetryOffered({ state, list, revert, retriedBy }: Change, nowMs = 0): boolean {
  if (list?.beganAt === undefined || !isSettled(state) || retriedBy !== undefined) return false
  if (revert?.at !== undefined && Date.parse(revert.at) <= nowMs) return false
  const { notApplied = 0, unknown = 0, conflict = 0, notSent = 0 } = list.outcomes
  return notApplied + unknown + conflict + notSent > 0
}

function isSame(a: Decider['actor'] | Change['actor'], b: Decider['actor']): boolean {
  if (a.person !== undefined && a.person === b.person) return true
  return a.kind === b.kind && a.id === b.id
}
