/**
 * `advance(changeId)`: what a request, an event, a redelivery or the tick does with a change that is on record. Each
 * step is one conditional write; where it fails, another is at work and the change is left as it stands.
 */

import { type Header, isSettled } from '../model/change.ts'
import { reminderDueAt, revertDueAt } from '../model/due.ts'
import { isPlannedRevert } from '../model/identity.ts'
import { extendChange } from '../plan/plan-extension.ts'
import type { Workbench } from '../record/desk.ts'
import { amendHeader, moveHeader, storeHeader } from '../record/write-header.ts'
import { announce } from './announce.ts'
import { carryOut } from './claim.ts'
import { lookAgain, readBack } from './look-again.ts'
import { carryOutRevert, revert } from './revert.ts'

/** More steps than any change takes in one go, so that a mistake here is an error and not a loop. */
const MAX_STEPS = 12

/** With less than this left of the invocation, telling is left to the tick: whoever waits is to be answered. Milliseconds. */
const MIN_TELLING_MS = 1_500

/** Tells of a change, and returns it as it then stands. */
type Tell = (bench: Workbench, header: Header) => Promise<Header>

const tellInTime: Tell = async (bench, header) =>
  bench.scope.deadline.remainingMs() < MIN_TELLING_MS ? header : await announce(bench, header)

/**
 * Telling comes last: it holds up nothing else of the change.
 *
 * @param known the header, where this invocation has just made or read it: what is stale fails at its first conditional write.
 * @param tell what tells of it where it has come to rest.
 * @returns the change as it stands afterwards; undefined where there is none of that id.
 */
export async function advance(
  bench: Workbench,
  changeId: string,
  known?: Header,
  tell: Tell = tellInTime,
): Promise<Header | undefined> {
  let header = known ?? (await bench.ledger.get(changeId))
  for (let steps = 0; header !== undefined; steps++) {
    if (steps === MAX_STEPS) throw new Error(`The change ${changeId} does not come to rest`)
    const next: Header | undefined = await step(bench, header, tell)
    if (next === header) return await tell(bench, header)
    // Where another write came first, its header is the one that counts.
    header = next ?? (await bench.ledger.get(changeId))
    if (next === undefined) return header
  }
  return undefined
}

/** @returns the next header; the same one where there is nothing to do now; undefined where another write came first. */
async function step(bench: Workbench, header: Header, tell: Tell): Promise<Header | undefined> {
  const nowMs = bench.clock.nowMs()
  const lapsed = lapseOf(header, nowMs)
  if (lapsed !== undefined) {
    return await storeHeader(
      bench,
      moveHeader(header, { state: 'EXPIRED', by: 'gateway', note: lapsed }, nowMs),
      header,
    )
  }
  switch (header.state) {
    case 'AWAITING_APPROVAL':
      return await whileAwaited(bench, header, nowMs)
    case 'PLANNED':
    case 'APPROVED':
      if (header.isReleased && nowMs >= startOf(header)) return await begin(bench, header)
      return header
    case 'CLAIMED':
      return nowMs >= (header.leaseUntilMs ?? 0) ? await carryOut(bench, header) : header
    case 'SENT':
    case 'UNKNOWN':
      // Whether the quiet period is over is noted before the read that is judged by it.
      return nowMs >= (header.quietUntilMs ?? 0) ? await readBack(bench, header) : header
    default:
      return await afterwards(bench, header, nowMs, tell)
  }
}

function begin(bench: Workbench, header: Header): Promise<Header | undefined> {
  if (header.extends !== undefined) return extendChange(bench, header)
  return isPlannedRevert(header) ? carryOutRevert(bench, header) : carryOut(bench, header)
}

function startOf({ notBeforeMs = 0, retryAtMs = 0 }: Header): number {
  return Math.max(notBeforeMs, retryAtMs)
}

/** Why a change can no longer be carried out; only what has not been sent ends so (ADR 7, rule 6). */
function lapseOf(header: Header, nowMs: number): string | undefined {
  const { state, isReleased, notAfterMs, approval } = header
  if (state === 'AWAITING_APPROVAL') {
    return nowMs >= (approval?.expiresAtMs ?? 0) ? 'nobody approved it in time' : undefined
  }
  if (state === 'PLANNED' && !isReleased) {
    return nowMs >= (header.dueAtMs ?? Number.POSITIVE_INFINITY)
      ? 'nobody applied the plan in time'
      : undefined
  }
  // It was approved in time, and half of it may be done.
  if (header.extends !== undefined) return undefined
  const isUnsent = state === 'PLANNED' || state === 'APPROVED' || isAbandonedClaim(header, nowMs)
  return isUnsent && notAfterMs !== undefined && nowMs > notAfterMs
    ? `its time was up at ${new Date(notAfterMs).toISOString()}`
    : undefined
}

function isAbandonedClaim({ state, leaseUntilMs = 0 }: Header, nowMs: number): boolean {
  return state === 'CLAIMED' && nowMs >= leaseUntilMs
}

/** Approvers are reminded once. */
async function whileAwaited(bench: Workbench, header: Header, nowMs: number): Promise<Header | undefined> {
  const remindAtMs = reminderDueAt(header)
  if (!header.approval || remindAtMs === undefined || nowMs < remindAtMs) return header
  const approval = { ...header.approval, isReminded: true }
  const members = { approval, eventVersion: header.version + 1, workPutOff: undefined }
  const next = amendHeader(header, members, nowMs)
  return (await bench.ledger.replace(next, header)) ? next : undefined
}

/** What is still to be done about a change that has settled. */
async function afterwards(
  bench: Workbench,
  header: Header,
  nowMs: number,
  tell: Tell,
): Promise<Header | undefined> {
  if (!isSettled(header.state)) return header
  if (header.lookDueAtMs !== undefined && nowMs >= header.lookDueAtMs) return await lookAgain(bench, header)
  const revertAtMs = revertDueAt(header)
  if (revertAtMs === undefined || nowMs < revertAtMs) return header
  const reverted = await revert(bench, header)
  if (reverted?.revert?.changeId !== undefined)
    await advance(bench, reverted.revert.changeId, undefined, tell)
  return reverted
}
