/** Reading a change's targets back, and recording what came of it. */
import { GatewayError } from '../../errors.ts'
import type { EvidenceRow, Reading, Target } from '../model/change.ts'
import type { Header, HeaderMembers } from '../model/header.ts'
import { randomId } from '../model/record-ids.ts'
import type { ChangeState } from '../model/transitions.ts'
import { type Evidence, evidenceRowOf, newerIn, type Verdict } from '../model/verdict.ts'
import { kinds } from '../plan/kinds.ts'
import type { Desk, PlanningDesk } from '../record/desk.ts'
import { journalRowOf } from '../record/pair-journal.ts'
import { type Beside, type Move, moveHeader, type StepTaken, storeHeader } from '../record/write-header.ts'

/** @returns what was read; where upstream could not be, nothing for every target. */
export async function readOrNothing(
  { genesys, clock, log }: Pick<PlanningDesk, 'genesys' | 'clock' | 'log'>,
  { id, kind }: Header,
  targets: readonly Target[],
): Promise<Pick<Evidence, 'after' | 'holdings' | 'isRead' | 'atMs'>> {
  const atMs = clock.nowMs()
  try {
    const { values, holdings } = await kinds[kind].read(genesys, targets)
    return { after: values, holdings, isRead: true, atMs }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    log.noteDeferred(id, 'it could not be read back', error)
    return { after: targets.map((): Reading => undefined), holdings: undefined, isRead: false, atMs }
  }
}

/**
 * Records what came of a change, and the evidence with it.
 *
 * @param as see `Move`: the sender, or whoever looks once nothing can land any more.
 */
export async function recordVerdict(
  desk: Pick<Desk, 'ledger' | 'clock' | 'log'>,
  seen: Header,
  verdict: Verdict,
  evidence: Evidence,
  as: 'owner' | 'clock',
  members: Partial<HeaderMembers> = {},
): Promise<StepTaken> {
  const { next, beside } = moveByVerdict(desk, seen, verdict, evidence, { as, by: 'gateway' }, members)
  return await storeHeader(desk, next, seen, beside)
}

/** @returns the header that says what came of a change, not yet stored, and what is to be stored with it. */
export function moveByVerdict(
  { clock }: Pick<Desk, 'clock'>,
  seen: Header,
  verdict: Verdict,
  evidence: Evidence,
  { as, by }: Pick<Move, 'as' | 'by'>,
  members: Partial<HeaderMembers>,
): { readonly next: Header; readonly beside: Beside & { readonly evidence: EvidenceRow } } {
  const { state, note } = withNewer(verdict, evidence)
  const move: Move = {
    state,
    as,
    by,
    note,
    with: {
      evidenceRow: randomId(),
      supersededBy: newerIn(evidence) ?? seen.supersededBy,
      ...members,
    },
  }
  return {
    next: moveHeader(seen, move, clock.nowMs()),
    beside: { evidence: rowFor(state, evidence), journal: journalRowOf(seen, state, evidence) },
  }
}

/** What was left to a newer change is no part of a success. */
function withNewer({ state, note }: Verdict, evidence: Evidence): Verdict {
  const newer = newerIn(evidence)
  if (newer === undefined || state === 'SUPERSEDED') return { state, note }
  const left = `what the newer change ${newer} is about was left to it`
  return { state: state === 'APPLIED' ? 'PARTIAL' : state, note: `${note}; ${left}` }
}

/** What is not seen yet may still come: nothing is said to be not applied before that is known. */
function rowFor(state: ChangeState, evidence: Evidence): EvidenceRow {
  const row = evidenceRowOf(evidence)
  if (state !== 'UNKNOWN') return row
  return { ...row, outcomes: row.outcomes.map((each) => (each === 'not.applied' ? 'unknown' : each)) }
}
