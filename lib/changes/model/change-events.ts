/** The port by which what became of a change is told on the stack's event bus. */
import type { Header } from './header.ts'
import type { ScheduleEnd } from './schedule.ts'
import type { ChangeState } from './transitions.ts'
import type { WriteState } from './write-switch.ts'

/** States that are told, and the detail type of each. */
export const changeEvents: Partial<Readonly<Record<ChangeState, string>>> = {
  PLANNED: 'License Change Planned',
  INVALID: 'License Change Invalid',
  AWAITING_APPROVAL: 'License Change Awaiting Approval',
  APPROVED: 'License Change Approved',
  RUNNING: 'License Change Running',
  PAUSED: 'License Change Paused',
  APPLIED: 'License Change Applied',
  PARTIAL: 'License Change Partial',
  NO_EFFECT: 'License Change No Effect',
  FAILED: 'License Change Failed',
  NEEDS_ATTENTION: 'License Change Needs Attention',
  EXPIRED: 'License Change Expired',
  NOOP: 'License Change Noop',
  REJECTED: 'License Change Rejected',
  CANCELLED: 'License Change Cancelled',
  SUPERSEDED: 'License Change Superseded',
}

/** Tells, while it is still applied, that a change is taken back soon. */
export const ENDING_EVENT = 'License Change Ending'

/**
 * Tells how far a list has come. It is put as it happens and not kept for the tick: one that is lost is made good by the
 * next, or by the end.
 */
export const PROGRESS_EVENT = 'License Change Progress'

/** What is told of the stop switch, and the detail type of each. */
export const writeEvents: Readonly<Record<WriteState, string>> = {
  paused: 'License Writes Paused',
  running: 'License Writes Resumed',
}

/** What is told of schedules that come to nothing, and the detail type of each. */
export const scheduleEvents: Readonly<Record<ScheduleEnd, string>> = {
  rejected: 'License Schedule Rejected',
  lapsed: 'License Schedule Lapsed',
}

/**
 * @returns whether it is told that the change has come to that state now. An end that leaves undone what was wished for
 *   is, whoever asked; that all was so already is told where somebody waits to hear of it: in chat, and to approvers.
 */
export function isTold(
  {
    asked,
    approval,
    isReleased,
    notBeforeMs = 0,
    partOf,
    state: from,
  }: Pick<Header, 'asked' | 'approval' | 'isReleased' | 'notBeforeMs' | 'partOf' | 'state'>,
  state: ChangeState,
  nowMs: number,
): boolean {
  // What its list comes to is told, and a part that a person must look at.
  if (partOf && state !== 'NEEDS_ATTENTION') return false
  // Whoever asked was answered that it is yet to be planned, and waits to hear what has come of that.
  if (from === 'PLANNING' && state !== 'CANCELLED') return state in changeEvents
  if (state === 'PLANNED') return false
  // A plan that nobody applied is no wish yet: it ends without a word, unless it is called off before others in chat.
  const isWish = (from !== 'PLANNED' && from !== 'PLANNING') || isReleased
  if (!isWish && state === 'EXPIRED') return false
  // What is carried out at once is told by its end.
  if (state === 'APPROVED' && nowMs >= notBeforeMs) return false
  // Approvers were asked about it, and what they were shown must not stay as it was.
  const wasAwaited = from === 'AWAITING_APPROVAL' || approval?.decision !== undefined
  const isInChatAlone = state === 'NOOP' || (state === 'CANCELLED' && !isWish)
  return state in changeEvents && (asked !== undefined || wasAwaited || !isInChatAlone)
}

/** Ends that leave undone, in whole or in part, what was wished for, though nobody decided against it. */
export const undoneStates: readonly ChangeState[] = [
  'PARTIAL',
  'NO_EFFECT',
  'FAILED',
  'EXPIRED',
  'SUPERSEDED',
]

export interface Announcement {
  readonly detailType: string
  /** JSON; EventBridge takes 256 kB an entry. */
  readonly detail: Readonly<Record<string, unknown>>
  readonly atMs: number
}

export interface EventBus {
  /**
   * Puts events, at most ten.
   *
   * @returns for each, whether the bus took it: PutEvents may refuse single entries in an answer of 200.
   * @throws Error where the bus could not be reached at all.
   */
  put(announcements: readonly Announcement[]): Promise<readonly boolean[]>
}
