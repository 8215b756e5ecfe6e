/** The permit, one POST under it, and what became of it: rules 7 to 10 of ADR 7. */

import { randomUUID } from 'node:crypto'
import { deadlineBefore } from '../../clock.ts'
import { GatewayError } from '../../errors.ts'
import { send, type WriteOutcome } from '../../genesys/send-write.ts'
import type { Failure, Header } from '../model/change.ts'
import { failureOf, isLedgerDown, notApplied, withNothingSent } from '../model/failure.ts'
import { randomId } from '../model/identity.ts'
import type { Target } from '../model/targets.ts'
import { QUIET_MS, RECORD_RESERVE_MS, STALENESS_MS } from '../model/timing.ts'
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
import { type Move, moveHeader, storeHeader } from '../record/write-header.ts'
import { giveUp } from './give-up.ts'
import { readOrNothing, settle } from './settle.ts'

/**
 * Takes the permit and sends what is unlike desired, once.
 *
 * @param seen CLAIMED by this invocation, or UNKNOWN where a repeatable write is permitted once more.
 * @param known what was read just before; it is put on record, so that whoever judges later knows what was sent.
 * @returns the header as it then stands, SENT where the ledger did not take what came of it; undefined where another
 *   write came first, and nothing was sent.
 */
export async function permitAndSend(
  bench: Workbench,
  seen: Header,
  known: Evidence,
): Promise<Header | undefined> {
  const { clock, ledger } = bench
  const evidenceRow = randomId()
  // Before the permit, so that from the first moment in which it may land nobody counts without it.
  const journalRow = journalRowOf(seen, 'SENT', { ...known, atMs: clock.nowMs() })
  await ledger.addEvidence(seen.id, evidenceRow, evidenceRowOf(known), journalRow)
  const nowMs = clock.nowMs()
  const supersededBy = newerIn(known)
  const permit: Move = {
    state: 'SENT',
    by: 'gateway',
    with: {
      owner: randomUUID(),
      leaseUntilMs: undefined,
      permits: seen.permits + 1,
      sentAtMs: nowMs,
      quietUntilMs: nowMs + QUIET_MS,
      evidenceRow,
      ...(supersededBy === undefined ? {} : { supersededBy }),
    },
  }
  const sent = await storeHeader(bench, moveHeader(seen, permit, nowMs), seen)
  if (!sent) return undefined
  const toSend = known.targets.filter(
    (target, index) => known.wasSent[index] && !isAsDesired(target, known.after[index]),
  )
  const outcome = await sendOnce(bench, sent, toSend)
  try {
    return await judge(bench, sent, known, toSend, outcome)
  } catch (error) {
    if (!isLedgerDown(error)) throw error
    // An error would say that nothing has happened: it stays SENT, and the tick looks what became of it.
    bench.log.left(sent.id, 'what came of it could not be recorded', error)
    return leaveOpen(sent)
  }
}

const leftOpen = new WeakSet<Header>()

/** The ledger failed in the middle of it: the header as it was seen last, for an answer that says that it goes on. */
export function leaveOpen(header: Header): Header {
  leftOpen.add(header)
  return header
}

/** Whether the ledger failed in the middle of it in this invocation: nobody is at it whom waiting could help. */
export function isLeftOpen(header: Header): boolean {
  return leftOpen.has(header)
}

/** Time to read back and to record is kept; the sender looks at what is left before each socket write. */
async function sendOnce(
  { scope }: Workbench,
  { kind }: Header,
  toSend: readonly Target[],
): Promise<WriteOutcome> {
  const deadline = deadlineBefore(scope.deadline, RECORD_RESERVE_MS)
  try {
    return await send({ ...scope, deadline }, kinds[kind].callOf(toSend))
  } catch (error) {
    // No token to be had after a 401, which upstream did not act on.
    if (error instanceof GatewayError) return { kind: 'unsent', error: withNothingSent(error) }
    throw error
  }
}

