/** The permit, one POST under it, and what became of it: rules 7 to 10 of ADR 7. */

import { randomUUID } from 'node:crypto'
import { deadlineBefore } from '../../clock.ts'
import { GatewayError } from '../../errors.ts'
import { sendWrite, type WriteOutcome } from '../../genesys/send-write.ts'
import type { Failure, Target } from '../model/change.ts'
import { failureOf, isLedgerDown, notApplied, sayNothingSent } from '../model/failure.ts'
import type { Header, HeaderIn } from '../model/header.ts'
import { randomId } from '../model/record-ids.ts'
import { QUIET_MS, RECORD_RESERVE_MS, STALENESS_MS } from '../model/timing.ts'
import type { ChangeState } from '../model/transitions.ts'
import {
  areSentAsDesired,
  type Evidence,
  evidenceRowOf,
  isAsDesired,
  newerIn,
  type Verdict,
  verdictOnAnswer,
} from '../model/verdict.ts'
import { kinds, type WriteAnswer } from '../plan/kinds.ts'
import type { Workbench } from '../record/desk.ts'
import { journalRowOf } from '../record/pair-journal.ts'
import { heldBackError, readPause, readPauseSince } from '../record/read-pause.ts'
import { type Move, moveHeader, type StepTaken, storeHeader } from '../record/write-header.ts'
import { giveUp } from './give-up.ts'
import { holdBack } from './hold-back.ts'
import { readOrNothing, recordVerdict } from './record-verdict.ts'

/** What may be sent under a permit. */
export interface Permitted {
  /** SENT, by this invocation. */
  readonly header: HeaderIn<'SENT'>
  /** What was read just before. */
  readonly known: Evidence
}

interface SentWrite extends Permitted {
  readonly toSend: readonly Target[]
}

/**
 * Takes the permit and sends what is unlike desired, once. What was read is on record with the permit, so that whoever
 * judges later knows what was sent, and so that from the first moment in which it may land nobody counts seats without it.
 *
 * @param seen CLAIMED by this invocation, or SENT or UNKNOWN where a repeatable write is permitted once more.
 * @param known what was read just before.
 * @returns `waits` where writes are paused, and nothing was sent; `overtaken` where nothing was sent; `stopped`, SENT, where the
 *   ledger did not take what came of it.
 */
export async function permitAndSend(
  bench: Workbench,
  seen: Header,
  known: Evidence,
  as: 'owner' | 'clock',
): Promise<StepTaken> {
  // Whoever pauses means what is claimed and not sent yet, too.
  const askedAtMs = bench.clock.monotonicMs()
  const pause = await readPause(bench)
  if (pause) return await holdBack(bench, seen, pause)
  const nowMs = bench.clock.nowMs()
  const members = {
    ...permitAt(nowMs, seen.permits),
    supersededBy: newerIn(known) ?? seen.supersededBy,
  }
  const permit: Move = { state: 'SENT', as, by: 'gateway', with: members }
  const stored = await storeHeader(bench, moveHeader(seen, permit, nowMs), seen, {
    evidence: evidenceRowOf(known),
    journal: journalRowOf(seen, 'SENT', { ...known, atMs: nowMs }),
  })
  if (stored.kind === 'overtaken') return stored
  return await sendPermitted(bench, { header: requireSent(stored.header), known }, askedAtMs)
}

/** @param permits that the change has had before. */
export function permitAt(nowMs: number, permits: number) {
  return {
    owner: randomUUID(),
    permits: permits + 1,
    sentAtMs: nowMs,
    quietUntilMs: nowMs + QUIET_MS,
    evidenceRow: randomId(),
  }
}

export function requireSent(header: Header): HeaderIn<'SENT'> {
  if (header.state === 'SENT') return header
  throw new Error(`The change ${header.id} holds no permit: it is ${header.state}`)
}

/**
 * Sends what is unlike desired, once, and records what came of it.
 *
 * @param askedAtMs when the stop switch was read before the permit, by the monotonic clock: a permit whose record took
 *   long is not used once writes are paused.
 * @returns as `permitAndSend`.
 */
export async function sendPermitted(
  bench: Workbench,
  { header, known }: Permitted,
  askedAtMs: number,
): Promise<StepTaken> {
  const toSend = known.targets.filter(
    (target, index) => known.wasSent[index] && !isAsDesired(target, known.after[index]),
  )
  // What a permit before it may have sent is read back by its own rules.
  const pause = header.permits === 1 ? await readPauseSince(bench, askedAtMs) : undefined
  const outcome: WriteOutcome = pause
    ? { kind: 'unsent', error: heldBackError(pause) }
    : await sendOnce(bench, header, toSend)
  try {
    return await judge(bench, { header, known, toSend }, outcome)
  } catch (error) {
    if (!isLedgerDown(error)) throw error
    // An error would say that nothing has happened: it stays SENT, and the tick looks what became of it.
    bench.log.noteDeferred(header.id, 'what came of it could not be recorded', error)
    return { kind: 'stopped', header }
  }
}

/** Time to read back and to record is kept; the sender looks at what is left before each socket write. */
async function sendOnce(
  { scope }: Workbench,
  { kind }: Header,
  toSend: readonly Target[],
): Promise<WriteOutcome> {
  const deadline = deadlineBefore(scope.deadline, RECORD_RESERVE_MS)
  try {
    return await sendWrite({ ...scope, deadline }, kinds[kind].callOf(toSend))
  } catch (error) {
    // No token to be had after a 401, which upstream did not act on.
    if (error instanceof GatewayError) return { kind: 'unsent', error: sayNothingSent(error) }
    throw error
  }
}

