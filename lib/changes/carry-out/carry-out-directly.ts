/**
 * What is asked for and waits for nothing is carried out by one reading: first the locks of its targets are looked at, then
 * the targets are read, then record, locks and permit are one write, on condition that the locks are as they were before
 * the reading (ADR 7, rule 18). Where that is not to be had, nothing is on record, and it is planned and claimed like
 * any other change.
 */
import { GatewayError } from '../../errors.ts'
import { targetKey } from '../model/change.ts'
import type { Header } from '../model/header.ts'
import { approvalReasons, isHeldToSeats } from '../model/policy.ts'
import { randomId } from '../model/record-ids.ts'
import { MIN_SENDING_MS, RECORD_RESERVE_MS } from '../model/timing.ts'
import { type Evidence, evidenceRowOf, isAsDesired } from '../model/verdict.ts'
import { pauseOf } from '../model/write-switch.ts'
import { licensesGivenOf } from '../plan/count-seats.ts'
import { isWithinLimits } from '../plan/guards/refuse-limits.ts'
import { reasonMissingFor } from '../plan/guards/require-reason.ts'
import { kinds, type Readings } from '../plan/kinds.ts'
import { type Proposal, planDirect } from '../plan/record-proposal.ts'
import type { Workbench } from '../record/desk.ts'
import { type LedgerWrite, MAX_GUARDED_WRITES } from '../record/ledger.ts'
import { journalRowOf } from '../record/pair-journal.ts'
import { readPauseSince } from '../record/read-pause.ts'
import { type FreeTargets, findFree, isNewestAt, lockOf } from '../record/take-locks.ts'
import { journalWrites, putNewChange, type StepTaken } from '../record/write-header.ts'
import { permitAt, requireSent, sendPermitted, tooShort } from './send-once.ts'

/** What is proposed once its targets have been read; without readings, what is to be read for it. */
export type Propose = (readings?: Readings) => Proposal

interface Found {
  readonly kind: 'found'
  readonly header: Header
}

/** Beside its locks one transaction takes its header and a row of the journal; all else may go before it. */
const MAX_TARGETS = MAX_GUARDED_WRITES - 2

/** What is put by the same write as a new change, or neither is. */
export type PutBeside = (proposal: Proposal) => readonly LedgerWrite[]

/**
 * @param id of the change; there may be one already.
 * @returns what came of it, with the change on record; the one that is on record already; undefined where nothing is, and
 *   nothing was sent.
 * @throws GatewayError where Genesys cannot be read, or too little time is left: nothing is on record then either.
 */
export async function carryOutDirectly(
  bench: Workbench,
  id: string,
  propose: Propose,
  putBeside: PutBeside = () => [],
): Promise<StepTaken | Found | undefined> {
  const { ledger, clock, scope, genesys } = bench
  const sketch = sketchOf(propose)
  if (!sketch || !isDirect(bench, sketch)) return undefined
  if (sketch.targets.length > MAX_TARGETS - putBeside(sketch).length) return undefined
  const keys = sketch.targets.map(targetKey)
  const lookedAtMs = clock.monotonicMs()
  const standing = await ledger.look(id, keys)
  if (standing.header) return { kind: 'found', header: standing.header }
  if (pauseOf(bench.policy, standing.thrown)) return undefined
  const free = await findFree(bench, standing.locks, keys)
  if (!free) return undefined
  const atMs = clock.nowMs()
  const read = await kinds[sketch.kind].read(genesys, sketch.targets)
  const proposal = propose(read)
  const readings = readingsFor(proposal, sketch, read)
  const known = evidenceOf(proposal, readings, atMs)
  const isToSend = known.wasSent.includes(true)
  if (isToSend && (await readPauseSince(bench, lookedAtMs))) return undefined
  if (isToSend && scope.deadline.remainingMs() < MIN_SENDING_MS + RECORD_RESERVE_MS) throw tooShort()
  const header = await record(bench, proposal, readings, known, free, putBeside(proposal))
  if (!header) return undefined
  return isToSend
    ? await sendPermitted(bench, { header: requireSent(header), known }, lookedAtMs)
    : { kind: 'advanced', header }
}

/** What was read may have left some of it alone. */
function readingsFor({ targets }: Proposal, sketch: Proposal, read: Readings): Readings {
  const values = new Map(sketch.targets.map((target, index) => [targetKey(target), read.values[index]]))
  return { ...read, values: targets.map((target) => values.get(targetKey(target))) }
}

/** Whether it may be carried out by what is read of it now: nothing of it waits, for a time, a person or a count of seats. */
function isDirect({ policy }: Pick<Workbench, 'policy'>, proposal: Proposal): boolean {
  const { kind, targets, isReleased, notBeforeMs, asked, approval, approvalBecause, undoes, partOf } =
    proposal
  // Of a part all that was asked when its list was.
  if (partOf !== undefined) return true
  const waits = !isReleased || notBeforeMs !== undefined || approval !== undefined
  if (waits || asked !== undefined || approvalBecause !== undefined || undoes !== undefined) return false
  return (
    targets.length > 0 &&
    isWithinLimits(policy, targets) &&
    reasonMissingFor(policy, proposal) === undefined &&
    approvalReasons(policy, kind, targets, new Map()).length === 0 &&
    !licensesGivenOf(targets).some((each) => isHeldToSeats(policy, each))
  )
}

/** What is wrong with an order is told where it is planned, unless it repeats one that was right at its time. */
function sketchOf(propose: Propose): Proposal | undefined {
  try {
    return propose()
  } catch (error) {
    if (error instanceof GatewayError) return undefined
    throw error
  }
}

function evidenceOf({ kind, targets }: Proposal, { values, holdings }: Readings, atMs: number): Evidence {
  return {
    kind,
    targets,
    wasSent: targets.map((target, index) => !isAsDesired(target, values[index])),
    yieldedTo: targets.map(() => undefined),
    after: values,
    texts: targets.map(() => null),
    holdings,
    isRead: true,
    atMs,
  }
}

/**
 * @returns the header, SENT or NOOP; undefined where somebody has come to a target since, wished for it later, or made the
 *   change, or what is put beside it is refused.
 */
async function record(
  bench: Workbench,
  proposal: Proposal,
  readings: Readings,
  known: Evidence,
  free: FreeTargets,
  putBeside: readonly LedgerWrite[],
): Promise<Header | undefined> {
  const nowMs = bench.clock.nowMs()
  const { notAfterMs = nowMs } = proposal
  if (nowMs > notAfterMs) return undefined
  const permit = permitAt(nowMs, 0)
  const isToSend = known.wasSent.includes(true)
  // The lock of what holds already names its owner too: whoever takes back what was asked for twice looks for it there.
  const members = { owner: permit.owner, evidenceRow: randomId() }
  const planned = planDirect(bench, proposal, readings, isToSend ? permit : undefined, members)
  const { header } = planned
  if (!isNewestAt(free, header)) return undefined
  const next = lockOf(header)
  const keys = new Set(proposal.targets.map(targetKey))
  const beside: LedgerWrite[] = [
    ...putBeside,
    ...[...free].flatMap(([key, seen]): LedgerWrite[] =>
      keys.has(key) ? [{ kind: 'lock', key, next, seen }] : [],
    ),
    ...journalWrites(
      journalRowOf({ id: header.id, version: 0 }, header.state, isToSend ? { ...known, atMs: nowMs } : known),
    ),
  ]
  return await putNewChange(bench, { ...planned, evidence: evidenceRowOf(known) }, beside)
}
