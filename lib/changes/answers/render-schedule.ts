/** A schedule as callers see it, its members always in one order. */
import type { ScheduleRecord } from '../model/schedule.ts'
import { orderOf, partyOf } from './member-order.ts'
import { approvalOf } from './render-change.ts'
import type { Schedule } from './schedule-schemas.ts'

export function scheduleOf(record: ScheduleRecord): Schedule {
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
    deletedBy: deletedBy && partyOf(deletedBy),
    lastChangeId,
    createdAt: new Date(createdAtMs).toISOString(),
  }
}
