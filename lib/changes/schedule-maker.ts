/** The port `Schedules`: the order stands in the ledger, the time in EventBridge Scheduler. */
import { GatewayError } from '../errors.ts'
import { scheduleOf } from './answers/render-schedule.ts'
import type { Schedule, ScheduleOrder } from './answers/schedule-schemas.ts'
import type { DecidedRecord } from './decide/decide-once.ts'
import { closeSchedule, moveSchedule, rejectSchedule } from './decide/decide-schedule.ts'
import { scheduleOffersFor } from './describe-caller.ts'
import type { Caller } from './model/change.ts'
import { identifyActor } from './model/policy.ts'
import { digestOf, idOf, randomId } from './model/record-ids.ts'
import type { ScheduleRecord, Scheduler } from './model/schedule.ts'
import { planSchedule } from './plan/plan-schedule.ts'
import type { Answered, Schedules } from './port.ts'
import type { Desk } from './record/desk.ts'
import { keyReused } from './record/repeats.ts'
import { amendSchedule, requireSchedule } from './record/write-schedule.ts'

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
      const actor = identifyActor(this.#desk.policy, this.#caller.actor)
      record = await planSchedule(this.#desk, { id, requestDigest, actor, order })
      await this.#refuseTooMany()
      if (!(await ledger.createSchedule(record))) record = await requireSchedule(this.#desk, id)
    }
    if (record.requestDigest !== requestDigest) throw keyReused()
    if (record.state === 'CREATING') {
      await this.#make(record)
      record = await moveSchedule(this.#desk, record, record.approval ? 'AWAITING_APPROVAL' : 'ACTIVE')
    }
    return { value: this.#offer(scheduleOf(record)), isReplay: existing !== undefined }
  }

  #offer(schedule: Schedule): Schedule {
    return scheduleOffersFor(this.#desk, this.#caller)(schedule)
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
      const { records, next } = await this.#desk.ledger.listSchedules({ limit: LIST_PAGE, cursor })
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
        const refused = amendSchedule(record, { state: 'DELETED', isRefused: true }, this.#desk.clock.nowMs())
        await this.#desk.ledger.replaceSchedule(refused, record.version)
      }
      throw error
    }
  }

  /** The record is closed first: from then on it fires in vain, whether or not the service still has it. */
  async remove(scheduleId: string): Promise<Answered<Schedule>> {
    const seen = await requireSchedule(this.#desk, scheduleId)
    return await this.#takeDown(await closeSchedule(this.#desk, this.#caller, seen))
  }

  async rejectSchedule(scheduleId: string, reason?: string): Promise<Answered<Schedule>> {
    return await this.#takeDown(await rejectSchedule(this.#desk, this.#caller, scheduleId, reason))
  }

  async #takeDown({ record, isReplay }: DecidedRecord<ScheduleRecord>): Promise<Answered<Schedule>> {
    await this.#scheduler.remove(record.id)
    return { value: this.#offer(scheduleOf(record)), isReplay }
  }
}

function isLive({ state, approval }: ScheduleRecord, nowMs: number): boolean {
  if (state === 'AWAITING_APPROVAL') return approval !== undefined && nowMs < approval.expiresAtMs
  return state === 'CREATING' || state === 'ACTIVE'
}
