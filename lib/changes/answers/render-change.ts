/** A change as callers see it, from its header and rows. */
import { withReason } from '../../errors.ts'
import type { EvidenceRow, Findings, Holding, PlanRow, Reading, TargetOutcome } from '../model/change.ts'
import { durationText } from '../model/duration.ts'
import { upstreamBodyOf } from '../model/failure.ts'
import type { Approval, Header } from '../model/header.ts'
import { batchOf, pairOf, type Target } from '../model/targets.ts'
import { PLAN_LIFE_MS } from '../model/timing.ts'
import { waitingStates } from '../model/transitions.ts'
import type { Change, ChangeResult } from './change-schemas.ts'
import { countsOf, findingsIn, partyOf, seatFindings } from './member-order.ts'
import { summaryOf } from './summarize.ts'

const iso = (ms: number) => new Date(ms).toISOString()

/** What the header alone tells: an entry of a list, and what goes out as an event. */
export function entryOf(header: Header): Change {
  const { approval, failure, notBeforeMs, notAfterMs, reason, revert, undoes, supersededBy } = header
  return {
    id: header.id,
    kind: header.extends === undefined ? header.kind : 'extend',
    state: header.state,
    summary: summaryOf(
      { desired: subjectIn(header), undoes, kind: header.extends === undefined ? header.kind : 'extend' },
      nameIn(header),
    ),
    digest: header.digest,
    actor: partyOf(header.actor),
    ...(header.askers ? { askers: header.askers.map(partyOf) } : {}),
    isReleased: header.isReleased,
    ...(header.state === 'PLANNED' && !header.isReleased
      ? { lapsesAt: iso(header.createdAtMs + PLAN_LIFE_MS) }
      : {}),
    ...(reason === undefined ? {} : { reason }),
    desired: subjectIn(header),
    ...(failure
      ? {
          failure: {
            status: failure.status,
            code: failure.code,
            message: withReason(failure.message, upstreamBodyOf(failure.upstreamBody)),
            ...(failure.changeId === undefined ? {} : { changeId: failure.changeId }),
          },
        }
      : {}),
    ...(header.retryAtMs !== undefined && waitingStates.includes(header.state)
      ? { retryAt: iso(header.retryAtMs) }
      : {}),
    ...(approval ? { approval: approvalOf(approval) } : {}),
    ...(notBeforeMs === undefined ? {} : { notBefore: iso(notBeforeMs) }),
    ...(notAfterMs === undefined ? {} : { notAfter: iso(notAfterMs) }),
    ...(revert
      ? {
          revert: {
            ...(revert.atMs === undefined ? {} : { at: iso(revert.atMs) }),
            ...(revert.afterMs === undefined ? {} : { after: durationText(revert.afterMs) }),
            ...(revert.heldUntilMs === undefined ? {} : { heldUntil: iso(revert.heldUntilMs) }),
            ...(revert.heldFor === undefined ? {} : { heldFor: revert.heldFor }),
            ...(revert.changeId === undefined ? {} : { changeId: revert.changeId }),
            ...(revert.isCancelled ? { isCancelled: true } : {}),
            ...(revert.extension === undefined ? {} : { extension: revert.extension }),
          },
        }
      : {}),
    ...(undoes === undefined ? {} : { undoes }),
    ...(header.extends === undefined ? {} : { extends: header.extends }),
    ...(supersededBy === undefined ? {} : { supersededBy }),
    createdAt: iso(header.createdAtMs),
    updatedAt: iso(header.updatedAtMs),
    history: header.history.map(({ state, atMs, by, note }) => ({
      state,
      at: iso(atMs),
      by,
      ...(note === undefined ? {} : { note }),
    })),
  }
}

function subjectIn({ subject }: Header): Change['desired'] {
  if ('featureName' in subject) return toggleIn(subject)
  const { pairs, users, licenses, gives, takes, userId } = subject
  return {
    pairs,
    users,
    licenses: [...licenses],
    ...(gives ? { gives: countsOf(gives) } : {}),
    ...(takes ? { takes: countsOf(takes) } : {}),
    ...(userId === undefined ? {} : { userId }),
  }
}

function toggleIn({ featureName, enabled }: Extract<Header['subject'], { featureName: string }>) {
  return { featureName, enabled }
}

/** What its one user was called when it was planned. */
function nameIn({ subject }: Header) {
  return (userId: string) => ('userId' in subject && subject.userId === userId ? subject.userName : undefined)
}

export function approvalOf({ because, expiresAtMs, decision }: Approval): NonNullable<Change['approval']> {
  return {
    because: [...because],
    expiresAt: iso(expiresAtMs),
    ...(decision
      ? {
          isApproved: decision.isApproved,
          by: partyOf(decision.by),
          at: iso(decision.atMs),
          ...(decision.reason === undefined ? {} : { reason: decision.reason }),
        }
      : {}),
  }
}

