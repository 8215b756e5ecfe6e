/**
 * What has moved on which day. Such a row goes on record with the move, or before it, and says no more than where to look:
 * what moved, and when exactly, its record tells. So whoever asks for a day's moves reads one partition, strongly
 * consistent, and misses none, however old the record is that moved.
 */
import type { HistoryEntry } from '../../changes/model/header.ts'
import type { ScheduleRecord } from '../../changes/model/schedule.ts'
import { utcDayOf } from '../../utc-day.ts'
import { headerKey, type Item, type Key, movedKey, scheduleKey } from './keys.ts'

/** Two moves that are stored together may stand on either side of midnight. @param before what its history was. */
export function movedRowsOf(
  {
    id,
    version,
    history,
  }: { readonly id: string; readonly version: number; readonly history: readonly HistoryEntry[] },
  before: readonly HistoryEntry[] = [],
): Item[] {
  const days = new Set(history.slice(before.length).map(({ atMs }) => utcDayOf(atMs)))
  return [...days].map((day) => movedRow(day, headerKey(id), version))
}

export function movedRowOfSchedule({ id, version, updatedAtMs }: ScheduleRecord): Item {
  return movedRow(utcDayOf(updatedAtMs), scheduleKey(id), version)
}

function movedRow(day: string, { pk, sk }: Key, move: number): Item {
  return { ...movedKey(day, { pk, sk }, move), schema: 1, ofPk: pk, ofSk: sk }
}

/** The record that has moved; undefined for what is no such row. */
export function movedRecordOf({ ofPk, ofSk }: Item): Key | undefined {
  return typeof ofPk === 'string' && typeof ofSk === 'string' ? { pk: ofPk, sk: ofSk } : undefined
}
