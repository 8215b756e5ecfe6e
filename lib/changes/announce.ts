/** The port by which what became of a change is told on the stack's event bus. */
import type { ChangeState, Header } from './change.ts'

/** States that are told, and the detail type of each. */
export const changeEvents: Partial<Readonly<Record<ChangeState, string>>> = {
  AWAITING_APPROVAL: 'License Change Awaiting Approval',
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

/** Ends for which nothing was sent: told only of what was asked for in chat, where somebody waits to hear of it. */
const toldInChat: readonly ChangeState[] = ['NOOP', 'REJECTED', 'CANCELLED', 'SUPERSEDED']

/** @returns whether it is told that the change has come to that state. */
export function isTold(
  { asked, isReleased, state: from }: Pick<Header, 'asked' | 'isReleased' | 'state'>,
  state: ChangeState,
): boolean {
  // A plan that nobody applied ends without a word.
  if (from === 'PLANNED' && !isReleased && state === 'EXPIRED') return false
  return state in changeEvents && (asked !== undefined || !toldInChat.includes(state))
}

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
