/** What schedules that wait for approval would do to seats, if they fired now: what an approver of a change sees too. */
import type { SeatCount } from '../../model/change.ts'
import type { ScheduleRecord } from '../../model/schedule.ts'
import {
  type CountingDesk,
  countSeats,
  findComingToSeats,
  licensesMovedOf,
  readOccupancies,
} from '../count-seats.ts'
import { orderTargetsOf } from '../read-order.ts'

/**
 * Who holds what is looked up once, however many they are, and not at all where none of them waits.
 *
 * @returns by the schedule's id; nothing of one that does not wait, or of which nothing is known.
 * @throws GatewayError `ledger.unavailable`
 */
export async function weighSchedules(
  desk: CountingDesk,
  records: readonly ScheduleRecord[],
): Promise<ReadonlyMap<string, readonly SeatCount[]>> {
  const nowMs = desk.clock.nowMs()
  const waiting = records.flatMap(({ id, state, approval, order }) => {
    const isWaiting = state === 'AWAITING_APPROVAL' && approval !== undefined && nowMs < approval.expiresAtMs
    const targets = isWaiting ? orderTargetsOf(order) : []
    const licenses = new Set(licensesMovedOf(targets))
    return licenses.size === 0 ? [] : [{ id, targets, licenses }]
  })
  if (waiting.length === 0) return new Map()
  const all = waiting.flatMap(({ licenses }) => [...licenses])
  // Before the count: what has settled by now is in the journal by then.
  const coming = await findComingToSeats(desk, all)
  const occupancies = await readOccupancies(desk, all)
  return new Map(
    waiting.flatMap(({ id, targets, licenses }) => {
      const own = occupancies.filter(({ licenseId }) => licenses.has(licenseId))
      return own.length === 0 ? [] : [[id, countSeats(own, targets, coming)] as const]
    }),
  )
}
