/** What became of the pairs of a change, and of a part of a list, as they are counted. Pure. */
import type { EvidenceRow, PlanRow } from '../model/change.ts'
import { reasonOf } from '../model/failure.ts'
import type { Header } from '../model/header.ts'
import { isSettled } from '../model/transitions.ts'
import type { WritePause } from '../model/write-switch.ts'
import type { Change, ChangeOutcomes, ChangeResult } from './change-schemas.ts'
import { listProgressOf, namedOutcomesOf } from './list-progress.ts'
import { changeOf } from './render-change.ts'
import { standingResultsOf } from './render-results.ts'

/**
 * The results of a part, in the order of the list's plan. A part that ended without sending did not bring it about,
 * whatever became of an earlier try: what is counted of a list is what its results can be filtered by.
 */
export function partResultsOf(
  header: Header,
  plan: PlanRow,
  evidence: EvidenceRow | undefined,
): ChangeResult[] {
  const { state, failure } = header
  // Where Genesys said nothing of a pair, what it said of the part is why.
  const result = failure && `NOT_APPLIED: ${reasonOf(failure)}`
  const notApplied = { outcome: 'not.applied', result } as const
  return standingResultsOf(header, plan, evidence).map((each) => {
    const { outcome } = each
    const isLeft = state === 'SUPERSEDED' && (outcome === 'not.sent' || outcome === 'not.applied')
    if (isLeft) return { ...each, outcome: 'superseded' }
    const isRefused = outcome === 'not.applied' || (outcome === 'not.sent' && isSettled(state))
    return isRefused && each.result === undefined ? { ...each, ...notApplied } : each
  })
}

/** The whole change with its counts; those of a list are in its progress. @param pause what it waits for, where writes are paused. */
export function wholeChangeOf(
  header: Header,
  plan: PlanRow,
  evidence: EvidenceRow | undefined,
  pause: WritePause | undefined,
): Change {
  const change = changeOf(header, plan, evidence, pause)
  if (!header.list) return { ...change, outcomes: outcomesOf(header, plan, evidence) }
  if (!pause) return change
  // Nobody knows how long that lasts.
  const unknown = { requestsPerMinute: undefined, endEstimatedAt: undefined }
  return { ...change, list: { ...listProgressOf(header.list, header), ...unknown } }
}

/** Undefined where nothing of it can be counted. */
function outcomesOf(
  header: Header,
  plan: PlanRow,
  evidence: EvidenceRow | undefined,
): ChangeOutcomes | undefined {
  if (header.state === 'INVALID' || plan.targets.length === 0) return undefined
  const counts: Record<string, number> = {}
  const isOver = isSettled(header.state)
  let open = 0
  for (const { outcome } of standingResultsOf(header, plan, evidence)) {
    if (outcome === 'not.sent' || (outcome === 'unknown' && !isOver)) open += 1
    else counts[outcome] = (counts[outcome] ?? 0) + 1
  }
  return namedOutcomesOf(counts, open, isOver)
}
