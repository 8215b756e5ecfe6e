/**
 * The records that plans are: from what is asked and what was read to the header and row of a change that is not stored
 * yet. Nothing is read here; which of the ways it is made is the caller's to know.
 */

import { type Actor, actorNameOf, type ChangeKind, type PlanRow, type Target } from '../model/change.ts'
import { changeEvents } from '../model/change-events.ts'
import { remindersOf } from '../model/due.ts'
import {
  type Approval,
  type Asked,
  checkHeader,
  type Header,
  type HeaderMembers,
  type Planned,
  type Planning,
  type Revert,
} from '../model/header.ts'
import { type Policy, requestLifeMs } from '../model/policy.ts'
import { digestOf, randomId } from '../model/record-ids.ts'
import { DEFAULT_WINDOW_MS, LIST_PATIENCE_MS } from '../model/timing.ts'
import { isAsDesired } from '../model/verdict.ts'
import type { Desk } from '../record/desk.ts'
import { dateHeader } from '../record/write-header.ts'
import { admitRequesters, askersBeside } from './four-eyes.ts'
import type { Readings } from './kinds.ts'
import { countsOfPairs } from './read-order.ts'

/** What is asked, before anything is known of it. */
export interface Proposal {
  readonly id: string
  readonly actor: Actor
  /** See Header. */
  readonly askers?: readonly Actor[] | undefined
  readonly kind: ChangeKind
  readonly targets: readonly Target[]
  /** What a toggle change names even when nothing of it is left to do. */
  readonly subject: Header['subject']
  /** See Header: what planning finds. */
  readonly impact?: Header['impact']
  readonly requestDigest: string
  /** False for a plan that waits to be applied. */
  readonly isReleased: boolean
  /** See Header; what is planned for a later time is so by itself. */
  readonly isPatient?: boolean | undefined
  readonly reason?: string | undefined
  /** When it was asked for, where that is not now: an event's time, a schedule's firing. Never in the future. */
  readonly askedAtMs?: number | undefined
  readonly notBeforeMs?: number | undefined
  readonly notAfterMs?: number | undefined
  /** In place of the usual window of what is carried out without a notAfter of its own. */
  readonly windowUntilMs?: number | undefined
  readonly revert?: Revert | undefined
  /** See ListState. */
  readonly onConflict?: 'abort' | undefined
  /** See Findings. */
  readonly repeatedRows?: number | undefined
  readonly undoes?: string | undefined
  /** See Header. */
  readonly retries?: string | undefined
  readonly moves?: number | undefined
  readonly extends?: string | undefined
  /** See Header. */
  readonly partOf?: Header['partOf']
  readonly leftAlone?: PlanRow['leftAlone']
  /** What its history says of how it was made. */
  readonly note?: string | undefined
  readonly asked?: Asked | undefined
  /** Shown to whoever asks before it becomes a request: approvers hear of it when it is applied. */
  readonly isDraft?: boolean | undefined
  /** Why a second person must approve it, whatever the rules say. */
  readonly approvalBecause?: string | undefined
  /** When the request for approval lapses, where that is not after its usual life. */
  readonly approvalUntilMs?: number | undefined
  /** Decided already, with the schedule or the original: the rules are not asked again. */
  readonly isApproved?: boolean | undefined
  readonly approval?: Approval | undefined
}

/** A state that a change is made in, instead of one that waits, with what the header carries there. */
interface Made {
  readonly state: 'EXPIRED' | 'NOOP' | 'SENT' | 'PLANNING'
  readonly note?: string
  readonly with?: Partial<HeaderMembers>
}

const tooLate: Made = { state: 'EXPIRED', note: 'it came too late' }
export const asDesired: Made = { state: 'NOOP', note: 'everything was as desired already' }

/** A record of a list that is planned later: nothing was read for it. @param digest of what was asked for. */
export function planLater(desk: Desk, proposal: Proposal, planning: Planning, digest: string): Planned {
  return recordOf(desk, proposal, { targets: [] }, [], { state: 'PLANNING', with: { planning, digest } })
}

/** A record of what came too late: nothing was read for it and nothing will be sent. */
export function planExpired(desk: Desk, proposal: Proposal): Planned {
  return recordOf(desk, proposal, { targets: proposal.targets }, [], tooLate)
}

/**
 * The record of what is decided as it is asked for, by a reading of a moment ago.
 *
 * @param permit what the header carries as SENT; undefined where everything holds already.
 * @param members what else it carries.
 */
export function planDirect(
  desk: Desk,
  proposal: Proposal,
  { values, holdings }: Readings,
  permit: Partial<HeaderMembers> | undefined,
  members: Partial<HeaderMembers>,
): Planned {
  const made: Made = permit === undefined ? asDesired : { state: 'SENT' }
  const plan = { targets: proposal.targets, before: values, holdings, leftAlone: proposal.leftAlone }
  return recordOf(desk, proposal, plan, [], { ...made, with: { ...members, ...permit } })
}

/** The record of a part that something is in the way of: what there was to ask was asked when its list was. */
export function planPart(desk: Desk, proposal: Proposal, { values, holdings }: Readings): Planned {
  const { targets, leftAlone } = proposal
  return recordOf(desk, proposal, { targets, before: values, holdings, leftAlone }, [])
}

