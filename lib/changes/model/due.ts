/** When the tick must look at a change, and for what: pure functions of its header, stored by every write of it (ADR 7, rule 14). */
import { type Header, isSettled } from './change.ts'
import { isPlannedRevert } from './identity.ts'
import { PLAN_LIFE_MS, SENDER_LIFE_MS } from './timing.ts'

type Undated = Omit<Header, 'dueAtMs'>

/**
 * What time does to a change. `revert`: it is taken back. `look`: what came of its write is looked at. `start`: it is
 * carried out. `wait`: what waits for a person lapses, or approvers are reminded. `tell`: its event goes out.
 */
export const dueWorks = ['revert', 'look', 'start', 'wait', 'tell'] as const
export type DueWork = (typeof dueWorks)[number]

interface Due {
  readonly work: DueWork
  readonly atMs: number
}

/** @returns epoch milliseconds; undefined where time does nothing more to it. */
export function dueAtOf(header: Undated): number | undefined {
  return earliest(
    ...duesOf(header).map(({ work, atMs }) => Math.max(atMs, putOffOf(header, work)?.untilMs ?? 0)),
  )
}

/** @returns what is due by now, though it may have been put off: what matters most comes first. */
export function worksDue(header: Undated, nowMs: number): DueWork[] {
  const due = duesOf(header).filter(
    ({ work, atMs }) => Math.max(atMs, putOffOf(header, work)?.untilMs ?? 0) <= nowMs,
  )
  return dueWorks.filter((work) => due.some((each) => each.work === work))
}

/** @returns since when this is due that nobody has done yet, epoch milliseconds. */
export function dueSinceOf(header: Undated, work: DueWork): number | undefined {
  return (
    putOffOf(header, work)?.sinceMs ??
    earliest(...duesOf(header).flatMap((due) => (due.work === work ? [due.atMs] : [])))
  )
}

function putOffOf({ workPutOff, tellingPutOff }: Undated, work: DueWork) {
  return work === 'tell' ? tellingPutOff : workPutOff
}

function duesOf(header: Undated): Due[] {
  const tell = isUnpublished(header) ? [{ work: 'tell', atMs: header.updatedAtMs } as const] : []
  return [...worksOf(header), ...tell]
}

function worksOf(header: Undated): Due[] {
  const { state, updatedAtMs } = header
  switch (state) {
    case 'PLANNED':
      return header.isReleased
        ? [{ work: isPlannedRevert(header) ? 'revert' : 'start', atMs: startOf(header) }]
        : [{ work: 'wait', atMs: header.createdAtMs + PLAN_LIFE_MS }]
    case 'AWAITING_APPROVAL':
      return [
        ...dueOnce('wait', reminderDueAt(header)),
        { work: 'wait', atMs: header.approval?.expiresAtMs ?? updatedAtMs },
      ]
    case 'APPROVED':
      return [{ work: 'start', atMs: startOf(header) }]
    case 'CLAIMED':
      return [
        { work: isPlannedRevert(header) ? 'revert' : 'start', atMs: header.leaseUntilMs ?? updatedAtMs },
      ]
    case 'SENT':
    case 'UNKNOWN':
      return [{ work: 'look', atMs: header.quietUntilMs ?? updatedAtMs }]
    default:
      return [...dueOnce('look', header.lookDueAtMs), ...dueOnce('revert', revertDueAt(header))]
  }
}

function dueOnce(work: DueWork, atMs: number | undefined): Due[] {
  return atMs === undefined ? [] : [{ work, atMs }]
}

/** Whoever released it carries it out at once; should that one die, the tick does. */
function startOf({ notBeforeMs, retryAtMs, updatedAtMs }: Undated): number {
  return retryAtMs ?? Math.max(notBeforeMs ?? 0, updatedAtMs + SENDER_LIFE_MS)
}

export function isUnpublished({ eventVersion, publishedVersion = 0 }: Undated): boolean {
  return eventVersion !== undefined && publishedVersion < eventVersion
}

/** When approvers are to be reminded of a request, once they have been told of it. */
export function reminderDueAt(header: Undated): number | undefined {
  const { approval, state } = header
  if (state !== 'AWAITING_APPROVAL' || approval?.isReminded || isUnpublished(header)) return undefined
  return approval?.remindAtMs
}

/** When what was applied is to be taken back; after the second look, which holds the locks until then. */
export function revertDueAt(header: Undated): number | undefined {
  const { revert, state, lookDueAtMs = 0 } = header
  if (!revert || revert.isCancelled || revert.changeId !== undefined) return undefined
  if (!isSettled(state) || (state !== 'APPLIED' && state !== 'PARTIAL')) return undefined
  // Whoever has it looked at hours later must not make it last longer than was agreed.
  const appliedAtMs = header.lookedAtMs === undefined ? settledAt(header) : header.sentAtMs
  const atMs = revert.atMs ?? (appliedAtMs ?? settledAt(header)) + (revert.afterMs ?? 0)
  return Math.max(atMs, lookDueAtMs, revert.heldUntilMs ?? 0)
}

/** Until when a settled change asked for what it did, or found so; undefined where that has no end. */
export function endOf(header: Undated): number | undefined {
  const { revert } = header
  if (!revert || revert.isCancelled) return undefined
  return revert.atMs ?? settledAt(header) + (revert.afterMs ?? 0)
}

/** When a header reached the state it is in. */
export function settledAt({ history, state, createdAtMs }: Undated): number {
  return history.findLast((entry) => entry.state === state)?.atMs ?? createdAtMs
}

function earliest(...times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}
