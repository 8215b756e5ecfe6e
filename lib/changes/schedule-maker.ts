/** The port `Schedules`, and what is decided about schedules: the order stands in the ledger, the time in EventBridge Scheduler. */
import { GatewayError } from '../errors.ts'
import { orderOf, partyOf } from './answers/member-order.ts'
import { approvalOf } from './answers/render-change.ts'
import type { Schedule, ScheduleOrder } from './answers/schedule-schemas.ts'
import type { Actor, Approval, Caller } from './model/change.ts'
import { digestOf, idOf, randomId } from './model/identity.ts'
import { known, requestLifeMs } from './model/policy.ts'
import type { ScheduleRecord, Scheduler, When } from './model/schedule.ts'
import { findApprovalReasons } from './plan/find-approval-reasons.ts'
import { admitRequesters, refuseApprover } from './plan/four-eyes.ts'
import { actorNameOf } from './plan/plan-change.ts'
import { readOrder } from './plan/read-order.ts'
import { refuseNever, refuseUntimely } from './plan/refuse-untimely.ts'
import type { Answered, Schedules } from './port.ts'
import { keyReused } from './record/attempts.ts'
import type { Desk } from './record/desk.ts'

const MAX_TRIES = 5

/** Orders that EventBridge Scheduler may refuse under one key. */
const MAX_REFUSALS = 50

/**
 * Schedules that an org may have at a time: what runs by itself stays few enough to be looked through. They are counted
 * by an index that may be a moment behind, so of many that are made at once a few more may come through.
 */
const MAX_LIVE = 200
const LIST_PAGE = 100

export class ScheduleMaker implements Schedules {
  readonly #desk: Desk
  readonly #scheduler: Scheduler
  readonly #caller: Caller

  constructor(desk: Desk, scheduler: Scheduler, caller: Caller) {
    this.#desk = desk
    this.#scheduler = scheduler
    this.#caller = caller
  }

