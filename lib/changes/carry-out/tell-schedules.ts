/** Tells of schedules that come to nothing: nobody but the tick comes by when a request for one lapses. */
import { scheduleOf } from '../answers/render-schedule.ts'
import { scheduleEvents } from '../model/change-events.ts'
import { endToTellOf, type ScheduleEnd, type ScheduleRecord } from '../model/schedule.ts'
import type { Workbench } from '../record/desk.ts'
import { amendSchedule } from '../record/write-schedule.ts'

/** PutEvents takes so many at once; the next tick tells the others. */
export const MAX_SCHEDULES_TOLD = 10

/** What one event is known by, however often it goes out: a schedule comes to nothing once. */
export function scheduleEventIdOf({ id }: Pick<ScheduleRecord, 'id'>, end: ScheduleEnd): string {
  return `${id}#${end}`
}

/** Puts their events, and notes which went out. What the bus refuses is tried again at the next tick. */
export async function tellSchedules(
  { bus, ledger, clock, log }: Pick<Workbench, 'bus' | 'ledger' | 'clock' | 'log'>,
  records: readonly ScheduleRecord[],
): Promise<void> {
  const told = records.flatMap((record) => {
    const due = endToTellOf(record)
    return due ? [{ record, end: due.end }] : []
  })
  try {
    const taken = await bus.put(
      told.map(({ record, end }) => ({
        detailType: scheduleEvents[end],
        detail: { eventId: scheduleEventIdOf(record, end), schedule: scheduleOf(record) },
        atMs: clock.nowMs(),
      })),
    )
    for (const [place, { record }] of told.entries()) {
      if (!taken[place]) {
        log.noteDeferred(record.id, 'the event bus refused the event of the schedule', undefined)
        continue
      }
      // When it last moved stays what it was.
      const next = amendSchedule(record, { isTold: true }, record.updatedAtMs)
      await ledger.replaceSchedule(next, record.version)
    }
  } catch (error) {
    log.noteDeferred('schedules', 'the events of schedules could not be put', error)
  }
}
