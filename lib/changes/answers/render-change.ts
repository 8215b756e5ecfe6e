/**
 * A change as callers see it, from its header and rows. The room of answers is pure: records come in, and what callers,
 * events, chat and the page are told goes out, in the models of `change-schemas.ts`. Start reading here.
 */
import { isoIfKnown, isoOf } from '../../utc-day.ts'
import type { EvidenceRow, Findings, Holding, PlanRow, Reading, Target } from '../model/change.ts'
import { batchOf, licensesAfter, pairOf } from '../model/change.ts'
import { revertDueAtOf } from '../model/due.ts'
import { durationText } from '../model/duration.ts'
import { reasonOf } from '../model/failure.ts'
import type { Approval, Header } from '../model/header.ts'
import { PLAN_LIFE_MS } from '../model/timing.ts'
import { unclearStates, waitingStates } from '../model/transitions.ts'
import type { WritePause } from '../model/write-switch.ts'
import type { Change } from './change-schemas.ts'
import { listProgressOf } from './list-progress.ts'
import {
  changedPeopleOf,
  countsOf,
  findingMembersOf,
  impactOf,
  partyOf,
  seatFindingsOf,
} from './member-order.ts'
import { isBeforeSending, resultsOf, targetMembersOf } from './render-results.ts'
import { writesPausedOf } from './render-writes.ts'
import { summaryOf } from './summarize.ts'

/** What the header alone tells: an entry of a list, and what goes out as an event. */
export function entryOf(header: Header): Change {
  const { approval, failure, revert, reason, state, isReleased } = header
  const kind = header.extends === undefined ? header.kind : 'extend'
  const desired = desiredCountsOf(header)
  return {
    id: header.id,
    kind,
    state,
    summary: summaryOf(
      {
        desired,
        undoes: header.undoes,
        kind,
        revert: { at: isoIfKnown(revert?.atMs) },
        unplanned: unplannedIn(header),
      },
      nameIn(header),
    ),
    digest: header.digest,
    actor: partyOf(header.actor),
    askers: header.askers?.map(partyOf),
    isReleased,
    quietUntil: unclearStates.includes(state) ? isoIfKnown(header.quietUntilMs) : undefined,
    lapsesAt: state === 'PLANNED' && !isReleased ? isoOf(header.createdAtMs + PLAN_LIFE_MS) : undefined,
    reason,
    desired,
    impact: header.impact && impactOf(header.impact),
    failure: failure && {
      status: failure.status,
      code: failure.code,
      message: reasonOf(failure),
      changeId: failure.changeId,
    },
    retryAt: waitingStates.includes(state) ? isoIfKnown(header.retryAtMs) : undefined,
    approval: approval && approvalOf(approval, isApprovalAsked(header)),
    notBefore: isoIfKnown(header.notBeforeMs),
    notAfter: isoIfKnown(header.notAfterMs),
    revert: revert && {
      at: isoIfKnown(revert.atMs),
      after: revert.afterMs === undefined ? undefined : durationText(revert.afterMs),
      heldUntil: isoIfKnown(revert.heldUntilMs),
      heldFor: revert.heldFor,
      changeId: revert.changeId,
      isCancelled: revert.isCancelled || undefined,
      extension: revert.extension,
      dueAt: isoIfKnown(revertDueAtOf(header)),
    },
    list: header.list && listProgressOf(header.list, header),
    partOf: header.partOf && { changeId: header.partOf.changeId, n: header.partOf.n },
    undoes: header.undoes,
    retries: header.retries,
    retriedBy: header.retriedBy,
    extends: header.extends,
    supersededBy: header.supersededBy,
    createdAt: isoOf(header.createdAtMs),
    updatedAt: isoOf(header.updatedAtMs),
    history: header.history.map(({ state, atMs, by, note }) => ({ state, at: isoOf(atMs), by, note })),
  }
}

function unplannedIn({ state, planning }: Header) {
  return (
    planning && { isOfWhole: planning.isWholeNeeded, hasEnded: state !== 'PLANNING', mode: planning.mode }
  )
}

function desiredCountsOf({ subject, planning }: Header): Change['desired'] {
  if ('featureName' in subject) return desiredToggleOf(subject)
  const { pairs, users, licenses, gives, takes, unchanged, userId } = subject
  return {
    pairs,
    users,
    licenses: [...licenses],
    mode: planning?.mode,
    gives: gives && countsOf(gives),
    takes: takes && countsOf(takes),
    unchanged: unchanged && {
      pairs: unchanged.pairs,
      gives: countsOf(unchanged.gives),
      takes: countsOf(unchanged.takes),
    },
    userId,
  }
}

