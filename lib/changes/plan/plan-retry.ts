/** What of a change that has ended did not come about, to be planned anew as a change of its own. */
import type { ChangeResult } from '../answers/change-schemas.ts'
import type { Target } from '../model/change.ts'
import { refusePart, stateConflict } from '../model/failure.ts'
import type { Header } from '../model/header.ts'
import { isSettled, neverBegunStates } from '../model/transitions.ts'
import type { PlanningDesk } from '../record/desk.ts'
import type { LedgerWrite } from '../record/ledger.ts'
import { readAllResults } from '../record/read-results.ts'
import type { PlannedBeside } from '../record/record-once.ts'
import { amendHeader, type Beside, requireHeader } from '../record/write-header.ts'
import { kinds } from './kinds.ts'
import { findNobodies } from './lists/plan-list.ts'
import { subjectOf } from './read-order.ts'
import type { Proposal } from './record-proposal.ts'

type LedgerDesk = Pick<PlanningDesk, 'ledger'>
type ClockedDesk = Pick<PlanningDesk, 'ledger' | 'clock'>

/** What was left to a newer change stays left to it. */
const failedOutcomes: readonly ChangeResult['outcome'][] = ['not.applied', 'unknown', 'conflict', 'not.sent']

/** @throws GatewayError `not.found`, `change.state.conflict` where it cannot be asked for again. */
export async function readRetryable(desk: ClockedDesk, changeId: string): Promise<Header> {
  const original = await requireHeader(desk, changeId)
  refuseUnretryable(original)
  const { revert } = original
  if (revert?.atMs !== undefined && revert.atMs <= desk.clock.nowMs()) {
    throw stateConflict(
      original,
      `The change ${changeId} was to be taken back by now: ask for what is still wanted as a change of its own`,
    )
  }
  await refuseRetried(desk, original)
  return original
}

/**
 * @returns what of it is asked for again, with its reason, its end and its time where that is still to come: what was to be
 *   for a time does not become for good, nor what was to be later at once.
 * @throws GatewayError `change.state.conflict` where there is nothing to ask for again.
 */
export async function readFailed(
  { ledger, clock }: ClockedDesk,
  original: Header,
): Promise<
  Pick<
    Proposal,
    'kind' | 'targets' | 'subject' | 'reason' | 'notBeforeMs' | 'revert' | 'onConflict' | 'retries'
  >
> {
  const { id, kind, state, reason, notBeforeMs = 0, revert, list } = original
  const targets: Target[] = []
  for await (const { results } of readAllResults(ledger, original)) {
    for (const result of results) {
      if (failedOutcomes.includes(result.outcome)) targets.push(...targetsOf(result))
    }
  }
  if (targets.length === 0) {
    throw stateConflict(original, `The change ${id} is ${state}: nothing of it failed`)
  }
  return {
    kind,
    targets,
    subject: subjectOf(targets),
    reason,
    notBeforeMs: notBeforeMs > clock.nowMs() ? notBeforeMs : undefined,
    revert: endOf(revert),
    onConflict: list?.onConflict,
    retries: id,
  }
}

/**
 * The same without people whom Genesys knows no more, of whom it would refuse the whole write.
 *
 * @throws GatewayError `change.state.conflict` where nobody is left, or where Genesys cannot be read.
 */
export async function leaveOutNobodies(
  desk: Pick<PlanningDesk, 'genesys'>,
  original: Header,
  failed: Proposal,
): Promise<Proposal> {
  const { kind, targets } = failed
  if (kind === 'toggle') return failed
  const known = await kinds[kind].read(desk.genesys, targets)
  const users = targets.flatMap((target) => ('userId' in target ? [target.userId] : []))
  const nobodies = await findNobodies(desk, [...new Set(users)], known)
  const isLeft = (target: Target) => !('userId' in target && nobodies.has(target.userId.toLowerCase()))
  const left = targets.filter(isLeft)
  if (left.length === 0) {
    throw stateConflict(original, `Of the change ${original.id} nobody is left in Genesys for whom it failed`)
  }
  const note =
    nobodies.size === 0
      ? undefined
      : `left out, since Genesys knows them no more: ${[...nobodies].slice(0, MAX_NAMED).join(', ')}${nobodies.size > MAX_NAMED ? ` and ${nobodies.size - MAX_NAMED} more` : ''}`
  return { ...failed, targets: left, subject: subjectOf(left), note }
}

/** People that a note names; of more there is the count. */
const MAX_NAMED = 5

/**
 * Puts on record, with a retry that waits for an approver, that its original has been asked for again: of two retries one is. What
 * only its asker has seen stands in nobody's way, and is named once it is let go ahead.
 */
export function nameRetry(desk: LedgerDesk, original: Header, planned: PlannedBeside): PlannedBeside {
  const { id, state } = planned.header
  if (state !== 'AWAITING_APPROVAL') return planned
  return {
    ...planned,
    beside: [...(planned.beside ?? []), retriedWrite(original, id)],
    async otherwise() {
      const seen = await requireHeader(desk, original.id)
      if (seen.retriedBy === id) return undefined
      await refuseRetried(desk, seen)
      return nameRetry(desk, seen, (await planned.otherwise?.()) ?? planned)
    },
  }
}

/** The same of one that has been planned before, and is let go ahead now. @throws GatewayError `change.state.conflict` */
export async function nameRetrying(desk: LedgerDesk, { id, retries }: Header): Promise<Beside | undefined> {
  if (retries === undefined) return undefined
  const original = await requireHeader(desk, retries)
  if (original.retriedBy === id) return undefined
  await refuseRetried(desk, original)
  return { also: [retriedWrite(original, id)] }
}

function retriedWrite(original: Header, retriedBy: string): LedgerWrite {
  // When it last moved stays what it was.
  return { kind: 'replace', next: amendHeader(original, { retriedBy }, original.updatedAtMs), seen: original }
}

async function refuseRetried({ ledger }: LedgerDesk, original: Header): Promise<void> {
  const { id, retriedBy } = original
  const retry = retriedBy === undefined ? undefined : await ledger.get(retriedBy)
  if (!retry || neverBegunStates.includes(retry.state)) return
  const next = isSettled(retry.state) ? 'retry that one where it did not come about' : 'go on with that one'
  throw stateConflict(
    original,
    `The change ${id} was asked for again by ${retry.id}, which is ${retry.state}: ${next}`,
    { others: [retry.id] },
  )
}

function refuseUnretryable(original: Header): void {
  const { id, state } = original
  if (original.extends !== undefined) {
    throw stateConflict(
      original,
      `The change ${id} moved a planned revert: extend ${original.extends} again`,
      { others: [original.extends] },
    )
  }
  refusePart(original)
  if (!isSettled(state)) {
    throw stateConflict(
      original,
      `The change ${id} is ${state}: wait until it has ended, or cancel it and retry what it did not do`,
    )
  }
  if (state === 'INVALID') {
    throw stateConflict(original, `The change ${id} was never planned: mend its rows and hand it in again`)
  }
  if (state === 'SUPERSEDED') {
    throw stateConflict(original, `The change ${id} was left to a newer one about the same`)
  }
}

function targetsOf({ featureName, licenseId, userId, desired }: ChangeResult): Target[] {
  if (desired === undefined) return []
  if (featureName !== undefined) return [{ featureName, desired }]
  return licenseId === undefined || userId === undefined ? [] : [{ licenseId, userId, desired }]
}

function endOf(revert: Header['revert']): Proposal['revert'] {
  if (!revert || revert.isCancelled) return undefined
  return revert.atMs === undefined ? { afterMs: revert.afterMs } : { atMs: revert.atMs }
}
