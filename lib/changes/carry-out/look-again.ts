/** What is done about a write of which nobody knows, once nothing of it can land any more (ADR 7, rules 11, 13 and 17). */

import type { Header, HeaderIn } from '../model/header.ts'
import { MIN_SENDING_MS, NEXT_TICK_MS, READ_BACK_PATIENCE_MS, RECORD_RESERVE_MS } from '../model/timing.ts'
import { areSentAsDesired, type Evidence } from '../model/verdict.ts'
import { kinds } from '../plan/kinds.ts'
import type { PlanningDesk, Workbench } from '../record/desk.ts'
import { amendHeader, type StepTaken, storeHeader } from '../record/write-header.ts'
import { readOrNothing, recordVerdict } from './record-verdict.ts'
import { permitAndSend } from './send-once.ts'

/** Writes that one change may be permitted in all, where repeating does no harm. */
const MAX_PERMITS = 2

/** SENT or UNKNOWN, with the quiet period over. */
export async function readBack(
  bench: Workbench,
  header: HeaderIn<'SENT'> | HeaderIn<'UNKNOWN'>,
): Promise<StepTaken> {
  const evidence = await readEvidence(bench, header)
  const nowMs = bench.clock.nowMs()
  if (areSentAsDesired(evidence)) {
    return await recordVerdict(
      bench,
      header,
      { state: 'APPLIED', note: 'confirmed by reading back' },
      evidence,
      'clock',
    )
  }
  if (!evidence.isRead) return await putOff(bench, header, evidence, header.quietUntilMs)
  const isLate = header.notAfterMs !== undefined && nowMs > header.notAfterMs
  if (kinds[header.kind].isRepeatable && header.permits < MAX_PERMITS && !isLate) {
    const hasTime = bench.scope.deadline.remainingMs() >= MIN_SENDING_MS + RECORD_RESERVE_MS
    return hasTime ? await permitAndSend(bench, header, evidence, 'clock') : { kind: 'waits', header }
  }
  const note = kinds[header.kind].isRepeatable
    ? 'not as desired when nothing more could come of it'
    : 'not as desired when nothing more could come of it; a toggle is never sent twice'
  return await recordVerdict(bench, header, { state: 'NEEDS_ATTENTION', note }, evidence, 'clock')
}

/** The second look at what was settled on sight. */
export async function lookAgain(bench: Workbench, header: Header): Promise<StepTaken> {
  const { lookDueAtMs } = header
  if (lookDueAtMs === undefined) return { kind: 'waits', header }
  const evidence = await readEvidence(bench, header)
  if (areSentAsDesired(evidence)) {
    const next = amendHeader(header, { lookDueAtMs: undefined, workPutOff: undefined }, bench.clock.nowMs())
    return await storeHeader(bench, next, header)
  }
  if (!evidence.isRead) return await putOff(bench, header, evidence, lookDueAtMs)
  const note = 'seen as desired at first, and no longer when it was looked at again'
  return await recordVerdict(bench, header, { state: 'NEEDS_ATTENTION', note }, evidence, 'clock')
}

/** Reads the targets as they are. */
async function readEvidence(bench: Workbench, header: Header): Promise<Evidence> {
  const sent = await readSent(bench, header)
  return { ...sent, ...(await readOrNothing(bench, header, sent.targets)) }
}

/** What was sent for which of the targets: it is on record since before the permit. */
export async function readSent({ ledger }: Pick<PlanningDesk, 'ledger'>, header: Header) {
  const { targets } = await ledger.plan(header)
  const earlier = await ledger.evidence(header)
  const outcomes = targets.map((_, index) => earlier?.outcomes[index])
  return {
    kind: header.kind,
    targets,
    wasSent: outcomes.map((outcome) => outcome !== 'unchanged' && outcome !== 'superseded'),
    yieldedTo: outcomes.map((outcome) => (outcome === 'superseded' ? header.supersededBy : undefined)),
    texts: targets.map((_, index) => earlier?.texts[index] ?? null),
  }
}

/** Upstream cannot be read: try again, and hand it to a person when that goes on. */
async function putOff(
  bench: Workbench,
  header: Header,
  evidence: Evidence,
  sinceMs: number,
): Promise<StepTaken> {
  const nowMs = bench.clock.nowMs()
  if (nowMs - sinceMs >= READ_BACK_PATIENCE_MS) {
    const note = 'Genesys could not be read back for too long'
    return await recordVerdict(bench, header, { state: 'NEEDS_ATTENTION', note }, evidence, 'clock')
  }
  const next = amendHeader(header, {}, nowMs, nowMs + NEXT_TICK_MS)
  const stored = await storeHeader(bench, next, header)
  return stored.kind === 'advanced' ? { ...stored, kind: 'waits' } : stored
}
