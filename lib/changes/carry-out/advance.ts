/**
 * `advance(changeId)`: what a request, an event, a redelivery or the tick does with a change that is on record. Each
 * step is one conditional write; where it fails, another is at work and the change is left as it stands.
 */

import { isoOf } from '../../utc-day.ts'
import { approvalLapseOf, endReminderDueAtOf, reminderDueAtOf, revertDueAtOf } from '../model/due.ts'
import { type Header, type HeaderIn, revertOf } from '../model/header.ts'
import { isPlannedRevert } from '../model/record-ids.ts'
import { PLAN_LIFE_MS, PLANNING_LIFE_MS } from '../model/timing.ts'
import { isSettled } from '../model/transitions.ts'
import { isUndone } from '../model/verdict.ts'
import type { Workbench } from '../record/desk.ts'
import { readSequelsOf } from '../record/read-sequels.ts'
import {
  amendHeader,
  moveHeader,
  requireHeader,
  type StepTaken,
  storeHeader,
} from '../record/write-header.ts'
import { announce } from './announce.ts'
import { carryOutExtension } from './carry-out-extension.ts'
import { carryOut } from './claim.ts'
import { askForTurn } from './lists/ask-for-turn.ts'
import { goOnPlanning } from './lists/plan-in-turn.ts'
import { beginList, goOnWithList, isList } from './lists/step-list.ts'
import { lookAgain, readBack } from './look-again.ts'
import { carryOutRevert, makeRevert } from './revert.ts'

/** More steps than any change takes in one go, so that a mistake here is an error and not a loop. */
const MAX_STEPS = 12

/** With less than this left of the invocation, telling is left to the tick: whoever waits is to be answered. Milliseconds. */
const MIN_TELLING_MS = 1_500

/** Tells of a change, and returns it as it then stands. */
type Tell = (bench: Workbench, header: Header) => Promise<Header>

const tellInTime: Tell = async (bench, header) =>
  bench.scope.deadline.remainingMs() < MIN_TELLING_MS ? header : await announce(bench, header)

/** Where a change was left, and why there: what its last step was answered with. */
export interface Rest {
  readonly kind: Exclude<StepTaken['kind'], 'advanced'>
  readonly header: Header
}

/**
 * Telling comes last: it holds up nothing else of the change.
 *
 * @param known the header, where this invocation has just made or read it: what is stale fails at its first conditional write.
 * @param tell what tells of it where it has come to rest.
 * @throws GatewayError `not.found`
 */
export async function advance(
  bench: Workbench,
  changeId: string,
  known?: Header,
  tell: Tell = tellInTime,
): Promise<Rest> {
  let header = known ?? (await requireHeader(bench, changeId))
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    const step = await takeStep(bench, header, tell)
    switch (step.kind) {
      case 'advanced':
        header = step.header
        break
      case 'waits':
        return { kind: 'waits', header: await tell(bench, step.header) }
      case 'overtaken':
        return { kind: 'overtaken', header: await requireHeader(bench, changeId) }
      case 'stopped':
        return { kind: 'stopped', header: step.header }
    }
  }
  throw new Error(`The change ${changeId} does not come to rest`)
}

async function takeStep(bench: Workbench, header: Header, tell: Tell): Promise<StepTaken> {
  const nowMs = bench.clock.nowMs()
  const waits: StepTaken = { kind: 'waits', header }
  const lapsed = lapseOf(header, nowMs)
  if (lapsed !== undefined) {
    const expired = moveHeader(header, { state: 'EXPIRED', as: 'clock', by: 'gateway', note: lapsed }, nowMs)
    return await storeHeader(bench, expired, header)
  }
  switch (header.state) {
    case 'PLANNING':
      return await goOnPlanning(bench, header)
    case 'AWAITING_APPROVAL':
      return await remindApprovers(bench, header, nowMs)
    case 'RUNNING':
    case 'PAUSED':
      return await goOnWithList(bench, header)
    case 'PLANNED':
    case 'APPROVED':
      return header.isReleased && nowMs >= startOf(header) ? await begin(bench, header) : waits
    case 'CLAIMED':
      return nowMs >= header.leaseUntilMs ? await carryOut(bench, header) : waits
    case 'SENT':
    case 'UNKNOWN':
      // Whether the quiet period is over is noted before the read that is judged by it.
      return nowMs >= header.quietUntilMs ? await readBack(bench, header) : waits
    default:
      return await followUp(bench, header, nowMs, tell)
  }
}