function desiredToggleOf({ featureName, enabled }: Extract<Header['subject'], { featureName: string }>) {
  return { featureName, enabled }
}

/** What its one user was called when it was planned. */
function nameIn({ subject }: Header) {
  return (userId: string) => ('userId' in subject && subject.userId === userId ? subject.userName : undefined)
}

/** Not of a draft: its approval is asked for when it is applied, and lapses so long after that. */
function isApprovalAsked({ history, approval }: Header): boolean {
  return approval?.decision !== undefined || history.some(({ state }) => state === 'AWAITING_APPROVAL')
}

export function approvalOf(
  { because, expiresAtMs, decision }: Approval,
  isAsked = true,
): NonNullable<Change['approval']> {
  return {
    because: [...because],
    expiresAt: isAsked ? isoOf(expiresAtMs) : undefined,
    isApproved: decision?.isApproved,
    by: decision && partyOf(decision.by),
    at: isoIfKnown(decision?.atMs),
    reason: decision?.reason,
  }
}

/** The whole change. @param pause what it waits for, where writes are paused. */
export function changeOf(
  header: Header,
  plan: PlanRow,
  evidence: EvidenceRow | undefined,
  pause?: WritePause | undefined,
): Change {
  const { before } = plan
  const { createdAt, updatedAt, history, ...head } = entryOf(header)
  const seen = isBeforeSending(header) ? undefined : evidence
  const isOfPairs = header.kind === 'assignments' && header.extends === undefined
  if (header.list || isUnplanned(header, plan)) {
    return {
      ...head,
      writesPaused: pause && writesPausedOf(pause),
      findings: isAnythingFound(plan) ? foundOf(plan) : undefined,
      leftAlone: leftAloneIn(plan),
      createdAt,
      updatedAt,
      history,
    }
  }
  return {
    ...head,
    writesPaused: pause && writesPausedOf(pause),
    before: before && observedOf(header, before, plan.holdings),
    desired: desiredOf(header, plan),
    after: seen && observedOf(header, seen.after, seen.holdings),
    results: seen && resultsOf(plan, seen),
    findings: isOfPairs && before ? findingsOf(plan, before) : undefined,
    leftAlone: leftAloneIn(plan),
    createdAt,
    updatedAt,
    history,
  }
}

function leftAloneIn({ leftAlone = [] }: PlanRow): Change['leftAlone'] {
  return leftAlone.length > 0 ? leftAlone.map(targetMembersOf) : undefined
}

/** A list of which only what was asked for is on record. */
function isUnplanned({ subject }: Header, { targets }: PlanRow): boolean {
  return 'pairs' in subject && subject.pairs > 0 && targets.length === 0
}

/** Records from before lack some of them. */
const noFindings: Findings = {
  missingPrerequisites: [],
  contradictions: [],
  overlaps: [],
  unknownUsers: [],
}

function findingsOf(plan: PlanRow, before: readonly Reading[]): NonNullable<Change['findings']> {
  const { targets } = plan
  return {
    noOps: targets.filter(({ desired }, index) => before[index] === desired).map(pairName),
    ...foundOf(plan),
  }
}

function isAnythingFound({ findings, seats, changedOutside, changedSince }: PlanRow): boolean {
  return [findings, seats, changedOutside, changedSince].some((each) => each !== undefined)
}

function foundOf({ findings, seats, changedOutside, changedSince }: PlanRow) {
  return {
    ...findingMembersOf({ ...noFindings, ...findings }),
    seats: seats && seatFindingsOf(seats),
    changedOutside: changedOutside && changedPeopleOf(changedOutside),
    changedSince: changedSince && changedPeopleOf(changedSince),
  }
}

function pairName(target: Target) {
  const { licenseId, userId } = pairOf(target)
  return { licenseId, userId }
}

function desiredOf({ subject }: Header, { targets, holdings }: PlanRow): Change['desired'] {
  if ('featureName' in subject) return desiredToggleOf(subject)
  const users = holdings?.map(({ userId, licenses }) => ({
    userId,
    licenses: licensesAfter(userId, licenses, targets),
  }))
  return { ...batchOf(targets), users }
}

function observedOf(
  { subject }: Header,
  values: EvidenceRow['after'],
  holdings: readonly Holding[] | undefined,
): NonNullable<Change['before']> {
  if ('featureName' in subject) {
    const [value] = values
    return { featureName: subject.featureName, enabled: value }
  }
  return { users: (holdings ?? []).map(({ userId, licenses }) => ({ userId, licenses: [...licenses] })) }
}
