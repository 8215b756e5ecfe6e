/** A schedule that comes to nothing, as its maker reads it in chat. */
import type { Schedule } from '../../../changes/answers/schedule-schemas.ts'
import { requesterOf } from '../../../changes/answers/summarize.ts'
import { orderTextOf, repeatTextOf } from '../../../changes/answers/words/schedule-words.ts'
import { instantOf } from '../../../changes/model/local-time.ts'
import type { ScheduleEnd } from '../../../changes/model/schedule.ts'
import { nameOf } from '../../../people/find-users.ts'
import type { User } from '../../../people/user.ts'
import type { Fact } from './change-facts.ts'
import { type Reply, sayNote, sayText } from './reply.ts'
import { timeTextOf } from './times.ts'

interface Reader {
  /** Names of those whom it is about, as far as they are known. */
  readonly users: readonly User[]
  readonly timeZone: string
}

export function showScheduleEnd(schedule: Schedule, end: ScheduleEnd, { users, timeZone }: Reader): Reply {
  const { id, change, approval, actor } = schedule
  const what = orderTextOf(change, (userId) => {
    const user = users.find((each) => each.id === userId)
    return user && nameOf(user)
  })
  const facts: readonly Fact[] = [
    ['when', whenTextOf(schedule, timeZone)],
    ['made by', requesterOf(actor)],
    ...(approval?.by ? [['rejected by', requesterOf(approval.by)] as const] : []),
    ...(approval?.reason === undefined ? [] : [['because', approval.reason] as const]),
  ]
  return {
    title: `Schedule “${what}”: ${end === 'rejected' ? 'rejected' : 'not approved in time'}`,
    tone: 'warning',
    isPrivate: false,
    parts: [{ kind: 'facts', facts }, ...(end === 'rejected' ? rejectedParts : lapsedParts(id))],
  }
}

const rejectedParts = [sayText('It never does anything. To have it all the same, make another.')]

function lapsedParts(id: string) {
  return [
    sayText(
      'It does nothing when its time comes. To have it all the same, make another, and have it approved.',
    ),
    sayNote(`Schedule ${id} stays listed until somebody deletes it.`),
  ]
}

function whenTextOf({ at, cron, rate, timeZone }: Schedule, readerZone: string): string {
  return at === undefined
    ? `${repeatTextOf({ cron, rate })}, ${timeZone}`
    : timeTextOf(instantOf(at, timeZone), readerZone)
}
