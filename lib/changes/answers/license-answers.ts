/** A change told in Genesys's own models, for callers of /api/v2. */
import { GatewayError } from '../../errors.ts'
import type { LicenseOrgToggle, LicenseUpdateStatus } from '../../genesys/models/licenses.ts'
import { type EvidenceRow, type PlanRow, pairOf, type TargetOutcome } from '../model/change.ts'
import { aboutChange, errorOfFailure, isError, outcomeUnknown, stateConflict } from '../model/failure.ts'
import type { Decided, Header } from '../model/header.ts'
import type { ChangeState } from '../model/transitions.ts'
import { resultsOf } from './render-results.ts'

/** States in which there is an outcome to tell in Genesys's models. */
const tellable: readonly ChangeState[] = ['APPLIED', 'PARTIAL', 'NO_EFFECT', 'NOOP', 'FAILED']

/**
 * @param isStopped whether the ledger failed in the middle of it: nobody is at it whom waiting could help.
 * @returns what has settled.
 * @throws GatewayError where nobody has seen what came of the change, or nothing will.
 */
export function refuseUnsettled(decided: Decided, isStopped: boolean): Decided {
  const { header, isReplay } = decided
  const { id, state, failure } = header
  if (failure && isError(failure) && state === 'FAILED') throw errorOfFailure({ id, failure }, isReplay)
  if (tellable.includes(state)) return decided
  if (state === 'AWAITING_APPROVAL') throw approvalRequiredError(header, isReplay)
  if (state === 'EXPIRED' || state === 'REJECTED' || state === 'CANCELLED' || state === 'SUPERSEDED') {
    const note = header.history.at(-1)?.note
    throw stateConflict(header, `The change ${id} is ${state}${note ? `: ${note}` : ''}`)
  }
  if (isReplay && !isStopped && !unclearStates.includes(state)) {
    throw new GatewayError(
      'change.conflict',
      `This very request is under way as the change ${id}; try again`,
      {
        faults: [aboutChange(id, `it is ${state}`, state)],
        retryAfterSeconds: 5,
      },
    )
  }
  throw unclearError(header, isReplay)
}

/** It was sent, or its sender was about to: whoever asks again hears what the first did, though nobody is at it now. */
const unclearStates: readonly ChangeState[] = ['SENT', 'UNKNOWN', 'NEEDS_ATTENTION']

function unclearError(header: Header, isReplay = false): GatewayError {
  return outcomeUnknown(header.id, sentenceOn(header), { state: header.state, isReplay })
}

function sentenceOn(header: Header): string {
  const { id } = header
  switch (header.state) {
    case 'NEEDS_ATTENTION':
      return `What became of the change ${id} could not be made sure of: an operator has it looked at with POST /v1/changes/${id}/settle, or “settle ${id}” in chat`
    case 'SENT':
    case 'UNKNOWN': {
      const until = new Date(header.quietUntilMs).toISOString()
      return `The change ${id} was sent at most once and its outcome is not known yet; the gateway goes on looking, and looks again after ${until}`
    }
    default: {
      const { failure } = header
      const why = failure?.code === 'writes.paused' ? `${failure.message}. ` : ''
      return `${why}The change ${id} is on record, and may yet be carried out`
    }
  }
}

const words: Readonly<Record<TargetOutcome, string>> = {
  applied: 'APPLIED',
  unchanged: 'UNCHANGED',
  'not.applied': 'NOT_APPLIED',
  unknown: 'UNKNOWN',
  superseded: 'SUPERSEDED',
  conflict: 'CONFLICT',
}

/** Upstream's own text where it gave one and reading back does not contradict it; `outcome` is what that showed. */
export function statusesOf(
  { id }: Header,
  plan: PlanRow,
  evidence: EvidenceRow | undefined,
): LicenseUpdateStatus[] {
  if (!evidence) throw new Error(`The change ${id} has settled without evidence`)
  const results = resultsOf(plan, evidence)
  return plan.targets.map((target, index) => {
    const { userId, licenseId } = pairOf(target)
    const outcome = results[index]?.outcome ?? 'unknown'
    return { userId, licenseId, result: results[index]?.result ?? words[outcome], outcome }
  })
}

/** The toggle as it was last read. */
export function toggleOf(header: Header, evidence: EvidenceRow | undefined): LicenseOrgToggle {
  const { subject } = header
  if (!('featureName' in subject)) throw new Error(`The change ${header.id} is about no toggle`)
  const [enabled] = evidence?.after ?? []
  if (enabled === undefined) throw unclearError(header)
  return { featureName: subject.featureName, enabled }
}

export function approvalRequiredError(header: Header, isReplay = false): GatewayError {
  const because = header.approval?.because.join('. ') ?? 'A second person must approve it'
  return new GatewayError(
    'change.approval.required',
    `${because}. An approver approves it with POST /v1/changes/${header.id}/approve`,
    { isReplay, faults: [aboutChange(header.id, 'a second person must approve it', 'AWAITING_APPROVAL')] },
  )
}
