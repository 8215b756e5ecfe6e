/** When the tick must look at a change, and for what: pure functions of its header, stored by every write of it (ADR 7, rule 14). */

import type { Header, HeaderIn, Revert } from './header.ts'
import { type Policy, remindBeforeMsOf } from './policy.ts'
import { isPlannedRevert } from './record-ids.ts'
import { INVOCATION_LIFE_MS, LOST_TURN_MS, NEXT_TICK_MS, PLAN_LIFE_MS } from './timing.ts'
import { isSettled } from './transitions.ts'

/**
 * What time does to a change. `revert`: it is taken back. `look`: what came of its write is looked at. `start`: it is
 * carried out. `wait`: what waits for a person lapses, or people are reminded. `tell`: its event goes out.
 */
export const dueWorks = ['revert', 'look', 'start', 'wait', 'tell'] as const
export type DueWork = (typeof dueWorks)[number]

interface Due {
  readonly work: DueWork
  readonly atMs: number
}

/** @returns epoch milliseconds; undefined where time does nothing more to it. */
export function dueAtOf(header: Header): number | undefined {
  return earliest(...duesOf(header).map(({ work, atMs }) => latest(atMs, putOffOf(header, work)?.untilMs)))
}

/** @returns what is due by now, though it may have been put off: what matters most comes first. */
export function worksDueOf(header: Header, nowMs: number): DueWork[] {
  const due = duesOf(header).filter(
    ({ work, atMs }) => latest(atMs, putOffOf(header, work)?.untilMs) <= nowMs,
  )
  return dueWorks.filter((work) => due.some((each) => each.work === work))
}

/** @returns since when this is due that nobody has done yet, epoch milliseconds. */
export function dueSinceOf(header: Header, work: DueWork): number | undefined {
  return (
    putOffOf(header, work)?.sinceMs ??
    earliest(...duesOf(header).flatMap((due) => (due.work === work ? [due.atMs] : [])))
  )
}

function putOffOf({ workPutOff, tellingPutOff }: Header, work: DueWork) {
  return work === 'tell' ? tellingPutOff : workPutOff
}

function duesOf(header: Header): Due[] {
  const tell = isUnpublished(header) ? [{ work: 'tell', atMs: header.updatedAtMs } as const] : []
  return [...worksOf(header), ...tell]
}

function worksOf(header: Header): Due[] {
  switch (header.state) {
    case 'PLANNING':
      return [{ work: 'start', atMs: header.planning.waitUntilMs ?? header.updatedAtMs }]
    case 'PLANNED':
      return header.isReleased
        ? [{ work: isPlannedRevert(header) ? 'revert' : 'start', atMs: startOf(header) }]
        : [{ work: 'wait', atMs: header.createdAtMs + PLAN_LIFE_MS }]
    case 'AWAITING_APPROVAL':
      return [
        ...dueOnce('wait', reminderDueAtOf(header)),
        { work: 'wait', atMs: header.approval.expiresAtMs },
      ]
    case 'APPROVED':
      return [{ work: 'start', atMs: startOf(header) }]
    case 'CLAIMED':
      return [{ work: isPlannedRevert(header) ? 'revert' : 'start', atMs: header.leaseUntilMs }]
    case 'SENT':
    case 'UNKNOWN':
      return [{ work: 'look', atMs: header.quietUntilMs }]
    case 'RUNNING':
    case 'PAUSED':
      return dueOnce(
        'start',
        earliest(
          listDueAtOf(header),
          approvalLapseOf(header),
          header.list.stopped ? undefined : agreedEndOf(header),
        ),
      )
    default:
      return [
        ...dueOnce('look', header.lookDueAtMs),
        ...dueOnce('revert', revertDueAtOf(header)),
        ...dueOnce('wait', endReminderDueAtOf(header)),
      ]
  }
}

/** Its message may be lost, and a part that was left open settles by the tick. */
function listDueAtOf({ list, state, updatedAtMs }: HeaderIn<'RUNNING' | 'PAUSED'>): number | undefined {
  const isToGoOn = state === 'RUNNING' && !list.stopped && list.next < list.parts
  if (list.open.length > 0) {
    return earliest(updatedAtMs + NEXT_TICK_MS, isToGoOn ? list.waitUntilMs : undefined)
  }
  if (list.stopped) return updatedAtMs
  if (state === 'PAUSED') return undefined
  return list.waitUntilMs ?? updatedAtMs + LOST_TURN_MS
}

/**
 * When the approval of a list lapses of which no part has begun, epoch milliseconds: as its request would have, or a plan that
 * nobody applies, counted from its approval or from its own time. The world that it was approved for is another by then.
 * Undefined of what was approved with something else, such as the list that takes it back.
 */
export function approvalLapseOf({
  approval,
  list,
  notBeforeMs,
  createdAtMs,
  state,
}: Header): number | undefined {
  if (state !== 'APPROVED' && state !== 'RUNNING' && state !== 'PAUSED') return undefined
  const { decision, expiresAtMs = 0 } = approval ?? {}
  if (!decision?.isApproved || decision.atMs < createdAtMs) return undefined
  if (!list || list.firstBegunAtMs !== undefined || list.stopped) return undefined
  return latest(expiresAtMs, latest(decision.atMs, notBeforeMs) + PLAN_LIFE_MS)
}