async function judge(
  bench: Workbench,
  sent: Header,
  known: Evidence,
  toSend: readonly Target[],
  outcome: WriteOutcome,
): Promise<Header | undefined> {
  const { clock, scope } = bench
  if (outcome.kind === 'unsent') return await giveUpUnsent(bench, sent, known, outcome.error)
  const said = outcome.kind === 'answered' ? saidBy(outcome, sent, toSend) : undefined
  const { unasked, contradicted } = said ?? { unasked: 0, contradicted: 0 }
  if (unasked + contradicted > 0) bench.log.unasked(sent.id, unasked + contradicted)
  const texts = known.targets.map((target) => said?.texts[toSend.indexOf(target)] ?? null)
  const look = async (): Promise<Evidence> => ({
    ...known,
    ...(await readOrNothing(bench, sent, known.targets)),
    texts,
  })

  let evidence = await look()
  if (outcome.kind === 'refused') return await settleRefused(bench, sent, known, evidence, outcome.error)
  if (said === undefined) {
    const why = outcome.kind === 'ambiguous' ? outcome.error.code : 'an answer that cannot be read'
    // It may still land: what is seen now is looked at again when nothing can.
    return areSentAsDesired(evidence)
      ? await settle(
          bench,
          sent,
          { state: 'APPLIED', note: `confirmed by reading back after ${why}` },
          evidence,
          {
            lookDueAtMs: sent.quietUntilMs,
          },
        )
      : await settle(
          bench,
          sent,
          { state: 'UNKNOWN', note: `no clear answer (${why}), and not seen yet` },
          evidence,
        )
  }
  const answer = sent.kind === 'toggle' ? said.values[0] : undefined
  let verdict = verdictOnAnswer(evidence, answer, false)
  if (verdict === undefined) {
    await clock.sleep(Math.min(STALENESS_MS, Math.max(0, scope.deadline.remainingMs() - RECORD_RESERVE_MS)))
    evidence = await look()
    verdict = verdictOnAnswer(evidence, answer, true)
  }
  const failure = verdict && failureIn(verdict, evidence, contradicted > 0)
  const members = failure ? { failure } : {}
  return await settle(bench, sent, verdict ?? { state: 'UNKNOWN', note: 'not read back' }, evidence, members)
}

/** Of what was not applied, as far as Genesys said why. */
function failureIn({ state }: Verdict, evidence: Evidence, isContradicted: boolean): Failure | undefined {
  if (state !== 'FAILED' && state !== 'PARTIAL') return undefined
  const { outcomes } = evidenceRowOf(evidence)
  const isMissing = (_: unknown, index: number) =>
    outcomes[index] === 'not.applied' || outcomes[index] === 'unknown'
  const missing = evidence.texts.filter(isMissing)
  const what = state === 'FAILED' ? 'none of it' : `all but ${missing.length} of it`
  return notApplied(missing, what, isContradicted)
}

/** What certainly was not sent is as it was read before: there is nothing to look for, and little time. */
function giveUpUnsent(bench: Workbench, sent: Header, known: Evidence, error: GatewayError) {
  const failure = failureOf(error)
  return failedAs(bench, sent, known, known, failure, `nothing was sent: ${failure.code}`)
}

async function settleRefused(
  bench: Workbench,
  sent: Header,
  known: Evidence,
  evidence: Evidence,
  error: GatewayError,
) {
  if (areSentAsDesired(evidence)) {
    const note = 'Genesys refused it, and it reads as desired all the same'
    return await settle(bench, sent, { state: 'APPLIED', note }, evidence)
  }
  const failure = failureOf(error)
  // What was turned down for certain has changed nothing: unread, it is as it was read before.
  const seen = evidence.isRead ? evidence : { ...known, atMs: evidence.atMs }
  return await failedAs(bench, sent, evidence, seen, failure, `Genesys refused it: ${failure.code}`)
}

async function failedAs(
  bench: Workbench,
  sent: Header,
  evidence: Evidence,
  seen: Evidence,
  failure: Failure,
  note: string,
) {
  const evidenceRow = randomId()
  const journalRow = journalRowOf(sent, 'FAILED', seen)
  await bench.ledger.addEvidence(sent.id, evidenceRow, evidenceRowOf(evidence), journalRow)
  return await giveUp(bench, sent, failure, note, { evidenceRow })
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
