/** What is done about a write of which nobody knows, once nothing of it can land any more (ADR 7, rules 11, 13 and 17). */

import { errorCodes } from '../errors.ts'
import type { ChangeState, Failure, Header } from './change.ts'
import { type Decided, decide } from './decisions.ts'
import { stateConflict } from './failure.ts'
import { kinds } from './kinds.ts'
import { permitAndSend } from './permit.ts'
import { spoken } from './plan.ts'
import type { Caller } from './port.ts'
import { readOrNothing, settle, settledOn } from './settle.ts'
import { MIN_SENDING_MS, READ_BACK_PATIENCE_MS, READ_BACK_RETRY_MS, RECORD_RESERVE_MS } from './timing.ts'
import { amended } from './transition.ts'
import { areSentAsDesired, type Evidence, isAsDesired, verdictOnLook } from './verdict.ts'
import type { PlanningDesk, Workbench } from './work.ts'

/** Writes that one change may be permitted in all, where repeating does no harm. */
const MAX_PERMITS = 2

/** SENT or UNKNOWN, with the quiet period over. */
export async function readBack(bench: Workbench, header: Header): Promise<Header | undefined> {
  const evidence = await look(bench, header)
  const nowMs = bench.clock.nowMs()
  if (areSentAsDesired(evidence)) {
    return await settle(bench, header, { state: 'APPLIED', note: 'confirmed by reading back' }, evidence)
  }
  if (!evidence.isRead) return await putOff(bench, header, evidence)
  const isLate = header.notAfterMs !== undefined && nowMs > header.notAfterMs
  if (kinds[header.kind].isRepeatable && header.permits < MAX_PERMITS && !isLate) {
    const hasTime = bench.scope.deadline.remainingMs() >= MIN_SENDING_MS + RECORD_RESERVE_MS
    return hasTime ? await permitAndSend(bench, header, evidence) : header
  }
  const note = kinds[header.kind].isRepeatable
    ? 'not as desired when nothing more could come of it'
    : 'not as desired when nothing more could come of it; a toggle is never sent twice'
  return await settle(bench, header, { state: 'NEEDS_ATTENTION', note }, evidence)
}

/** The second look at what was settled on sight. */
export async function lookAgain(bench: Workbench, header: Header): Promise<Header | undefined> {
  const evidence = await look(bench, header)
  if (areSentAsDesired(evidence)) {
    const next = amended(header, { lookDueAtMs: undefined, workPutOff: undefined }, bench.clock.nowMs())
    return (await bench.ledger.replace(next, header)) ? next : undefined
  }
  if (!evidence.isRead) return await putOff(bench, header, evidence)
  const note = 'seen as desired at first, and no longer when it was looked at again'
  return await settle(bench, header, { state: 'NEEDS_ATTENTION', note }, evidence)
}

/** What a person may have looked at. */
const unclearStates: readonly ChangeState[] = ['UNKNOWN', 'NEEDS_ATTENTION']

/**
 * A person has it looked at what became of a change, and that decides. Nothing is sent.
 *
 * @throws GatewayError `not.found`; `change.state.conflict` where the outcome is known, or its write may still land,
 *   then with the wait; what reading Genesys throws, and then nothing has moved.
 */
export function settleByPerson(desk: PlanningDesk, caller: Caller, changeId: string): Promise<Decided> {
  return decide(desk, caller, changeId, {}, async (header, nowMs, actor) => {
    refuseLooking(header, nowMs)
    const sent = await sentFor(desk, header)
    const { values, holdings } = await kinds[header.kind].read(desk.genesys, sent.targets)
    const evidence: Evidence = { ...sent, after: values, holdings, isRead: true, atMs: nowMs }
    const verdict = verdictOnLook(evidence)
    const members = {
      lookedAtMs: desk.clock.nowMs(),
      ...(verdict.state === 'FAILED' ? { failure: notApplied(header, evidence, desk.clock.nowMs()) } : {}),
    }
    return await settledOn(desk, header, verdict, evidence, members, spoken(actor))
  })
}

function refuseLooking(header: Header, nowMs: number): void {
  const { id, state, quietUntilMs = 0 } = header
  if (!unclearStates.includes(state)) {
    throw stateConflict(
      header,
      `The change ${id} is ${state}: only what is UNKNOWN or NEEDS_ATTENTION can be settled by a look`,
    )
  }
  if (nowMs >= quietUntilMs) return
  throw stateConflict(
    header,
    `What was sent for the change ${id} may still land until ${new Date(quietUntilMs).toISOString()}; settle it then`,
    Math.ceil((quietUntilMs - nowMs) / 1_000),
  )
}

function notApplied({ id, subject }: Header, { targets, wasSent, after }: Evidence, nowMs: number): Failure {
  const unlike = targets.filter((target, index) => wasSent[index] && !isAsDesired(target, after[index]))
  const read =
    'featureName' in subject
      ? `the toggle ${subject.featureName} reads ${after[0] ? 'on' : 'off'}`
      : `${unlike.length} of ${wasSent.filter(Boolean).length} pairs do not read as desired`
  return {
    code: 'change.not.applied',
    status: errorCodes['change.not.applied'],
    message: `The change ${id} did not take effect: looked at ${new Date(nowMs).toISOString()}, ${read}. Ask for it anew, with an Idempotency-Key of its own, if it is still wanted`,
    isPassing: false,
  }
}

/** Reads the targets as they are. */
async function look(bench: Workbench, header: Header): Promise<Evidence> {
  const sent = await sentFor(bench, header)
  return { ...sent, ...(await readOrNothing(bench, header, sent.targets)) }
}

/** What was sent for which of the targets: it is on record since before the permit. */
async function sentFor({ ledger }: Pick<PlanningDesk, 'ledger'>, header: Header) {
  const { targets } = await ledger.plan(header)
  const earlier = await ledger.evidence(header)
  const outcomes = targets.map((_, index) => earlier?.outcomes[index])
  return {
    kind: header.kind,
    targets,
    wasSent: outcomes.map((outcome) => outcome !== 'unchanged' && outcome !== 'superseded'),
    ...(outcomes.includes('superseded')
      ? { leftTo: outcomes.map((outcome) => (outcome === 'superseded' ? header.supersededBy : undefined)) }
      : {}),
    texts: targets.map((_, index) => earlier?.texts[index] ?? null),
  }
}

/** Upstream cannot be read: try again, and hand it to a person when that goes on. */
async function putOff(bench: Workbench, header: Header, evidence: Evidence): Promise<Header | undefined> {
  const nowMs = bench.clock.nowMs()
  const sinceMs = header.lookDueAtMs ?? header.quietUntilMs ?? nowMs
  if (nowMs - sinceMs >= READ_BACK_PATIENCE_MS) {
    const note = 'Genesys could not be read back for too long'
    return await settle(bench, header, { state: 'NEEDS_ATTENTION', note }, evidence)
  }
  const next = amended(header, {}, nowMs, nowMs + READ_BACK_RETRY_MS)
  await bench.ledger.replace(next, header)
  return undefined
}
