/**
 * What the lines of a file say. Only what never changes once its day is over goes into one: a change's identity and plan,
 * entries of its history, what was seen of pairs, turns of the stop switch, decisions on schedules, differences. Ids and
 * hashes alone: what people are called and what they wrote stays in the ledger.
 */
import type { Actor, PlanRow } from '../changes/model/change.ts'
import { actorNameOf } from '../changes/model/change.ts'
import type { Header, HistoryEntry } from '../changes/model/header.ts'
import type { ScheduleRecord } from '../changes/model/schedule.ts'
import type { WriteSwitch } from '../changes/model/write-switch.ts'
import { orderTargetsOf } from '../changes/plan/read-order.ts'
import type { JournalRow, PairSeen } from '../changes/record/pair-journal.ts'
import type { Difference } from '../inventory/inventory-port.ts'
import { isoIfKnown, isoOf } from '../utc-day.ts'
import { actorRefOf, textRefOf } from './actor-ref.ts'

/** The org whose people are meant, and the day; epoch milliseconds, the later one exclusive. */
export interface AuditedSpan {
  readonly orgId: string
  readonly fromMs: number
  readonly toMs: number
}

export type LineValue = { readonly type: string } & Readonly<Record<string, unknown>>

/** A change, with the steps that it took that day; undefined where it took none. */
export function changeLine(span: AuditedSpan, header: Header, plan: PlanRow): LineValue {
  const { id, kind, digest, requestDigest, actor, reason, undoes, createdAtMs } = header
  return {
    type: 'change',
    id,
    kind,
    digest,
    requestDigest,
    createdAt: isoOf(createdAtMs),
    actor: actorOf(span, actor),
    reason: textRefOf(reason),
    undoes,
    extends: header.extends,
    targets: plan.targets,
    before: plan.before?.map((value) => value ?? null),
    leftAlone: plan.leftAlone,
    moves: movesIn(span, header).map((entry) => moveOf(span, header, entry)),
  }
}

/** The steps that a change took on the day. */
export function movesIn(span: AuditedSpan, { history }: Pick<Header, 'history'>): readonly HistoryEntry[] {
  return history.filter(({ atMs }) => isIn(span, atMs))
}

function moveOf(span: AuditedSpan, { approval, digest }: Header, { state, atMs, by, note }: HistoryEntry) {
  const decided = approval?.decision
  // Who approves or rejects has named the digest, or decides about the plan that has it.
  const decision =
    decided?.atMs === atMs && (state === 'APPROVED' || state === 'REJECTED')
      ? {
          digest,
          by: actorOf(span, decided.by),
          isApproved: decided.isApproved,
          reason: textRefOf(decided.reason),
        }
      : undefined
  return { state, at: isoOf(atMs), by: actorRefOf(span.orgId, by), note, decision }
}

/** What the gateway saw of pairs on the day; undefined of what says only that something is about to be given. */
export function seenLine(span: AuditedSpan, { changeId, atMs, sequence, isIntent, pairs }: JournalRow) {
  if (isIntent || !isIn(span, atMs)) return undefined
  const those = (isHeld: PairSeen['isHeld']) => {
    const found = pairs
      .filter((pair) => pair.isHeld === isHeld)
      .map(({ licenseId, userId }) => ({ licenseId, userId }))
    return found.length === 0 ? undefined : found.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  }
  return {
    type: 'seen',
    changeId,
    at: isoOf(atMs),
    sequence,
    held: those(true),
    lacking: those(false),
    unknown: those(undefined),
  } satisfies LineValue
}

const keyOf = ({ licenseId, userId }: Pick<PairSeen, 'licenseId' | 'userId'>) => `${licenseId} ${userId}`

/** What was decided on a schedule on the day; each line says what it shall do and when, which is what its digest is of. */
export function scheduleLines(span: AuditedSpan, record: ScheduleRecord): readonly LineValue[] {
  const { id, digest, actor, approval, state, deletedBy, isRefused, createdAtMs, updatedAtMs } = record
  const { order, when } = record
  const decision = approval?.decision
  // EventBridge Scheduler would not have it, so it never was one.
  if (isRefused) return []
  const { reason, notBefore, notAfter, revertAt, revertAfter } = order
  const about = {
    kind: order.kind,
    targets: orderTargetsOf(order),
    reason: textRefOf(reason),
    ...{ notBefore, notAfter, revertAt, revertAfter },
    when,
  }
  const line = (what: string, atMs: number, by?: Actor): LineValue[] =>
    isIn(span, atMs)
      ? [{ type: 'schedule', id, digest, what, at: isoOf(atMs), by: by && actorOf(span, by), ...about }]
      : []
  return [
    ...line('made', createdAtMs, actor),
    ...(decision ? line(decision.isApproved ? 'approved' : 'rejected', decision.atMs, decision.by) : []),
    // Nothing comes after that, so its last time is that of its end.
    ...(state === 'DELETED' ? line('deleted', updatedAtMs, deletedBy) : []),
  ]
}

export function turnLine(span: AuditedSpan, { state, version, atMs, by, reason }: WriteSwitch) {
  if (!isIn(span, atMs)) return undefined
  return {
    type: 'writes',
    version,
    state,
    at: isoOf(atMs),
    by: actorOf(span, by),
    reason: textRefOf(reason),
  } satisfies LineValue
}

export function differenceLine({ userId, licenseId, isGiven, atMs, afterMs, by }: Difference): LineValue {
  return {
    type: 'difference',
    userId,
    licenseId,
    isGiven,
    at: isoOf(atMs),
    after: isoIfKnown(afterMs),
    by,
  }
}

function actorOf({ orgId }: AuditedSpan, actor: Actor) {
  return {
    kind: actor.kind,
    ref: actorRefOf(orgId, actorNameOf(actor)),
    // It names nobody, and leads to the order that the change is of.
    scheduleId: actor.kind === 'schedule' ? actor.id : undefined,
  }
}

function isIn({ fromMs, toMs }: AuditedSpan, ms: number): boolean {
  return ms >= fromMs && ms < toMs
}
