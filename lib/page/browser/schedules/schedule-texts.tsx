/** What a schedule does and when, in words and times. */
import type { Schedule } from '../../../changes/answers/schedule-schemas.ts'
import {
  hasLapsedUnapproved,
  orderTextOf,
  repeatTextOf,
} from '../../../changes/answers/words/schedule-words.ts'
import { durationMs } from '../../../changes/model/duration.ts'
import { instantOf } from '../../../changes/model/local-time.ts'
import { isClosed } from '../../../changes/model/schedule.ts'
import { serverNowMs } from '../api/server-clock.ts'
import { zoneNameOf } from '../parts/field-times.ts'
import { numberOf, Time, timeIn } from '../parts/times.tsx'
import { nextOf } from './next-firing.ts'

type Timed = Pick<Schedule, 'at' | 'cron' | 'rate' | 'timeZone'>

interface OrderTextProps {
  readonly order: Schedule['change']
  readonly names: ReadonlyMap<string, string>
}

/** `Give cloudCX3 to Ana Abebe, for 8 hours`. */
export function OrderText({ order, names }: OrderTextProps) {
  const back = backTextOf(order.revertAfter)
  return (
    <>
      {orderTextOf(order, (id) => names.get(id))}
      {back && `, for ${back}`}
    </>
  )
}

/** @param after an ISO 8601 duration. */
export function backTextOf(after: string | undefined): string | undefined {
  const hours = (after === undefined ? 0 : (durationMs(after) ?? 0)) / 3_600_000
  if (hours === 0) return undefined
  const [count, unit] = hours >= 48 && hours % 24 === 0 ? [hours / 24, 'day'] : [hours, 'hour']
  return `${numberOf(count)} ${unit}${count === 1 ? '' : 's'}`
}

/** Ids of whoever is named by a schedule alone, whose name its line has. */
export function singlesIn(order: Schedule['change']): string[] {
  if (order.kind === 'toggle') return []
  return order.assignments.flatMap(({ userIdsAdd, userIdsRemove }) =>
    [userIdsAdd, userIdsRemove].flatMap((ids) => (ids.length === 1 ? ids : [])),
  )
}

/** In the zone that the schedule is made in: its hour is that of the clocks there, in summer as in winter. */
export function WhenText({ schedule }: { readonly schedule: Timed }) {
  const { at, cron, rate, timeZone } = schedule
  if (at !== undefined) {
    const instantMs = instantOf(at, timeZone)
    return (
      <>
        once, <time dateTime={new Date(instantMs).toISOString()}>{timeIn(instantMs, timeZone)}</time>
      </>
    )
  }
  const hasZone = cron !== undefined
  return (
    <>
      {repeatTextOf({ cron, rate })}
      {hasZone && ` in ${zoneNameOf(timeZone)}`}
    </>
  )
}

/** Whether it fires, or may once somebody approves it. */
export function isToCome(schedule: Pick<Schedule, 'state' | 'approval'>): boolean {
  const { state } = schedule
  return state !== 'DONE' && !isClosed(schedule) && !hasLapsedUnapproved(schedule, serverNowMs())
}

/** When it does it next, in the time of whoever looks. */
export function FiringTimes({
  schedule,
}: {
  readonly schedule: Timed & Pick<Schedule, 'createdAt' | 'state' | 'approval'>
}) {
  const next = isToCome(schedule) ? nextOf(schedule, serverNowMs()) : undefined
  if (next === undefined) return null
  return (
    <p>
      Next {next.isAbout && 'about '}
      <Time at={next.at} /> (<Time at={next.at} isRelative />)
      {schedule.state === 'AWAITING_APPROVAL' && ', once it is approved'}.
    </p>
  )
}