  /** The record comes first, so nothing fires that is not on record; a repeat finishes what a crash left. */
  async create(order: ScheduleOrder): Promise<Answered<Schedule>> {
    const { ledger } = this.#desk
    const requestDigest = digestOf(order)
    const { id, existing } = await this.#attempt()
    let record = existing
    if (!record) {
      const actor = known(this.#desk.policy, this.#caller.actor)
      record = await newRecord(this.#desk, { id, requestDigest, actor, order })
      await this.#refuseTooMany()
      if (!(await ledger.createSchedule(record))) record = await scheduleOnRecord(this.#desk, id)
    }
    if (record.requestDigest !== requestDigest) throw keyReused()
    if (record.state === 'CREATING') {
      await this.#make(record)
      record = await this.#next(record, record.approval ? 'AWAITING_APPROVAL' : 'ACTIVE')
    }
    return { value: scheduleOf(record), isReplay: existing !== undefined }
  }

  /** The schedule of the caller's key, or the id for it. What was refused stands in nobody's way. */
  async #attempt(): Promise<{ readonly id: string; readonly existing?: ScheduleRecord }> {
    const { actor, operation, idempotencyKey } = this.#caller
    if (idempotencyKey === undefined) return { id: randomId() }
    for (let attempt = 1; attempt <= MAX_REFUSALS; attempt++) {
      const id = idOf(actor.kind, actor.id, operation, idempotencyKey, String(attempt))
      const existing = await this.#desk.ledger.schedule(id)
      if (!existing) return { id }
      if (!existing.isRefused) return { id, existing }
    }
    throw keyReused()
  }

  /** @throws GatewayError `general.conflict` (409) */
  async #refuseTooMany(): Promise<void> {
    const nowMs = this.#desk.clock.nowMs()
    let live = 0
    let cursor: string | undefined
    do {
      const { records, next } = await this.#desk.ledger.listSchedules({
        limit: LIST_PAGE,
        ...(cursor === undefined ? {} : { cursor }),
      })
      live += records.filter((record) => isLive(record, nowMs)).length
      if (live >= MAX_LIVE) {
        throw new GatewayError(
          'general.conflict',
          `There are ${MAX_LIVE} schedules, and an organization may have no more at a time: delete one that is not needed any longer`,
        )
      }
      cursor = next
    } while (cursor !== undefined)
  }

  /** @throws GatewayError what the service says of it: what it refuses is closed first. */
  async #make(record: ScheduleRecord): Promise<void> {
    try {
      await this.#scheduler.create(record.id, record.when)
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'bad.request') {
        const refused = after(record, { state: 'DELETED', isRefused: true }, this.#desk.clock.nowMs())
        await this.#desk.ledger.replaceSchedule(refused, record.version)
      }
      throw error
    }
  }

  /** The record is closed first: from then on it fires in vain, whether or not the service still has it. */
  async remove(scheduleId: string): Promise<Answered<Schedule>> {
    const record = await scheduleOnRecord(this.#desk, scheduleId)
    const isReplay = record.state === 'DELETED'
    const closed = isReplay ? record : await this.#next(record, 'DELETED')
    await this.#scheduler.remove(scheduleId)
    return { value: scheduleOf(closed), isReplay }
  }

  async #next(seen: ScheduleRecord, state: ScheduleRecord['state']): Promise<ScheduleRecord> {
    let record = seen
    for (let tries = 1; tries <= MAX_TRIES; tries++) {
      if (record.state === state || record.state === 'DELETED') return record
      const next = after(record, { state }, this.#desk.clock.nowMs())
      if (await this.#desk.ledger.replaceSchedule(next, record.version)) return next
      record = await scheduleOnRecord(this.#desk, record.id)
    }
    throw contended(record.id)
  }
}

interface NewSchedule {
  readonly id: string
  readonly requestDigest: string
  readonly actor: Actor
  readonly order: ScheduleOrder
}

/** @throws GatewayError `bad.request` for a time gone by, 413 as for the change itself, `change.requester.refused`. */
async function newRecord(
  desk: Desk,
  { id, requestDigest, actor, order }: NewSchedule,
): Promise<ScheduleRecord> {
  const { clock, policy } = desk
  const nowMs = clock.nowMs()
  const { at, cron, rate, timeZone = 'UTC', change } = order
  const { kind, targets } = readOrder(change, nowMs)
  if (at !== undefined) refuseUntimely('at', at, timeZone, nowMs)
  if (cron !== undefined) refuseNever(cron, timeZone, nowMs)
  const because = admitRequesters(policy, { actor }, await findApprovalReasons(desk, kind, targets))
  const when: When = {
    timeZone,
    ...(at === undefined ? {} : { at: at.length === 16 ? `${at}:00` : at }),
    ...(cron === undefined ? {} : { cron }),
    ...(rate === undefined ? {} : { rate }),
  }
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
    ...(because.length > 0 ? { approval: { because, expiresAtMs: nowMs + requestLifeMs(policy) } } : {}),
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  }
}

function isLive({ state, approval }: ScheduleRecord, nowMs: number): boolean {
  if (state === 'AWAITING_APPROVAL') return approval !== undefined && nowMs < approval.expiresAtMs
  return state === 'CREATING' || state === 'ACTIVE'
}

/** @throws GatewayError `not.found` */
export async function scheduleOnRecord(
  { ledger }: Pick<Desk, 'ledger'>,
  scheduleId: string,
): Promise<ScheduleRecord> {
  const record = await ledger.schedule(scheduleId)
  if (record && !record.isRefused) return record
  throw new GatewayError('not.found', `There is no schedule ${scheduleId}`)
}

/** The second person's word for all that a schedule will do. @throws GatewayError as `approveChange`. */
export async function approveSchedule(
  desk: Desk,
  caller: Caller,
  scheduleId: string,
  digest: string,
): Promise<Answered<Schedule>> {
  const actor = known(desk.policy, caller.actor)
  const key = idOf(actor.kind, actor.id, caller.operation, caller.idempotencyKey ?? '')
  const requestDigest = digestOf({ digest })
  for (let tries = 1; tries <= MAX_TRIES; tries++) {
    const record = await scheduleOnRecord(desk, scheduleId)
    const earlier = record.keys?.[key]
    if (earlier !== undefined && earlier !== requestDigest) throw keyReused()
    if (earlier !== undefined) return { value: scheduleOf(record), isReplay: true }
    const approval = approvalBy(desk, actor, record, digest)
    const members = { state: 'ACTIVE', approval, keys: { ...record.keys, [key]: requestDigest } } as const
    const next = after(record, members, desk.clock.nowMs())
    if (await desk.ledger.replaceSchedule(next, record.version))
      return { value: scheduleOf(next), isReplay: false }
  }
  throw contended(scheduleId)
}

function approvalBy({ policy, clock }: Desk, actor: Actor, record: ScheduleRecord, digest: string): Approval {
  const nowMs = clock.nowMs()
  const { id, approval, state } = record
  if (record.digest !== digest) {
    throw new GatewayError(
      'change.digest.mismatch',
      `The digest is not that of the schedule ${id}: look at it again`,
    )
  }
  if (state !== 'AWAITING_APPROVAL' || !approval) {
    const by = approval?.decision ? `, approved by ${actorNameOf(approval.decision.by)}` : ''
    throw new GatewayError(
      'change.state.conflict',
      `The schedule ${id} is ${state}${by} and awaits no approval`,
    )
  }
  if (nowMs >= approval.expiresAtMs) {
    throw new GatewayError(
      'change.state.conflict',
      `The request for the schedule ${id} has lapsed; make it again`,
    )
  }
  refuseApprover(actor, record, policy)
  return { ...approval, decision: { by: actor, atMs: nowMs, isApproved: true } }
}

/** @returns the record after a write, not yet stored. */
export function after(
  record: ScheduleRecord,
  members: Partial<ScheduleRecord>,
  nowMs: number,
): ScheduleRecord {
  return { ...record, ...members, version: record.version + 1, writeId: randomId(), updatedAtMs: nowMs }
}

function contended(scheduleId: string): GatewayError {
  return new GatewayError('change.conflict', `The schedule ${scheduleId} keeps changing; try again`, {
    retryAfterSeconds: 1,
  })
}

export function scheduleOf(record: ScheduleRecord): Schedule {
  const { approval, lastChangeId, when } = record
  return {
    id: record.id,
    state: record.state,
    ...(when.at === undefined ? {} : { at: when.at }),
    ...(when.cron === undefined ? {} : { cron: when.cron }),
    ...(when.rate === undefined ? {} : { rate: when.rate }),
    timeZone: when.timeZone ?? 'UTC',
    change: orderOf(record.order),
    digest: record.digest,
    actor: partyOf(record.actor),
    ...(approval ? { approval: approvalOf(approval) } : {}),
    ...(lastChangeId === undefined ? {} : { lastChangeId }),
    createdAt: new Date(record.createdAtMs).toISOString(),
  }
}
