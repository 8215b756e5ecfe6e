/** What the bus says of schedules that come to nothing, told to whoever made them. */
import * as z from 'zod/mini'
import { scheduleOf } from '../changes/answers/render-schedule.ts'
import { hasLapsedUnapproved, usersInOrder } from '../changes/answers/words/schedule-words.ts'
import { scheduleEventIdOf } from '../changes/carry-out/tell-schedules.ts'
import { scheduleEvents } from '../changes/model/change-events.ts'
import type { ScheduleEnd, ScheduleRecord } from '../changes/model/schedule.ts'
import { nameSchedule } from '../changes/name-parties.ts'
import { noteOnce } from './conversation/answer-delivery.ts'
import { readNamesOf } from './conversation/asking/find-named.ts'
import type { ChatWork } from './conversation/chat-platform.ts'
import { deliverReply, type ReplyPlace, waysTo } from './conversation/deliver-reply.ts'
import { showScheduleEnd } from './conversation/words/schedule-replies.ts'

const Told = z.object({
  'detail-type': z.enum(Object.values(scheduleEvents)),
  detail: z.object({ eventId: z.string(), schedule: z.object({ id: z.string() }) }),
})

export function isScheduleEvent(event: unknown): boolean {
  return Told.safeParse(event).success
}

/** The event only says which schedule: what is told comes from the ledger, so a made-up event tells nothing untrue. */
export async function tellSchedule(work: ChatWork, event: unknown): Promise<void> {
  const { desk, openBench, log } = work
  const { eventId, schedule } = Told.parse(event).detail
  const record = await desk.ledger.schedule(schedule.id)
  const end = record && endOf(record, desk.clock.nowMs())
  // Deleted while the event was on its way, or made up.
  if (!record || !end || eventId !== scheduleEventIdOf(record, end)) return
  const audiences = audiencesOf(work, record)
  if (audiences.length === 0) return
  const shown = nameSchedule(desk.policy, scheduleOf(record))
  const users = await readNamesOf({ bench: openBench }, usersInOrder(shown.change))
  if (!(await noteOnce(desk, `told#${eventId}`))) return
  for (const { places, timeZone } of audiences) {
    await deliverReply(
      log,
      { id: eventId, what: 'end of a schedule' },
      waysTo(places, showScheduleEnd(shown, end, { users, timeZone })),
    )
  }
}

function endOf(record: ScheduleRecord, nowMs: number): ScheduleEnd | undefined {
  if (record.state === 'REJECTED') return 'rejected'
  return hasLapsedUnapproved(scheduleOf(record), nowMs) ? 'lapsed' : undefined
}

interface ScheduleAudience {
  readonly places: readonly ReplyPlace[]
  readonly timeZone: string
}

/** Schedules are made over HTTP: their makers hear it in Slack where the org file has them there, else each chat's channel for notices. */
function audiencesOf({ desk, platforms }: ChatWork, { actor }: ScheduleRecord): readonly ScheduleAudience[] {
  const { people, chat } = desk.policy
  const maker = actor.person === undefined ? undefined : people[actor.person]
  const [userId] = maker?.slack ?? []
  if (userId !== undefined && chat?.slack) {
    const places = platforms.slack.placesOf({ channelId: userId, userId })
    return [{ places, timeZone: maker?.timeZone ?? 'UTC' }]
  }
  return Object.values(platforms).flatMap(({ notices }) =>
    notices ? [{ places: [notices], timeZone: 'UTC' }] : [],
  )
}
