/** What is decided about schedules: a second person's word for all that one will do, and what becomes of it after. */
import { GatewayError } from '../../errors.ts'
import type { Actor, Caller } from '../model/change.ts'
import { digestMismatch } from '../model/failure.ts'
import type { Approval } from '../model/header.ts'
import { instantOf } from '../model/local-time.ts'
import { identifyActor, type Policy } from '../model/policy.ts'
import { isClosed, type ScheduleRecord } from '../model/schedule.ts'
import { refuseApprover } from '../plan/four-eyes.ts'
import type { Desk } from '../record/desk.ts'
import { decisionKeyOf } from '../record/repeats.ts'
import { amendSchedule, requireSchedule } from '../record/write-schedule.ts'
import { type DecidedRecord, decideOn, decideOnce, type RecordAccess } from './decide-once.ts'
import { deciderNameOf } from './refuse-decided.ts'

function scheduleAccess({ ledger }: Pick<Desk, 'ledger'>): RecordAccess<ScheduleRecord> {
  return {
    read: (scheduleId) => requireSchedule({ ledger }, scheduleId),
    replace: async ({ next }, seen) =>
      (await ledger.replaceSchedule(next, seen.version)) ? next : undefined,
    contentionErrorOf: (scheduleId) =>
      new GatewayError('change.conflict', `The schedule ${scheduleId} keeps changing; try again`, {
        retryAfterSeconds: 1,
      }),
  }
}

/** @returns the schedule in that state, or as somebody has ended it, which is for good. @throws GatewayError `change.conflict` */
export async function moveSchedule(
  desk: Desk,
  seen: ScheduleRecord,
  state: Exclude<ScheduleRecord['state'], 'DELETED' | 'REJECTED'>,
): Promise<ScheduleRecord> {
  return (await changeSchedule(desk, seen, { state })).record
}

/** Whoever deletes first is on record, and a replay says so. @throws GatewayError `change.conflict` */
export async function closeSchedule(
  desk: Desk,
  caller: Caller,
  seen: ScheduleRecord,
): Promise<DecidedRecord<ScheduleRecord>> {
  return await changeSchedule(desk, seen, {
    state: 'DELETED',
    deletedBy: identifyActor(desk.policy, caller.actor),
  })
}

async function changeSchedule(
  desk: Desk,
  seen: ScheduleRecord,
  members: Pick<ScheduleRecord, 'state' | 'deletedBy'>,
): Promise<DecidedRecord<ScheduleRecord>> {
  const move = (record: ScheduleRecord) =>
    record.state === members.state || isClosed(record)
      ? undefined
      : { next: amendSchedule(record, members, desk.clock.nowMs()) }
  return await decideOn(scheduleAccess(desk), seen.id, move, seen)
}

/** Nothing comes of it, and it is for good. @param reason in the words of whoever rejects it. @throws GatewayError as `rejectChange`. */
export async function rejectSchedule(
  desk: Desk,
  caller: Caller,
  scheduleId: string,
  reason?: string,
): Promise<DecidedRecord<ScheduleRecord>> {
  const { policy, clock } = desk
  const by = identifyActor(policy, caller.actor)
  return await decideOnce(
    scheduleAccess(desk),
    scheduleId,
    decisionKeyOf(policy, caller),
    { reason },
    (record) => {
      const approval = awaitedApprovalOf(policy, record)
      const atMs = clock.nowMs()
      const decision = { by, atMs, isApproved: false, reason }
      return { next: amendSchedule(record, { state: 'REJECTED', approval: { ...approval, decision } }, atMs) }
    },
  )
}

/** @throws GatewayError as `approveChange`. */
export async function approveSchedule(
  desk: Desk,
  caller: Caller,
  scheduleId: string,
  digest: string,
): Promise<DecidedRecord<ScheduleRecord>> {
  const { policy, clock } = desk
  const actor = identifyActor(policy, caller.actor)
  return await decideOnce(
    scheduleAccess(desk),
    scheduleId,
    decisionKeyOf(policy, caller),
    { digest },
    (record) => ({ next: approveRecord(desk, record, digest, actor, clock.nowMs()) }),
  )
}

function approveRecord(
  { policy }: Desk,
  record: ScheduleRecord,
  digest: string,
  actor: Actor,
  nowMs: number,
): ScheduleRecord {
  const { id } = record
  if (record.digest !== digest) throw digestMismatch('schedule', record)
  const approval = awaitedApprovalOf(policy, record)
  if (nowMs >= approval.expiresAtMs) {
    const isGoneBy =
      record.when.at !== undefined && instantOf(record.when.at, record.when.timeZone ?? 'UTC') <= nowMs
    throw stateConflict(
      isGoneBy
        ? `The one time of the schedule ${id} has gone by; make another for a later one`
        : `The request for the schedule ${id} has lapsed; make it again`,
    )
  }
  refuseApprover(actor, record, policy)
  const decision = { by: actor, atMs: nowMs, isApproved: true }
  return amendSchedule(record, { state: 'ACTIVE', approval: { ...approval, decision } }, nowMs)
}

/** @throws GatewayError `change.state.conflict` */
function awaitedApprovalOf(policy: Policy, { id, state, approval }: ScheduleRecord): Approval {
  if (state === 'AWAITING_APPROVAL' && approval) return approval
  const decision = approval?.decision
  const by = decision
    ? `, ${decision.isApproved ? 'approved' : 'rejected'} by ${deciderNameOf(policy, decision.by)}`
    : ''
  throw stateConflict(`The schedule ${id} is ${state}${by} and awaits no approval`)
}

function stateConflict(sentence: string): GatewayError {
  return new GatewayError('change.state.conflict', sentence)
}