async function judge(bench: Workbench, sent: SentWrite, outcome: WriteOutcome): Promise<StepTaken> {
  const { clock, scope } = bench
  const { header, known, toSend } = sent
  if (outcome.kind === 'unsent') return await giveUpUnsent(bench, sent, outcome.error)
  const said = outcome.kind === 'answered' ? saidBy(outcome, header, toSend) : undefined
  const { unasked, contradicted } = said ?? { unasked: 0, contradicted: 0 }
  if (unasked + contradicted > 0) bench.log.noteUnasked(header.id, unasked + contradicted)
  const texts = known.targets.map((target) => said?.texts[toSend.indexOf(target)] ?? null)
  const look = async (): Promise<Evidence> => ({
    ...known,
    ...(await readOrNothing(bench, header, known.targets)),
    texts,
  })

  let evidence = await look()
  if (outcome.kind === 'refused') return await settleRefused(bench, sent, evidence, outcome.error)
  if (said === undefined) {
    const why = outcome.kind === 'ambiguous' ? outcome.error.code : 'an answer that cannot be read'
    return await settleUnclear(bench, sent, evidence, why)
  }
  const answer = header.kind === 'toggle' ? said.values[0] : undefined
  let verdict = verdictOnAnswer(evidence, answer, false)
  if (verdict === undefined) {
    await clock.sleep(Math.min(STALENESS_MS, Math.max(0, scope.deadline.remainingMs() - RECORD_RESERVE_MS)))
    evidence = await look()
    verdict = verdictOnAnswer(evidence, answer, true)
  }
  const { state, note }: Verdict = verdict ?? { state: 'UNKNOWN', note: 'not read back' }
  const failure = failureIn(state, evidence, contradicted > 0)
  return await recordVerdict(bench, header, { state, note }, evidence, 'owner', { failure })
}

/** It may still land: what is seen now is looked at again when nothing can. */
async function settleUnclear(
  bench: Workbench,
  { header }: SentWrite,
  evidence: Evidence,
  why: string,
): Promise<StepTaken> {
  if (areSentAsDesired(evidence)) {
    const verdict: Verdict = { state: 'APPLIED', note: `confirmed by reading back after ${why}` }
    return await recordVerdict(bench, header, verdict, evidence, 'owner', {
      lookDueAtMs: header.quietUntilMs,
    })
  }
  const verdict: Verdict = { state: 'UNKNOWN', note: `no clear answer (${why}), and not seen yet` }
  return await recordVerdict(bench, header, verdict, evidence, 'owner')
}

/** Of what was not applied, as far as Genesys said why. */
function failureIn(state: ChangeState, evidence: Evidence, isContradicted: boolean): Failure | undefined {
  if (state !== 'FAILED' && state !== 'PARTIAL') return undefined
  const { outcomes } = evidenceRowOf(evidence)
  const isMissing = (_: unknown, index: number) =>
    outcomes[index] === 'not.applied' || outcomes[index] === 'unknown'
  const missing = evidence.texts.filter(isMissing)
  const what = state === 'FAILED' ? 'none of it' : `all but ${missing.length} of it`
  return notApplied(missing, what, isContradicted)
}

/** What certainly was not sent is as it was read before: there is nothing to look for, and little time. */
function giveUpUnsent(bench: Workbench, sent: SentWrite, error: GatewayError): Promise<StepTaken> {
  const failure = failureOf(error)
  return failWith(bench, sent, sent.known, sent.known, failure, `nothing was sent: ${failure.code}`)
}

async function settleRefused(
  bench: Workbench,
  sent: SentWrite,
  evidence: Evidence,
  error: GatewayError,
): Promise<StepTaken> {
  if (areSentAsDesired(evidence)) {
    const note = 'Genesys refused it, and it reads as desired all the same'
    return await recordVerdict(bench, sent.header, { state: 'APPLIED', note }, evidence, 'owner')
  }
  const failure = failureOf(error)
  // What was turned down for certain has changed nothing: unread, it is as it was read before.
  const seen = evidence.isRead ? evidence : { ...sent.known, atMs: evidence.atMs }
  return await failWith(bench, sent, evidence, seen, failure, `Genesys refused it: ${failure.code}`)
}

async function failWith(
  bench: Workbench,
  { header }: SentWrite,
  evidence: Evidence,
  seen: Evidence,
  failure: Failure,
  note: string,
): Promise<StepTaken> {
  const members = { evidenceRow: randomId() }
  return await giveUp(bench, header, failure, note, members, {
    evidence: evidenceRowOf(evidence),
    journal: journalRowOf(header, 'FAILED', seen),
  })
}

/** A 2xx whose body is none of the contract says nothing. */
function saidBy(
  { response }: Extract<WriteOutcome, { kind: 'answered' }>,
  { kind }: Header,
  toSend: readonly Target[],
): WriteAnswer | undefined {
  try {
    return kinds[kind].readAnswer(response, toSend)
  } catch (error) {
    if (error instanceof GatewayError) return undefined
    throw error
  }
}

export function tooShort(): GatewayError {
  return new GatewayError(
    'deadline.too.short',
    'Too little time was left to send this and record it; try again',
    { retryAfterSeconds: 1 },
  )
}