function begin(bench: Workbench, header: Header): Promise<StepTaken> {
  if (header.extends !== undefined) return carryOutExtension(bench, header)
  if (isPlannedRevert(header)) return carryOutRevert(bench, header)
  return isList(header) ? beginList(bench, header) : carryOut(bench, header)
}

function startOf({ notBeforeMs = 0, retryAtMs = 0 }: Header): number {
  return Math.max(notBeforeMs, retryAtMs)
}

/** Why a change can no longer be carried out; only what has not been sent ends so (ADR 7, rule 6). */
function lapseOf(header: Header, nowMs: number): string | undefined {
  const { state, isReleased, notAfterMs } = header
  const approvedUntilMs = approvalLapseOf(header)
  if (approvedUntilMs !== undefined && nowMs >= approvedUntilMs) {
    return `nothing of it had begun when its approval lapsed, at ${isoOf(approvedUntilMs)}`
  }
  if (header.state === 'AWAITING_APPROVAL') {
    return nowMs >= header.approval.expiresAtMs ? 'nobody approved it in time' : undefined
  }
  if (state === 'PLANNING' && nowMs >= header.createdAtMs + PLANNING_LIFE_MS) {
    return 'no reading that it could be planned from was had in time'
  }
  if (state === 'PLANNED' && !isReleased) {
    return nowMs >= header.createdAtMs + PLAN_LIFE_MS ? 'nobody applied the plan in time' : undefined
  }
  // It was approved in time, and half of it may be done.
  if (header.extends !== undefined) return undefined
  const isUnsent =
    state === 'PLANNING' || state === 'PLANNED' || state === 'APPROVED' || isAbandonedClaim(header, nowMs)
  return isUnsent && notAfterMs !== undefined && nowMs > notAfterMs
    ? `its time was up at ${new Date(notAfterMs).toISOString()}`
    : undefined
}

function isAbandonedClaim(header: Header, nowMs: number): boolean {
  return header.state === 'CLAIMED' && nowMs >= header.leaseUntilMs
}

/** Approvers are reminded once. */
async function remindApprovers(
  bench: Workbench,
  header: HeaderIn<'AWAITING_APPROVAL'>,
  nowMs: number,
): Promise<StepTaken> {
  const remindAtMs = reminderDueAtOf(header)
  if (remindAtMs === undefined || nowMs < remindAtMs) return { kind: 'waits', header }
  const approval = { ...header.approval, isReminded: true }
  const members = { approval, eventVersion: header.version + 1, workPutOff: undefined }
  return await storeHeader(bench, amendHeader(header, members, nowMs), header)
}

/**
 * People are reminded that it is taken back: once for each time, and of those that have gone by together once. Of what is
 * undone they are not.
 */
async function remindOfEnd(
  bench: Workbench,
  header: Header,
  nowMs: number,
  revertAtMs: number,
): Promise<StepTaken> {
  const remindAtMs = endReminderDueAtOf(header)
  if (remindAtMs === undefined || nowMs < remindAtMs) return { kind: 'waits', header }
  const version = header.version + 1
  const { remindBeforeMs, ...revert } = revertOf(header)
  const left = remindBeforeMs?.filter((beforeMs) => revertAtMs - beforeMs > nowMs)
  // Nothing of it is left to go back, or will be.
  const isToTell = !isUndone((await readSequelsOf(bench.ledger, header)).undone)
  const members = {
    revert: { ...revert, remindBeforeMs: left, ...(isToTell && { remindedVersion: version }) },
    ...(isToTell && { eventVersion: version }),
    workPutOff: undefined,
  }
  return await storeHeader(bench, amendHeader(header, members, nowMs), header)
}

/** What is still to be done about a change that has settled. */
async function followUp(bench: Workbench, header: Header, nowMs: number, tell: Tell): Promise<StepTaken> {
  if (!isSettled(header.state)) return { kind: 'waits', header }
  if (header.lookDueAtMs !== undefined && nowMs >= header.lookDueAtMs) return await lookAgain(bench, header)
  const revertAtMs = revertDueAtOf(header)
  if (revertAtMs === undefined) return { kind: 'waits', header }
  if (nowMs < revertAtMs) return await remindOfEnd(bench, header, nowMs, revertAtMs)
  // Thousands of rows are more than whoever waits, or the tick, has time for.
  if (isList(header)) {
    await askForTurn(bench, header)
    return { kind: 'waits', header }
  }
  const reverted = await makeRevert(bench, header)
  const revertId = reverted.kind === 'advanced' ? reverted.header.revert?.changeId : undefined
  if (revertId !== undefined) await advance(bench, revertId, undefined, tell)
  return reverted
}
