/** A plan that waits, as whoever looks at it or decides about it is told it: with what others have done meanwhile. */
import type { PlanRow, Reading, Target } from '../../model/change.ts'
import type { Header } from '../../model/header.ts'
import { INVOCATION_LIFE_MS } from '../../model/timing.ts'
import { waitingStates } from '../../model/transitions.ts'
import {
  type CountingDesk,
  countSeats,
  findComingToSeats,
  licensesMovedOf,
  readHoldingsKnown,
  readOccupancies,
} from '../count-seats.ts'
import { findChangedSince, isAnythingSince } from './find-changed.ts'

/**
 * The plan with its seats counted anew while the change waits, and whom others have changed since. Of a list the pairs are
 * read again only where something is known that its plan did not know.
 *
 * @throws GatewayError `ledger.unavailable`
 */
export async function recountWaiting(desk: CountingDesk, header: Header, plan: PlanRow): Promise<PlanRow> {
  const { id, kind, state, subject, extends: extended } = header
  if (kind !== 'assignments' || extended !== undefined || !waitingStates.includes(state)) return plan
  // It was read before the record was made, within the life of the function that made it.
  const lookedAtMs = plannedAtOf(header) - INVOCATION_LIFE_MS
  const licenses = header.list && 'pairs' in subject ? [...subject.licenses] : licensesMovedOf(plan.targets)
  // Before the journal: what has settled by now is in it by then.
  const coming = await findComingToSeats(desk, licenses, id)
  const known = await readHoldingsKnown(desk)
  const isOld = coming.length === 0 && (!known || !isAnythingSince(known, lookedAtMs))
  const isOpenStill = plan.seats?.some(({ open = 0 }) => open > 0) ?? false
  if (header.list && isOld && !isOpenStill) {
    return { ...plan, changedSince: findChangedSince(known, [], [], lookedAtMs) }
  }
  const { targets, before } = await readPairs(desk, header, plan)
  const looked = before && { atMs: lookedAtMs, values: before }
  const occupancies = await readOccupancies(
    desk,
    licensesMovedOf(targets),
    targets,
    looked,
    async () => known,
  )
  return {
    ...plan,
    seats: occupancies.length === 0 ? plan.seats : countSeats(occupancies, targets, coming),
    changedSince: before && findChangedSince(known, targets, before, lookedAtMs),
  }
}

/** A list that a turn has planned was planned later than it was made. */
function plannedAtOf({ history, createdAtMs }: Header): number {
  return history.find(({ state }) => state !== 'PLANNING')?.atMs ?? createdAtMs
}

async function readPairs(
  { ledger }: CountingDesk,
  header: Header,
  plan: PlanRow,
): Promise<Pick<PlanRow, 'targets' | 'before'>> {
  if (!header.list) return plan
  const targets: Target[] = []
  const before: Reading[] = []
  for await (const part of ledger.parts(header)) {
    targets.push(...part.targets)
    before.push(...part.targets.map((_, index) => part.before?.[index]))
  }
  return { targets, before }
}
