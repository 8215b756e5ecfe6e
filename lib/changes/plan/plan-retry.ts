/** What of a change that has ended did not come about, to be planned anew as a change of its own. */
import type { ChangeResult } from '../answers/change-schemas.ts'
import type { Target } from '../model/change.ts'
import { stateConflict } from '../model/failure.ts'
import type { Header } from '../model/header.ts'
import { isSettled } from '../model/transitions.ts'
import type { PlanningDesk } from '../record/desk.ts'
import { readResults } from '../record/read-results.ts'
import { requireHeader } from '../record/write-header.ts'
import { subjectOf } from './read-order.ts'
import type { Proposal } from './record-proposal.ts'

/** What was left to a newer change stays left to it. */
const failedOutcomes: readonly ChangeResult['outcome'][] = ['not.applied', 'unknown', 'conflict', 'not.sent']

/**
 * @returns what of it is asked for again, with its reason and its end: what was to be for a time does not become for good.
 * @throws GatewayError `not.found`, `change.state.conflict` where there is nothing to ask for again.
 */
export async function readFailed(
  { ledger, clock }: Pick<PlanningDesk, 'ledger' | 'clock'>,
  changeId: string,
): Promise<Pick<Proposal, 'kind' | 'targets' | 'subject' | 'reason' | 'revert'>> {
  const original = await requireHeader({ ledger }, changeId)
  refuseUnretryable(original)
  const { kind, reason, revert } = original
  if (revert?.atMs !== undefined && revert.atMs <= clock.nowMs()) {
    throw stateConflict(
      original,
      `The change ${changeId} was to be taken back by now: ask for what is still wanted as a change of its own`,
    )
  }
  const targets: Target[] = []
  for await (const { results } of readResults(ledger, original)) {
    for (const result of results) {
      if (failedOutcomes.includes(result.outcome)) targets.push(...targetsOf(result))
    }
  }
  if (targets.length === 0) {
    throw stateConflict(original, `The change ${changeId} is ${original.state}: nothing of it failed`)
  }
  return { kind, targets, subject: subjectOf(targets), reason, revert: endOf(revert) }
}

function refuseUnretryable(original: Header): void {
  const { id, state } = original
  if (original.extends !== undefined) {
    throw stateConflict(original, `The change ${id} moved a planned revert: extend ${original.extends} again`)
  }
  if (!isSettled(state)) {
    throw stateConflict(original, `The change ${id} is ${state}: wait until it has ended, or cancel it`)
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
