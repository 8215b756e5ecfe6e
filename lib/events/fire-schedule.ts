/** A schedule's time has come: the order is read from the ledger, and whether it still stands. */
import * as z from 'zod/mini'
import { ScheduleId } from '../changes/answers/schedule-schemas.ts'
import { ChangeWriter } from '../changes/change-writer.ts'
import { Instant } from '../changes/model/change-order.ts'
import type { ScheduleRecord, ScheduleState } from '../changes/model/schedule.ts'
import type { Workbench } from '../changes/record/desk.ts'
import { amendSchedule } from '../changes/record/write-schedule.ts'
import { LATEST_SECONDS } from './contract.ts'
import { putUndeliverable } from './dead-letter-queue.ts'
import { type EventWork, isFaulty } from './flip-toggle.ts'

/** What EventBridge Scheduler carries: which schedule, and for when. */
const Fired = z.object({ scheduleId: ScheduleId, scheduledTime: Instant })

/** The order is on record in all of these; a crash may have left the first, and a one-off repeats the last. */
const standing: readonly ScheduleState[] = ['CREATING', 'ACTIVE', 'DONE']

/** @throws GatewayError for what passes, so that the delivery is tried again. */
export async function fireSchedule({ bench, deadLetters }: EventWork, event: unknown): Promise<void> {
  const parsed = z.safeParse(Fired, event)
  if (!parsed.success) {
    return await putUndeliverable(bench, deadLetters, event, 'must be { scheduleId, scheduledTime }')
  }
  const { scheduleId, scheduledTime } = parsed.data
  const record = await bench.ledger.schedule(scheduleId)
  if (!record) {
    return await putUndeliverable(bench, deadLetters, event, `there is no schedule ${scheduleId} on record`)
  }
  const mayRun = standing.includes(record.state) && !(record.state === 'CREATING' && record.approval)
  if (!mayRun) {
    bench.log.noteRefusal(scheduleId, `the schedule is ${record.state}: nothing was done`)
    return
  }
  try {
    await run(bench, record, scheduledTime)
  } catch (error) {
    if (!isFaulty(error)) throw error
    await putUndeliverable(bench, deadLetters, event, error.message, error.upstreamBody)
  }
}

async function run(bench: Workbench, record: ScheduleRecord, scheduledTime: string): Promise<void> {
  const { id, approval, order, when, actor: maker } = record
  const caller = {
    actor: { kind: 'schedule', id },
    maker,
    operation: 'fireSchedule',
    idempotencyKey: scheduledTime,
  } as const
  const { id: changeId } = await new ChangeWriter(bench, caller).deliver(order, {
    latestMs: Date.parse(scheduledTime) + LATEST_SECONDS * 1000,
    askedAtMs: Date.parse(scheduledTime),
    approval: approval?.decision && approval,
  })
  if (record.lastChangeId === changeId) return
  const state = when.at === undefined ? 'ACTIVE' : 'DONE'
  // For people who look at the schedule; where another write came first, the change itself still tells.
  await bench.ledger.replaceSchedule(
    amendSchedule(record, { state, lastChangeId: changeId }, bench.clock.nowMs()),
    record.version,
  )
}
