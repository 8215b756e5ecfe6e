/** Schedules on record: how one is found, and how it follows another. */
import { GatewayError } from '../../errors.ts'
import { randomId } from '../model/record-ids.ts'
import type { ScheduleRecord } from '../model/schedule.ts'
import type { Desk } from './desk.ts'

/** @returns the record after a write, not yet stored. */
export function amendSchedule(
  record: ScheduleRecord,
  members: Partial<ScheduleRecord>,
  nowMs: number,
): ScheduleRecord {
  return { ...record, ...members, version: record.version + 1, writeId: randomId(), updatedAtMs: nowMs }
}

/** @throws GatewayError `not.found` */
export async function requireSchedule(
  { ledger }: Pick<Desk, 'ledger'>,
  scheduleId: string,
): Promise<ScheduleRecord> {
  const record = await ledger.schedule(scheduleId)
  if (record && !record.isRefused) return record
  throw new GatewayError('not.found', `There is no schedule ${scheduleId}`)
}
