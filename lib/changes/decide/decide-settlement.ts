/** A person has it looked at what became of a change of which nobody knows (ADR 7, rule 17). */
import { errorCodes } from '../../errors.ts'
import { withReasonOf } from '../carry-out/lists/commonest-reason.ts'
import { endOfList, failureOfList } from '../carry-out/lists/count-parts.ts'
import { recountList } from '../carry-out/lists/recount-list.ts'
import { isList, type ListHeader } from '../carry-out/lists/step-list.ts'
import { readSent } from '../carry-out/look-again.ts'
import { moveByVerdict } from '../carry-out/record-verdict.ts'
import type { Actor, Caller, Failure } from '../model/change.ts'
import { actorNameOf } from '../model/change.ts'
import { stateConflict } from '../model/failure.ts'
import type { Decided, Header } from '../model/header.ts'
import { partIdOf } from '../model/record-ids.ts'
import { type Evidence, isAsDesired, verdictOnLook } from '../model/verdict.ts'
import { kinds } from '../plan/kinds.ts'
import type { PlanningDesk } from '../record/desk.ts'
import { moveHeader, requireHeader } from '../record/write-header.ts'
import { decideByEvidence } from './decide-change.ts'

/**
 * A person has it looked at what became of a change, and that decides. Nothing is sent.
 *
 * @throws GatewayError `not.found`; `change.state.conflict` where the outcome is known, or its write may still land,
 *   then with the wait; what reading Genesys throws, and then nothing has moved.
 */
export function settleChange(desk: PlanningDesk, caller: Caller, changeId: string): Promise<Decided> {
  return decideByEvidence(desk, caller, changeId, {}, async (header, nowMs, actor) => {
    refuseLooking(header, nowMs)
    if (isList(header)) return { next: await settleList(desk, caller, header, actor) }
    const sent = await readSent(desk, header)
    const { values, holdings } = await kinds[header.kind].read(desk.genesys, sent.targets)
    const evidence: Evidence = { ...sent, after: values, holdings, isRead: true, atMs: nowMs }
    const verdict = verdictOnLook(evidence)
    const members = {
      lookedAtMs: desk.clock.nowMs(),
      ...(verdict.state === 'FAILED' && { failure: notApplied(header, evidence, desk.clock.nowMs()) }),
    }
    const settler = { as: 'person', by: actorNameOf(actor) } as const
    return moveByVerdict(desk, header, verdict, evidence, settler, members)
  })
}

/**
 * A list has nothing of its own that could be read: its parts are looked at, and it comes to what they have come to. What
 * fails on the way leaves those before it settled, so that a repeat goes on with the rest.
 */
async function settleList(
  desk: PlanningDesk,
  caller: Caller,
  header: ListHeader,
  actor: Actor,
): Promise<Header> {
  const { id, list, subject } = header
  for (const n of list.attention) {
    const part = await requireHeader(desk, partIdOf(id, n))
    if (part.state === 'NEEDS_ATTENTION') await settleChange(desk, caller, part.id)
  }
  const settled = await recountList(desk.ledger, header)
  const end = endOfList(settled, 'pairs' in subject ? subject.pairs : 0)
  const { state, note } = end
  const failure = end.failure && (await withReasonOf(desk.ledger, header, end.failure))
  // Of what somebody looks at something was sent: where nothing of it came about, that is what is told, however it was stopped.
  const told =
    state === 'APPLIED' || state === 'PARTIAL'
      ? ({ state, failure } as const)
      : ({ state: 'FAILED', failure: failure ?? failureOfList(note) } as const)
  const nowMs = desk.clock.nowMs()
  return moveHeader(
    header,
    {
      state: told.state,
      as: 'person',
      by: actorNameOf(actor),
      note: `looked at: ${note}`,
      with: { list: settled, failure: told.failure, lookedAtMs: nowMs },
    },
    nowMs,
  )
}

function refuseLooking(header: Header, nowMs: number): void {
  const { id, state } = header
  if (header.state !== 'UNKNOWN' && header.state !== 'NEEDS_ATTENTION') {
    throw stateConflict(
      header,
      `The change ${id} is ${state}: only what is UNKNOWN or NEEDS_ATTENTION can be settled by a look`,
    )
  }
  const { quietUntilMs } = header
  if (nowMs >= quietUntilMs) return
  throw stateConflict(
    header,
    `What was sent for the change ${id} may still land until ${new Date(quietUntilMs).toISOString()}; settle it then`,
    { retryAfterSeconds: Math.ceil((quietUntilMs - nowMs) / 1_000) },
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
