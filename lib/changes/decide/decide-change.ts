/** What people decide about a change on record: apply, approve, reject; decide-cancel.ts calls off. Each is one conditional write. */
import { GatewayError } from '../../errors.ts'
import { approvalRequiredError } from '../answers/license-answers.ts'
import { type Actor, actorNameOf, type Caller } from '../model/change.ts'
import { aboutChange, digestMismatch, isLedgerDown, refusePart, stateConflict } from '../model/failure.ts'
import type { Decided, Header } from '../model/header.ts'
import { identifyActor } from '../model/policy.ts'
import { DEFAULT_WINDOW_MS } from '../model/timing.ts'
import { admitRequesters, askersBeside, findApprovalReasons, refuseApprover } from '../plan/four-eyes.ts'
import {
  readImpact,
  refuseUncounted,
  refuseWrongCount,
  type TypedCount,
} from '../plan/guards/confirm-people.ts'
import { refuseBeyondLimits } from '../plan/guards/refuse-limits.ts'
import { nameUndoing } from '../plan/guards/refuse-undone.ts'
import { nameRetrying } from '../plan/plan-retry.ts'
import { approvalRequestOf } from '../plan/record-proposal.ts'
import type { Desk } from '../record/desk.ts'
import { readTargets } from '../record/read-targets.ts'
import { decisionKeyOf } from '../record/repeats.ts'
import { type Beside, moveHeader, requireHeader, storeHeader } from '../record/write-header.ts'
import { type DecisionMade, decideOnce, type RecordAccess } from './decide-once.ts'
import { notAwaitingError } from './refuse-decided.ts'

/** What a decision makes of the header, at a time; undefined where it has been made already. @throws GatewayError */
type ChangeDecision = (
  header: Header,
  nowMs: number,
  actor: Actor,
) => Header | undefined | Promise<Header | undefined>

/**
 * @param request what the caller sent beside the id, to tell a repeat from another request under the same key.
 * @throws GatewayError `not.found`, `idempotency.key.reused`, and what the decision throws.
 */
export function decideChange(
  desk: Desk,
  caller: Caller,
  changeId: string,
  request: Readonly<Record<string, unknown>>,
  decision: ChangeDecision,
): Promise<Decided> {
  return decideByEvidence(desk, caller, changeId, request, async (header, nowMs, actor) => {
    refusePart(header)
    const next = await decision(header, nowMs, actor)
    return next && { next }
  })
}

/** The same of a decision that puts what it rests on on record too. */
export async function decideByEvidence(
  desk: Desk,
  caller: Caller,
  changeId: string,
  request: Readonly<Record<string, unknown>>,
  decision: (
    header: Header,
    nowMs: number,
    actor: Actor,
  ) => Promise<DecisionMade<Header, Beside> | undefined>,
): Promise<Decided> {
  const { policy, clock } = desk
  const actor = identifyActor(policy, caller.actor)
  const { record, isReplay } = await decideOnce(
    changeAccess(desk),
    changeId,
    decisionKeyOf(policy, caller),
    request,
    (header) => decision(header, clock.nowMs(), actor),
  )
  return { header: record, isReplay }
}

function changeAccess(desk: Desk): RecordAccess<Header, Beside> {
  return {
    read: (changeId) => requireHeader(desk, changeId),
    async replace({ next, beside }, seen) {
      try {
        const stored = await storeHeader(desk, next, seen, beside)
        return stored.kind === 'advanced' ? stored.header : undefined
      } catch (error) {
        throw isLedgerDown(error) ? mayBeDecidedError(seen.id, error) : error
      }
    },
    contentionErrorOf: (changeId) =>
      new GatewayError('change.conflict', `Others are deciding about ${changeId}; look at it and try again`, {
        faults: [aboutChange(changeId, 'it keeps changing: try again')],
        retryAfterSeconds: 1,
      }),
  }
}

/** A 503, though it may be on record: deciding the same again does no harm. */
function mayBeDecidedError(changeId: string, cause: GatewayError): GatewayError {
  const { code, retryAfterSeconds } = cause
  return new GatewayError(
    code,
    `The ledger of changes failed, and may have taken this down for the change ${changeId} or not: look at it, or try again`,
    {
      faults: [aboutChange(changeId, 'it may have been decided')],
      cause,
      retryAfterSeconds,
    },
  )
}

/** What whoever applies or approves names of the plan that they saw. */
export interface Confirmation {
  readonly digest: string
  readonly confirmPeople?: TypedCount
}

/** Lets a plan go ahead. Of an undo that stands in the record of what it takes back too, of a retry in that of what it retries. */
function decideRelease(
  desk: Desk,
  caller: Caller,
  changeId: string,
  { digest, confirmPeople }: Confirmation,
  decision: (header: Header, nowMs: number, actor: Actor, askCount: () => void) => ReturnType<ChangeDecision>,
): Promise<Decided> {
  const request = { digest, confirmPeople }
  return decideByEvidence(desk, caller, changeId, request, async (header, nowMs, actor) => {
    refusePart(header)
    refuseOtherPlan(header, digest)
    const impact = await readImpact(desk, header)
    refuseWrongCount(header, impact, confirmPeople)
    const next = await decision(header, nowMs, actor, () => refuseUncounted(header, impact, confirmPeople))
    return next && { next, beside: (await nameUndoing(desk, header)) ?? (await nameRetrying(desk, header)) }
  })
}

