/** A schedule as callers see it, its members always in one order. */
import type { SeatCount } from '../model/change.ts'
import type { ScheduleRecord } from '../model/schedule.ts'
import { orderOf, partyOf, seatFindingsOf } from './member-order.ts'
import { approvalOf } from './render-change.ts'
import type { Schedule } from './schedule-schemas.ts'

/** @param seats what it would do to them if it fired now, where that was looked up. */
export function scheduleOf(record: ScheduleRecord, seats?: readonly SeatCount[]): Schedule {
  const { id, state, when, order, digest, actor, approval, deletedBy, lastChangeId, createdAtMs } = record
  const { at, cron, rate, timeZone = 'UTC' } = when
  return {
    id,
    state,
    at,
    cron,
    rate,
    timeZone,
    change: orderOf(order),
    digest,
    actor: partyOf(actor),
    approval: approval && approvalOf(approval),
    seats: seats && seatFindingsOf(seats),
    deletedBy: deletedBy && partyOf(deletedBy),
    lastChangeId,
    createdAt: new Date(createdAtMs).toISOString(),
  }
}
