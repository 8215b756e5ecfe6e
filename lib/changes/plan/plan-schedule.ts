/** From an order at a time, or again and again, to a schedule on record: judged as its change is, when it is made. */
import type { ScheduleOrder } from '../answers/schedule-schemas.ts'
import type { Actor } from '../model/change.ts'
import { instantOf } from '../model/local-time.ts'
import { type Policy, requestLifeMs } from '../model/policy.ts'
import { digestOf, randomId } from '../model/record-ids.ts'
import type { ScheduleRecord, When } from '../model/schedule.ts'
import type { Desk } from '../record/desk.ts'
import { admitRequesters, findApprovalReasons } from './four-eyes.ts'
import { refuseBeyondLimits } from './guards/refuse-limits.ts'
import { refuseWithoutReason } from './guards/require-reason.ts'
import { readOrder } from './read-order.ts'
import { refuseNever, refuseUntimely } from './refuse-untimely.ts'

interface NewSchedule {
  readonly id: string
  readonly requestDigest: string
  readonly actor: Actor
  readonly order: ScheduleOrder
}

/** @throws GatewayError `bad.request` for a time gone by, or without a reason that is asked for, 413 as for the change itself, `change.requester.refused`, `change.limit.refused`. */
export async function planSchedule(
  desk: Desk,
  { id, requestDigest, actor, order }: NewSchedule,
): Promise<ScheduleRecord> {
  const { clock, policy } = desk
  const nowMs = clock.nowMs()
  const { at, cron, rate, timeZone = 'UTC', change } = order
  const { kind, targets } = readOrder(change, nowMs)
  refuseBeyondLimits(policy, targets)
  refuseWithoutReason(policy, { actor, kind, targets, reason: change.reason }, 'change.reason')
  if (at !== undefined) refuseUntimely('at', at, timeZone, nowMs)
  if (cron !== undefined) refuseNever(cron, timeZone, nowMs)
  const because = admitRequesters(policy, { actor }, await findApprovalReasons(desk, kind, targets))
  const when: When = { timeZone, at: at?.length === 16 ? `${at}:00` : at, cron, rate }
  return {
    schema: 1,
    id,
    state: 'CREATING',
    version: 1,
    writeId: randomId(),
    when,
    order: change,
    digest: digestOf({ when, order: change }),
    requestDigest,
    actor,
    approval: because.length > 0 ? { because, expiresAtMs: lapsesAtMsOf(when, policy, nowMs) } : undefined,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  }
}

/** Of what happens once, nothing is left to approve past its time. */
function lapsesAtMsOf({ at, timeZone = 'UTC' }: When, policy: Policy, nowMs: number): number {
  const usualMs = nowMs + requestLifeMs(policy)
  return at === undefined ? usualMs : Math.min(usualMs, instantOf(at, timeZone))
}
