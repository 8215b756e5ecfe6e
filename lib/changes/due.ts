/** When the tick must look at a change: a pure function of its header, stored by every write of it (ADR 7, rule 14). */
import { type Header, isSettled } from './change.ts'
import { PLAN_LIFE_MS, SENDER_LIFE_MS } from './timing.ts'

type Undated = Omit<Header, 'dueAtMs'>

/** @returns epoch milliseconds; undefined where time does nothing more to it. */
export function dueAtOf(header: Undated): number | undefined {
  const { state, updatedAtMs } = header
  switch (state) {
    case 'PLANNED':
      return header.isReleased ? startOf(header) : header.createdAtMs + PLAN_LIFE_MS
    case 'AWAITING_APPROVAL':
      return earliest(
        isUnpublished(header) ? updatedAtMs : undefined,
        reminderDueAt(header),
        header.approval?.expiresAtMs ?? updatedAtMs,
      )
    case 'APPROVED':
      return earliest(isUnpublished(header) ? updatedAtMs : undefined, startOf(header))
    case 'CLAIMED':
      return header.leaseUntilMs ?? updatedAtMs
    case 'SENT':
    case 'UNKNOWN':
      return header.quietUntilMs ?? updatedAtMs
    default:
      return earliest(
        isUnpublished(header) ? updatedAtMs : undefined,
        header.lookDueAtMs,
        revertDueAt(header),
      )
  }
}

/** Whoever released it carries it out at once; should that one die, the tick does. */
function startOf({ notBeforeMs, retryAtMs, updatedAtMs }: Undated): number {
  return retryAtMs ?? Math.max(notBeforeMs ?? 0, updatedAtMs + SENDER_LIFE_MS)
}

export function isUnpublished({ eventVersion, publishedVersion = 0 }: Undated): boolean {
  return eventVersion !== undefined && publishedVersion < eventVersion
}

/** When approvers are to be reminded of a request. */
export function reminderDueAt({ approval, state }: Undated): number | undefined {
  return state === 'AWAITING_APPROVAL' && !approval?.isReminded ? approval?.remindAtMs : undefined
}

/** When what was applied is to be taken back; after the second look, which holds the locks until then. */
export function revertDueAt(header: Undated): number | undefined {
  const { revert, state, lookDueAtMs = 0 } = header
  if (!revert || revert.isCancelled || revert.changeId !== undefined) return undefined
  if (!isSettled(state) || (state !== 'APPLIED' && state !== 'PARTIAL')) return undefined
  // Whoever has it looked at hours later must not make it last longer than was agreed.
  const appliedAtMs = header.lookedAtMs === undefined ? settledAt(header) : header.sentAtMs
  const atMs = revert.atMs ?? (appliedAtMs ?? settledAt(header)) + (revert.afterMs ?? 0)
  return Math.max(atMs, lookDueAtMs)
}

/** When a header reached the state it is in. */
export function settledAt({ history, state, createdAtMs }: Undated): number {
  return history.findLast((entry) => entry.state === state)?.atMs ?? createdAtMs
}

function earliest(...times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}