/** Releases a plan. It may send what the plan shows and nothing else. Whoever submits it has asked for it too. */
export function applyChange(
  desk: Desk,
  caller: Caller,
  changeId: string,
  confirmation: Confirmation,
): Promise<Decided> {
  return decideRelease(desk, caller, changeId, confirmation, async (header, nowMs, actor, askCount) => {
    const { state } = header
    if (state === 'AWAITING_APPROVAL') throw approvalRequiredError(header)
    if (state === 'PLANNING') {
      throw stateConflict(header, `The list ${header.id} is still being planned: look at its plan first`)
    }
    if (state === 'INVALID' || state === 'REJECTED' || state === 'CANCELLED' || state === 'EXPIRED') {
      throw stateConflict(header, `The change ${header.id} is ${state} and cannot be applied; plan it again`)
    }
    if (state !== 'PLANNED' || header.isReleased) return undefined
    askCount()
    refuseRevertGoneBy(header, nowMs)
    await refuseBeyondLimitsNow(desk, header)
    const askers = askersBeside(header.actor, [...(header.askers ?? []), actor])
    const because = await findReasonsStill(desk, { ...header, askers })
    const by = actorNameOf(actor)
    if (because.length > 0) {
      const approval = approvalRequestOf(because, nowMs, desk.policy)
      return moveHeader(
        header,
        { state: 'AWAITING_APPROVAL', as: 'person', by, with: { approval, askers } },
        nowMs,
      )
    }
    const startMs = Math.max(nowMs, header.notBeforeMs ?? 0)
    return moveHeader(
      header,
      {
        state: 'PLANNED',
        as: 'person',
        by,
        note: 'apply',
        with: {
          isReleased: true,
          isConfirmed: true,
          isPatient: true,
          askers,
          intentAtMs: startMs,
          notAfterMs: header.notAfterMs ?? startMs + DEFAULT_WINDOW_MS,
          isEndOurs: header.notAfterMs === undefined || header.isEndOurs,
        },
      },
      nowMs,
    )
  })
}

/** The second person's word, which releases the change too. */
export function approveChange(
  desk: Desk,
  caller: Caller,
  changeId: string,
  confirmation: Confirmation,
): Promise<Decided> {
  return decideRelease(desk, caller, changeId, confirmation, async (header, nowMs, actor, askCount) => {
    if (header.state !== 'AWAITING_APPROVAL') throw notAwaitingError(desk.policy, header)
    const { approval, createdAtMs, notAfterMs } = header
    if (nowMs >= approval.expiresAtMs)
      throw stateConflict(header, `The request ${header.id} has lapsed; plan it again`)
    refuseApprover(actor, header, desk.policy)
    askCount()
    refuseRevertGoneBy(header, nowMs)
    await refuseBeyondLimitsNow(desk, header)
    const startMs = Math.max(nowMs, header.notBeforeMs ?? 0)
    return moveHeader(
      header,
      {
        state: 'APPROVED',
        as: 'person',
        by: actorNameOf(actor),
        with: {
          isReleased: true,
          isConfirmed: true,
          isPatient: true,
          intentAtMs: startMs,
          approval: { ...approval, decision: { by: actor, atMs: nowMs, isApproved: true } },
          // The time that it was given counts from the approval: waiting for a person is no lateness.
          notAfterMs:
            notAfterMs === undefined ? startMs + DEFAULT_WINDOW_MS : nowMs + (notAfterMs - createdAtMs),
          isEndOurs: notAfterMs === undefined || header.isEndOurs,
        },
      },
      nowMs,
    )
  })
}

/**
 * The rules are asked again when a plan is applied: there may be others by then, another who asks, and others who have
 * taken the seats that it found free.
 *
 * @throws GatewayError `change.requester.refused`
 */
async function findReasonsStill(desk: Desk, header: Header): Promise<readonly string[]> {
  const { approval, kind, id } = header
  if (approval?.decision) return []
  if (approval) return admitRequesters(desk.policy, header, approval.because)
  if (desk.policy.approvals.length === 0) return []
  const targets = await readTargets(desk.ledger, header)
  return admitRequesters(
    desk.policy,
    header,
    await findApprovalReasons(desk, kind, targets, { releasing: id }),
  )
}

/** The org file may protect by now what it did not when the change was planned. @throws GatewayError `change.limit.refused` */
export async function refuseBeyondLimitsNow({ policy, ledger }: Desk, header: Header): Promise<void> {
  if (policy.limits === undefined || header.extends !== undefined) return
  refuseBeyondLimits(policy, await readTargets(ledger, header))
}

/** @param reason in the words of whoever rejects it. */
export function rejectChange(
  desk: Desk,
  caller: Caller,
  changeId: string,
  reason?: string,
): Promise<Decided> {
  return decideChange(desk, caller, changeId, { reason }, (header, nowMs, actor) => {
    if (header.state !== 'AWAITING_APPROVAL') throw notAwaitingError(desk.policy, header)
    const { approval } = header
    // Not as a note of the history: those are in the log too, which has no person's words.
    const decision = { by: actor, atMs: nowMs, isApproved: false, reason }
    return moveHeader(
      header,
      {
        state: 'REJECTED',
        as: 'person',
        by: actorNameOf(actor),
        with: { approval: { ...approval, decision } },
      },
      nowMs,
    )
  })
}

function refuseOtherPlan(header: Header, digest: string): void {
  if (header.digest === digest) return
  throw digestMismatch('change', header)
}

/** It would be carried out and taken back in one go. */
function refuseRevertGoneBy(header: Header, nowMs: number): void {
  const { revert, id } = header
  if (revert?.atMs === undefined || revert.atMs > nowMs) return
  throw stateConflict(header, `The time to take the change ${id} back has passed already; plan it again`)
}
