/** What schedules will give somebody or take from them, on that person's own place. */
import type { Schedule, ScheduleListing } from '../../../changes/answers/schedule-schemas.ts'
import { type AnswerState, useAnswer } from '../api/use-answer.ts'
import { mayCall, useMe } from '../api/use-me.ts'
import { Chip } from '../parts/chip.tsx'
import { Problem } from '../parts/states.tsx'
import { hashOf } from '../shell/route.ts'
import { backTextOf, FiringTimes, isToCome, WhenText } from './schedule-texts.tsx'

/** As many as the gateway tells at once; an org has at most 200 at a time, and hardly anybody is in more than a few. */
const LIMIT = 100

/** As all else on a person's place. */
const EVERY_MS = 20_000

export interface ComingState extends AnswerState<ScheduleListing> {
  /** Whether whoever looks may not be told of any. */
  readonly isHidden: boolean
  readonly schedules: readonly Schedule[]
}

export function useComing(userId: string): ComingState {
  const isHidden = !mayCall(useMe(), 'listSchedules')
  const answer = useAnswer<ScheduleListing>(
    isHidden || userId === '' ? undefined : `v1/schedules?user=${encodeURIComponent(userId)}&limit=${LIMIT}`,
    { everyMs: EVERY_MS },
  )
  return { ...answer, isHidden, schedules: (answer.value?.entities ?? []).filter(isToCome) }
}

/** What schedules will give somebody or take from them, and when. */
export function BySchedule({ userId, coming }: { readonly userId: string; readonly coming: ComingState }) {
  const { schedules, value, problem, refresh } = coming
  if (schedules.length === 0 && problem === undefined && value?.next === undefined) return null
  return (
    <section>
      <h3>By schedule</h3>
      <Problem problem={problem} onRetry={() => void refresh()} />
      <ul class="holds">
        {schedules.map((schedule) => (
          <li key={schedule.id}>
            <a href={hashOf(['schedules', schedule.id])}>{whatComesOf(schedule.change, userId)}</a>,{' '}
            <WhenText schedule={schedule} />
            {schedule.state === 'AWAITING_APPROVAL' && (
              <>
                {' '}
                <Chip tone="question">Waits for approval</Chip>
              </>
            )}
            <FiringTimes schedule={schedule} />
          </li>
        ))}
      </ul>
      {value?.next !== undefined && (
        <p class="note">
          Older <a href={hashOf(['schedules'])}>schedules</a> have not been looked through: there may be more.
        </p>
      )}
    </section>
  )
}

/** `Gets cloudCX3, loses cloudCX2, for 10 hours`. */
function whatComesOf(order: Schedule['change'], userId: string): string {
  const assignments = order.kind === 'toggle' ? [] : order.assignments
  const named = (ids: 'userIdsAdd' | 'userIdsRemove') =>
    assignments.filter((each) => each[ids].includes(userId)).map(({ licenseId }) => licenseId)
  const [gets, loses] = [named('userIdsAdd'), named('userIdsRemove')]
  const back = backTextOf(order.revertAfter)
  const text = [
    ...(gets.length > 0 ? [`gets ${gets.join(', ')}`] : []),
    ...(loses.length > 0 ? [`loses ${loses.join(', ')}`] : []),
    ...(back ? [`for ${back}`] : []),
  ].join(', ')
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
}
