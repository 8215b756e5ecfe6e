/** What became of each target of a change, from its rows: one entry a target, in the plan's order. */
import type { EvidenceRow, LeftAlone, PlanRow, Reading, Target, TargetOutcome } from '../model/change.ts'
import type { Header } from '../model/header.ts'
import { waitingStates } from '../model/transitions.ts'
import type { ChangeResult } from './change-schemas.ts'

/** The evidence of a write under way is what was read before it: no outcome yet. */
export function isBeforeSending({ state }: Header): boolean {
  return state === 'SENT' || state === 'CLAIMED'
}

/** What is known of each target before a write has been judged. */
function resultsBeforeSending(header: Header, { targets, before }: PlanRow): ChangeResult[] {
  const { state, permits } = header
  const outcome = permits === 0 || waitingStates.includes(state) ? 'not.sent' : 'unknown'
  return targets.map((target, index) => ({
    ...targetMembersOf(target),
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
      ...targetMembersOf(target),
      desired: target.desired,
      outcome,
      result:
        typeof text === 'string'
          ? contradiction === undefined
            ? text
            : `${contradiction}: ${text}`
          : undefined,
    }
  })
}

/** What is known of each target now, in the plan's order; of a part, what was left alone besides. */
export function standingResultsOf(
  header: Header,
  plan: PlanRow,
  evidence: EvidenceRow | undefined,
): ChangeResult[] {
  if (header.state === 'INVALID') return invalidResultsOf(plan)
  const isJudged = evidence && !isBeforeSending(header) && !waitingStates.includes(header.state)
  const results = (isJudged ? resultsOf(plan, evidence) : resultsBeforeSending(header, plan)).map(
    (result, index) => ({
      ...result,
      before: plan.before?.[index],
      after: isJudged ? evidence.after[index] : undefined,
    }),
  )
  if (!header.partOf || !plan.leftAlone) return results
  return [...results, ...plan.leftAlone.map(conflictOf)]
}

function conflictOf(target: LeftAlone): ChangeResult {
  const { before, after } = target
  const why = whyLeftAlone(target)
  return { ...resultOf(target, 'conflict', before), after, result: why && `CONFLICT: ${why}` }
}

/** Older records do not tell what was read. */
function whyLeftAlone({ protects, desired, before, after }: LeftAlone): string | undefined {
  if (protects !== undefined) return `the org file protects the ${protects}`
  if (before === undefined) return undefined
  if (after === undefined) return 'Genesys did not say what this user holds now'
  return before === desired
    ? 'it was as desired when the list was planned, and somebody has changed it since'
    : undefined
}

/** Of a list that cannot be planned: its bad rows. */
function invalidResultsOf({ faults = [] }: PlanRow): ChangeResult[] {
  return faults.map(({ line, fieldName, message }) => ({
    line,
    outcome: 'invalid',
    result: `${line === undefined ? '' : `line ${line}: `}${fieldName} ${message}`,
  }))
}

/** Of what no write was for. */
export function resultOf(target: Target, outcome: ChangeResult['outcome'], before?: Reading): ChangeResult {
  return { ...targetMembersOf(target), desired: target.desired, outcome, before }
}

/** As callers name it. */
export function targetMembersOf(target: Target) {
  return 'featureName' in target
    ? { featureName: target.featureName }
    : { licenseId: target.licenseId, userId: target.userId }
}
