/**
 * A list that is yet to be planned: the tick sees to its reading, and asks for a turn once there is one; the turn plans it,
 * whole, in one write. A turn that dies leaves it as it was, and the tick asks for another.
 */
import { GatewayError } from '../../../errors.ts'
import { failureOf, isLedgerDown } from '../../model/failure.ts'
import type { HeaderIn, HeaderMembers } from '../../model/header.ts'
import { randomId } from '../../model/record-ids.ts'
import { LOST_TURN_MS, NEXT_TICK_MS } from '../../model/timing.ts'
import { countRows, unpackOrder } from '../../plan/lists/list-order.ts'
import { type ListPlan, planFromReading } from '../../plan/lists/plan-list.ts'
import type { RowFaults } from '../../plan/lists/row-faults.ts'
import type { Workbench } from '../../record/desk.ts'
import type { RosterReading } from '../../record/roster.ts'
import {
  amendHeader,
  type Beside,
  moveHeader,
  type StepTaken,
  storeHeader,
} from '../../record/write-header.ts'
import { askForTurn } from './ask-for-turn.ts'

type PlanningHeader = HeaderIn<'PLANNING'>

/** Asks for its reading, or for its turn where there is one. */
export async function goOnPlanning(bench: Workbench, seen: PlanningHeader): Promise<StepTaken> {
  const nowMs = bench.clock.nowMs()
  if (nowMs < (seen.planning.waitUntilMs ?? 0)) return { kind: 'waits', header: seen }
  const reading = await readingFor(bench, seen)
  const put = await putOff(bench, seen, reading ? LOST_TURN_MS : NEXT_TICK_MS)
  // The turn may begin at once, and while it is at it nothing else writes the list, or its work would be for nothing.
  if (reading && put.kind === 'waits') await askForTurn(bench, put.header)
  return put
}

async function putOff(bench: Workbench, seen: PlanningHeader, waitMs: number): Promise<StepTaken> {
  const nowMs = bench.clock.nowMs()
  const planning = { ...seen.planning, waitUntilMs: nowMs + waitMs }
  const stored = await storeHeader(bench, amendHeader(seen, { planning }, nowMs), seen)
  return stored.kind === 'advanced' ? { kind: 'waits', header: stored.header } : stored
}

/** The reading that it is planned from, once there is one. */
async function readingFor(
  { roster }: Workbench,
  { planning, actor }: PlanningHeader,
): Promise<RosterReading | undefined> {
  const reading = await roster.beganAfter(planning.askedAtMs, actor)
  if (!reading || reading.isWhole || !planning.isWholeNeeded) return reading
  await roster.beganAfter(reading.atMs, actor)
  return undefined
}

/** @throws GatewayError `ledger.unavailable`, so that the turn comes again. */
export async function planInTurn(bench: Workbench, seen: PlanningHeader): Promise<StepTaken> {
  const reading = await readingFor(bench, seen)
  if (!reading) return { kind: 'waits', header: seen }
  let made: ListPlan
  let rows: number
  try {
    const order = await unpackOrder(bench.ledger.order(seen.id, seen.planning.orderName))
    rows = countRows(order)
    made = await planFromReading(bench, seen, order, reading)
  } catch (error) {
    if (isLedgerDown(error) || !(error instanceof GatewayError)) throw error
    if (!isRefusal(error)) {
      bench.log.noteDeferred(seen.id, 'it could not be planned yet', error)
      return await putOff(bench, seen, Math.max((error.retryAfterSeconds ?? 0) * 1_000, NEXT_TICK_MS))
    }
    return await end(bench, seen, 'FAILED', { failure: { ...failureOf(error), isPassing: false } })
  }
  return made.kind === 'invalid'
    ? await putInvalid(bench, seen, made.faults, rows)
    : await putPlanned(bench, seen, made)
}

/** The rules, or the ledger's bounds, say no, and will say it again. */
function isRefusal({ status, upstreamStatus }: GatewayError): boolean {
  return upstreamStatus === undefined && status >= 400 && status < 500 && status !== 429
}

async function putPlanned(
  bench: Workbench,
  seen: PlanningHeader,
  { planned: { header, plan, parts } }: Extract<ListPlan, { kind: 'planned' }>,
): Promise<StepTaken> {
  const { state, digest, planRow, subject, impact, list, approval, history } = header
  const members = { digest, planRow, keptPlan: undefined, subject, impact, list, approval }
  const note = history.at(-1)?.note
  const nowMs = bench.clock.nowMs()
  const next = moveHeader(seen, { state, as: 'worker', by: 'gateway', note, with: members }, nowMs)
  return await storeHeader(bench, next, seen, { planned: { plan, parts } })
}

async function putInvalid(
  bench: Workbench,
  seen: PlanningHeader,
  faults: RowFaults,
  rows: number,
): Promise<StepTaken> {
  const failure = {
    code: 'bad.request',
    status: 400,
    message: `${faults.countIn(rows)}. Its results list ${faults.isCut ? 'the first of them' : 'all of them'}: mend these rows and plan it anew`,
    isPassing: false,
  }
  const plan = { targets: [], faults: faults.kept }
  return await end(bench, seen, 'INVALID', { failure, planRow: randomId(), keptPlan: undefined }, { plan })
}

async function end(
  bench: Workbench,
  seen: PlanningHeader,
  state: 'INVALID' | 'FAILED',
  members: Partial<HeaderMembers>,
  planned?: Beside['planned'],
): Promise<StepTaken> {
  const next = moveHeader(seen, { state, as: 'worker', by: 'gateway', with: members }, bench.clock.nowMs())
  return await storeHeader(bench, next, seen, { planned })
}
