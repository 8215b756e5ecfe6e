/** Reading a change's targets back, and recording what came of it. */
import { GatewayError } from '../errors.ts'
import type { ChangeState, EvidenceRow, Header, Reading, Target } from './change.ts'
import { randomId } from './identity.ts'
import { journalRowOf } from './journal.ts'
import { kinds } from './kinds.ts'
import { type Move, moved, store } from './transition.ts'
import { type Evidence, evidenceRowOf, type Verdict } from './verdict.ts'
import type { Desk, PlanningDesk } from './work.ts'

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
    log.left(id, 'it could not be read back', error)
    return { after: targets.map((): Reading => undefined), holdings: undefined, isRead: false, atMs }
  }
}

/**
 * Records what came of a change: the evidence first, then the header that names it.
 *
 * @returns undefined where another write came first.
 */
export async function settle(
  desk: Pick<Desk, 'ledger' | 'clock' | 'log'>,
  seen: Header,
  { state, note }: Verdict,
  evidence: Evidence,
  members: Partial<Header> = {},
): Promise<Header | undefined> {
  const evidenceRow = randomId()
  const journalRow = journalRowOf(seen, state, evidence)
  await desk.ledger.addEvidence(seen.id, evidenceRow, rowFor(state, evidence), journalRow)
  const move: Move = {
    state,
    by: 'gateway',
    note,
    with: { leaseUntilMs: undefined, lookDueAtMs: undefined, evidenceRow, ...members },
  }
  return await store(desk, moved(seen, move, desk.clock.nowMs()), seen)
}

/** What is not seen yet may still come: nothing is said to be not applied before that is known. */
function rowFor(state: ChangeState, evidence: Evidence): EvidenceRow {
  const row = evidenceRowOf(evidence)
  if (state !== 'UNKNOWN') return row
  return { ...row, outcomes: row.outcomes.map((each) => (each === 'not.applied' ? 'unknown' : each)) }
}