function dueOnce(work: DueWork, atMs: number | undefined): Due[] {
  return atMs === undefined ? [] : [{ work, atMs }]
}

/** Whoever released it carries it out at once; should that one die, the tick does. */
function startOf({ notBeforeMs, retryAtMs, updatedAtMs }: Header): number {
  return retryAtMs ?? latest(updatedAtMs + INVOCATION_LIFE_MS, notBeforeMs)
}

export function isUnpublished({ eventVersion, publishedVersion = 0 }: Header): boolean {
  return eventVersion !== undefined && publishedVersion < eventVersion
}

/** When approvers are to be reminded of a request, once they have been told of it. */
export function reminderDueAtOf(header: Header): number | undefined {
  const { approval, state } = header
  if (state !== 'AWAITING_APPROVAL' || approval?.isReminded || isUnpublished(header)) return undefined
  return approval?.remindAtMs
}

/** When what was applied is to be taken back, of a list under way too; after the second look, which holds the locks until then. */
export function revertDueAtOf(header: Header): number | undefined {
  const endMs = agreedEndOf(header)
  return endMs === undefined ? undefined : latest(endMs, header.lookDueAtMs, header.revert?.heldUntilMs)
}

/** The same as it was asked for, or approved, whatever it waits for beyond that. */
export function agreedEndOf(header: Header): number | undefined {
  const { revert, state, list } = header
  if (!revert || revert.isCancelled || revert.changeId !== undefined || header.extends !== undefined)
    return undefined
  if (list && (state === 'RUNNING' || state === 'PAUSED')) {
    // So long after it was applied: while parts begin that moves on, and a pause does not move it.
    const { lastBegunAtMs } = list
    return (
      revert.atMs ??
      (lastBegunAtMs === undefined ? undefined : endOfRevert(revert, withoutPauses(header, lastBegunAtMs)))
    )
  }
  if (state !== 'APPLIED' && state !== 'PARTIAL') return undefined
  return endOfRevert(revert, withoutPauses(header, appliedAtOf(header)))
}

/** A time of a list, less what it was paused by then since it gave something: meanwhile people have what it gave. */
function withoutPauses({ list, history }: Header, atMs: number): number {
  const sinceMs = list?.firstBegunAtMs ?? atMs
  return history.reduce((leftMs, { state, atMs: fromMs }, index) => {
    const pausedMs = Math.min(history[index + 1]?.atMs ?? atMs, atMs) - Math.max(fromMs, sinceMs)
    return state === 'PAUSED' && pausedMs > 0 ? leftMs - pausedMs : leftMs
  }, atMs)
}

/** Whoever has it looked at hours later must not make it last longer than was agreed. */
function appliedAtOf(header: Header): number {
  const { list } = header
  if (list?.stopped?.why === 'late' && list.lastBegunAtMs !== undefined) return list.lastBegunAtMs
  return (header.lookedAtMs === undefined ? undefined : header.sentAtMs) ?? settledAtOf(header)
}

/** When people are to be reminded next that it is taken back, once they have been told that it was applied. */
export function endReminderDueAtOf(header: Header): number | undefined {
  const dueAtMs = revertDueAtOf(header)
  if (dueAtMs === undefined || isUnpublished(header)) return undefined
  const appliedAtMs = appliedAtOf(header)
  return earliest(
    ...(header.revert?.remindBeforeMs ?? [])
      .map((beforeMs) => dueAtMs - beforeMs)
      // Whoever has just asked for it needs no reminder.
      .filter((atMs) => atMs > appliedAtMs),
  )
}

/**
 * Until when a change asks for what it did, or found so; undefined where that has no end. A list may be under way for hours:
 * up to its own end, a time that is counted from there is at least as long from now, less what it was paused.
 */
export function endOf(header: Header, nowMs: number): number | undefined {
  const { revert, state, list } = header
  if (!revert || revert.isCancelled) return undefined
  if (isSettled(state)) return endOfRevert(revert, withoutPauses(header, settledAtOf(header)))
  return list && endOfRevert(revert, withoutPauses(header, nowMs))
}

function endOfRevert(revert: Revert, appliedAtMs: number): number {
  return revert.atMs === undefined ? appliedAtMs + revert.afterMs : revert.atMs
}

/** When a header reached the state it is in. */
export function settledAtOf({ history, state, createdAtMs }: Header): number {
  return history.findLast((entry) => entry.state === state)?.atMs ?? createdAtMs
}

/** How often it was taken up to be sent; what was sent as it was asked for was never claimed for that. */
export function triesOf({ history }: Pick<Header, 'history'>): number {
  const claims = history.filter(({ state }) => state === 'CLAIMED').length
  return claims + (history[0]?.state === 'SENT' ? 1 : 0)
}

function latest(atMs: number, ...others: readonly (number | undefined)[]): number {
  return Math.max(atMs, ...others.filter((other) => other !== undefined))
}

function earliest(...times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

/** What a revert carries for that, where anybody is to be reminded. */
export function remindersOf(
  policy: Policy,
  fits = (_beforeMs: number) => true,
): Pick<Revert, 'remindBeforeMs'> {
  const remindBeforeMs = remindBeforeMsOf(policy).filter(fits)
  return remindBeforeMs.length === 0 ? {} : { remindBeforeMs }
}