/** The whole change. */
export function changeOf(header: Header, plan: PlanRow, evidence: EvidenceRow | undefined): Change {
  const { leftAlone, before } = plan
  const { createdAt, updatedAt, history, ...head } = entryOf(header)
  return {
    ...head,
    ...(before ? { before: observedOf(header, before, plan.holdings) } : {}),
    desired: desiredOf(header, plan),
    ...(evidence && !isBeforeSending(header)
      ? {
          after: observedOf(header, evidence.after, evidence.holdings),
          results: resultsOf(plan, evidence),
        }
      : {}),
    ...(header.kind === 'assignments' && header.extends === undefined && before
      ? { findings: findingsOf(plan, before) }
      : {}),
    ...(leftAlone && leftAlone.length > 0 ? { leftAlone: leftAlone.map(nameOf) } : {}),
    createdAt,
    updatedAt,
    history,
  }
}

/** Records from before lack some of them. */
const noFindings: Findings = {
  missingPrerequisites: [],
  contradictions: [],
  overlaps: [],
  unknownUsers: [],
}

function findingsOf(
  { findings, seats, targets }: PlanRow,
  before: readonly Reading[],
): NonNullable<Change['findings']> {
  return {
    noOps: targets.filter(({ desired }, index) => before[index] === desired).map(pairName),
    ...findingsIn({ ...noFindings, ...findings }),
    ...(seats ? { seats: seatFindings(seats) } : {}),
  }
}

/** The evidence of a write under way is what was read before it: no outcome yet. */
export function isBeforeSending({ state }: Header): boolean {
  return state === 'SENT' || state === 'CLAIMED'
}

/** What is known of each target before a write has been judged. */
export function resultsBefore(header: Header, { targets, before }: PlanRow): ChangeResult[] {
  const { state, permits } = header
  const outcome = permits === 0 || waitingStates.includes(state) ? 'not.sent' : 'unknown'
  return targets.map((target, index) => ({
    ...nameOf(target),
    desired: target.desired,
    outcome: state === 'NOOP' && before?.[index] === target.desired ? 'unchanged' : outcome,
  }))
}

/** Before Genesys's text, where what was read says that it did not come about, or says nothing. */
const contradictions: Partial<Readonly<Record<TargetOutcome, string>>> = {
  'not.applied': 'NOT_APPLIED',
  unknown: 'UNKNOWN',
}

/**
 * One entry a target, in the plan's order. Whoever reads `result` alone, as typed clients do that know no `outcome`, is
 * told no success that was not seen.
 */
export function resultsOf(
  { targets }: PlanRow,
  { outcomes, texts }: EvidenceRow,
): (ChangeResult & { outcome: TargetOutcome })[] {
  return targets.map((target, index) => {
    const text = texts[index]
    const outcome = outcomes[index] ?? 'unknown'
    const contradiction = contradictions[outcome]
    return {
      ...nameOf(target),
      desired: target.desired,
      outcome,
      ...(typeof text === 'string'
        ? { result: contradiction === undefined ? text : `${contradiction}: ${text}` }
        : {}),
    }
  })
}

function nameOf(target: Target) {
  return 'featureName' in target
    ? { featureName: target.featureName }
    : { licenseId: target.licenseId, userId: target.userId }
}

function pairName(target: Target) {
  const { licenseId, userId } = pairOf(target)
  return { licenseId, userId }
}

function desiredOf({ subject }: Header, { targets, holdings }: PlanRow): Change['desired'] {
  if ('featureName' in subject) return toggleIn(subject)
  const users = holdings?.map(({ userId, licenses }) => ({
    userId,
    licenses: expected(userId, licenses, targets),
  }))
  return { ...batchOf(targets), ...(users ? { users } : {}) }
}

/** A user's licenses as they would be. */
export function expected(userId: string, licenses: readonly string[], targets: readonly Target[]): string[] {
  const held = new Set(licenses)
  for (const target of targets) {
    if (!('userId' in target) || target.userId !== userId) continue
    if (target.desired) held.add(target.licenseId)
    else held.delete(target.licenseId)
  }
  return [...held]
}

function observedOf(
  { subject }: Header,
  values: EvidenceRow['after'],
  holdings: readonly Holding[] | undefined,
): NonNullable<Change['before']> {
  if ('featureName' in subject) {
    const [value] = values
    return { featureName: subject.featureName, ...(value === undefined ? {} : { enabled: value }) }
  }
  return { users: (holdings ?? []).map(({ userId, licenses }) => ({ userId, licenses: [...licenses] })) }
}