/** The calling off of a planned revert, to be approved: nothing is read for it and nothing will be sent. */
export function planExtension(
  desk: Desk,
  proposal: Proposal,
  plan: PlanRow,
  because: readonly string[],
  untilMs: number,
): Planned {
  return recordOf(desk, { ...proposal, approvalUntilMs: untilMs }, plan, because)
}

/** @param made where it is made in a state that does not wait. */
export function recordOf(
  { clock, policy }: Desk,
  proposal: Proposal,
  plan: PlanRow,
  asking: readonly string[],
  made?: Made,
): Planned {
  const { id, actor, kind, targets, requestDigest, isReleased, reason, notBeforeMs, revert, undoes } =
    proposal
  const nowMs = clock.nowMs()
  const isAsked = asking.length > 0 && made === undefined
  const because = isAsked ? admitRequesters(policy, proposal, asking) : asking
  const approval =
    proposal.approval ??
    (isAsked ? approvalRequestOf(because, nowMs, policy, proposal.approvalUntilMs) : undefined)
  const state = made?.state ?? (isAsked && !proposal.isDraft ? 'AWAITING_APPROVAL' : 'PLANNED')
  // What waits for a person has no end by itself yet: the usual window begins with the approval.
  const isOpenEnded = !isReleased || state === 'AWAITING_APPROVAL'
  // A part is waited for as long as its list is.
  const windowMs = proposal.partOf === undefined ? DEFAULT_WINDOW_MS : LIST_PATIENCE_MS
  const windowUntilMs = proposal.windowUntilMs ?? Math.max(nowMs, notBeforeMs ?? 0) + windowMs
  const notAfterMs = proposal.notAfterMs ?? (isOpenEnded ? undefined : windowUntilMs)
  const isWindowUsual =
    !isOpenEnded && proposal.notAfterMs === undefined && proposal.windowUntilMs === undefined
  const isPatient = proposal.isPatient ?? notBeforeMs !== undefined
  const members: HeaderMembers = {
    schema: 1,
    id,
    kind,
    state,
    version: 1,
    writeId: randomId(),
    permits: 0,
    digest: digestOf({
      kind,
      targets,
      before: plan.before?.map((value) => value ?? null),
      changedOutside: plan.changedOutside,
      notBeforeMs,
      notAfterMs: proposal.notAfterMs,
      revert,
      undoes,
      extends: proposal.extends,
      retries: proposal.retries,
      onConflict: proposal.onConflict,
    }),
    requestDigest,
    planRow: randomId(),
    actor,
    isReleased,
    isConfirmed: false,
    isPatient,
    isEndOurs: (isPatient && isWindowUsual) || undefined,
    subject: countUnchanged(proposal, plan, made),
    impact: proposal.impact,
    intentAtMs: Math.max(Math.min(proposal.askedAtMs ?? nowMs, nowMs), notBeforeMs ?? 0),
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    history: [{ state, atMs: nowMs, by: actorNameOf(actor), note: made?.note ?? proposal.note }],
    // Whoever plans is answered the plan, or that all holds already.
    eventVersion: state in changeEvents && state !== 'NOOP' && state !== 'PLANNED' ? 1 : undefined,
    asked: proposal.asked,
    reason,
    notBeforeMs,
    notAfterMs,
    approval,
    revert: revert && proposal.extends === undefined ? { ...revert, ...remindersOf(policy) } : revert,
    undoes,
    retries: proposal.retries,
    moves: proposal.moves,
    extends: proposal.extends,
    partOf: proposal.partOf,
    askers: askersBeside(actor, proposal.askers ?? []),
    ...made?.with,
  }
  return { header: dateHeader(checkHeader(members)), plan }
}

/** The headline is about what changes; what waits for its time is judged then. */
function countUnchanged(
  { subject, notBeforeMs, extends: extended }: Proposal,
  { targets, before }: PlanRow,
  made: Made | undefined,
): Header['subject'] {
  if (!('pairs' in subject) || notBeforeMs !== undefined || extended !== undefined) return subject
  const found = targets.filter((target, index) => isAsDesired(target, before?.[index]))
  if (made === asDesired || found.length === 0 || found.length === targets.length) return subject
  return { ...subject, unchanged: countsOfPairs(found) }
}

/** What it means for a plan to be asked for in chat: Slack's is confirmed there, Teams' by somebody else elsewhere. */
export function proposalAskedIn(
  asked: Asked | undefined,
): Pick<Proposal, 'asked' | 'isDraft' | 'approvalBecause'> {
  if (!asked) return {}
  return asked.platform === 'slack'
    ? { asked, isDraft: true }
    : { asked, approvalBecause: 'A second person must approve what is asked for in Teams' }
}

/** A request for approval, from now. */
export function approvalRequestOf(
  because: readonly string[],
  nowMs: number,
  policy: Policy,
  untilMs = nowMs + requestLifeMs(policy),
): Approval {
  const lifeMs = untilMs - nowMs
  return { because, expiresAtMs: nowMs + lifeMs, remindAtMs: nowMs + lifeMs / 2 }
}
