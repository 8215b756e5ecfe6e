/** Fires schedules when their time has come, by the laptop's clock. */
import { DELIVERY_MAX_AGE_SECONDS } from '../../../../lib/events/contract.ts'
import type { LaptopClock } from '../../clock.ts'
import { type Times, timesOf } from '../schedules/schedule-expression.ts'
import type { KeptSchedule, ScheduleStore } from '../schedules/schedule-store.ts'
import type { DeadLetterBox } from './dead-letter-box.ts'
import type { Deliveries } from './deliveries.ts'
import { ACCOUNT, REGION } from './event-entry.ts'
import { firingRecord, functionArnOf } from './message-forms.ts'

/** What the gateway's schedules call. */
const TARGET_FUNCTION = 'fire-schedule'

/** What a schedule calls, with its input parsed and the scheduled time put in; it fails by rejecting. */
export type OnSchedule = (input: unknown) => Promise<unknown>

export interface Firing {
  /** Sets a new schedule going. */
  readonly plan: (schedule: KeptSchedule) => void
  /** Sets going what a restart has found: a one-off that was missed fires now or is given up, the others go on. */
  readonly resume: () => void
}

export function createFiring(
  store: ScheduleStore,
  clock: LaptopClock,
  deliveries: Deliveries,
  box: DeadLetterBox,
  onSchedule: OnSchedule,
): Firing {
  function plan(schedule: KeptSchedule): void {
    if (schedule.nextAtMs !== undefined) clock.at(schedule.nextAtMs, () => fire(schedule))
  }

  /** From now on, not from when it was due: a laptop that slept does not make up for what it missed. */
  function goOn({ nextAtMs: _past, ...schedule }: KeptSchedule, times: Times): void {
    const nextAtMs = times.after(clock.now())
    const going = nextAtMs === undefined ? schedule : { ...schedule, nextAtMs }
    store.put(going)
    plan(going)
  }

  async function fire(schedule: KeptSchedule): Promise<void> {
    // Deleted meanwhile, or deleted and made anew.
    if (store.find(schedule.groupName, schedule.name) !== schedule || schedule.nextAtMs === undefined) return
    const { name, nextAtMs } = schedule
    const times = timesOf(schedule.expression, schedule.timeZone, schedule.createdAtMs)
    const event = inputAt(schedule, nextAtMs)
    const isTooLate = clock.now() - nextAtMs > DELIVERY_MAX_AGE_SECONDS * 1000
    if (!times.isOnce) {
      goOn(schedule, times)
      if (isTooLate) return
    } else if (isTooLate) {
      finish(schedule)
      return giveUp(schedule, nextAtMs)
    }
    const functionName = TARGET_FUNCTION
    await deliveries.start({
      from: 'schedule',
      name,
      functionName,
      event,
      target: onSchedule,
      sinceMs: nextAtMs,
    })
    // Afterwards, so that one whose first try a crash cut short fires again after the restart.
    if (times.isOnce) finish(schedule)
  }

  function giveUp(schedule: KeptSchedule, atMs: number): void {
    const { name, groupName } = schedule
    const errorMessage = `missed by more than ${DELIVERY_MAX_AGE_SECONDS / 60} minutes, since the gateway did not run`
    const form = firingRecord({
      scheduleArn: `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/${groupName}/${name}`,
      targetArn: functionArnOf(TARGET_FUNCTION),
      input: JSON.stringify(inputAt(schedule, atMs)),
      scheduledTime: secondsOf(atMs),
      errorMessage,
    })
    const at = new Date(clock.now()).toISOString()
    const why = `${name}: ${errorMessage}`
    box.put({ at, from: 'schedule', why, event: inputAt(schedule, atMs) }, form)
  }

  function finish(schedule: KeptSchedule): void {
    if (store.find(schedule.groupName, schedule.name) !== schedule) return
    const { nextAtMs: _past, ...rest } = schedule
    if (schedule.isDeletedAfterwards) store.remove(schedule)
    else store.put(rest)
  }

  return {
    plan,
    resume() {
      for (const schedule of store.all()) {
        const times = timesOf(schedule.expression, schedule.timeZone, schedule.createdAtMs)
        if (times.isOnce) plan(schedule)
        else goOn(schedule, times)
      }
    },
  }
}

function inputAt({ input }: KeptSchedule, atMs: number): unknown {
  return JSON.parse(input.replaceAll('<aws.scheduler.scheduled-time>', secondsOf(atMs)))
}

function secondsOf(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`
}
