/** What waits for approval: what whoever looks may approve, and what others must. What may be approved, the gateway says. */
import { useEffect } from 'preact/hooks'
import type { Me } from '../../../changes/answers/decision-schemas.ts'
import type { Schedule } from '../../../changes/answers/schedule-schemas.ts'
import { hasLapsedUnapproved } from '../../../changes/answers/words/schedule-words.ts'
import { serverNowMs } from '../api/server-clock.ts'
import { type AnswerState, useAnswer } from '../api/use-answer.ts'
import { mayCall } from '../api/use-me.ts'
import type { OfferedChange } from '../changes/offers.ts'
import { createCell } from '../shell/cell.ts'

export type OfferedSchedule = Schedule & { readonly offers?: readonly string[] }

/** How many things wait for whoever looks, by the newest answers of all that ask. */
export const countForMe = createCell(0)

interface OfferedListing<T> {
  readonly entities: readonly T[]
  readonly next?: string
}

interface Waiting {
  /** Undefined before it is known, or known that a part of it can't be. */
  readonly waiting:
    | { readonly changes: readonly OfferedChange[]; readonly schedules: readonly OfferedSchedule[] }
    | undefined
  /** There are more changes than were asked for. */
  readonly isCut: boolean
  readonly problem: unknown
  readonly refresh: () => Promise<void>
}

/** More wait for nobody at once; whatever does is found among the changes. */
const LIMIT = 100

/** @param everyMs how often it is looked at. @param who nobody's business before it is known who looks. */
export function useWaiting(who: Me | undefined, everyMs: number): Waiting {
  const asks = (operation: string, path: string) =>
    who !== undefined && mayCall(who, operation) ? path : undefined
  const changes = useAnswer<OfferedListing<OfferedChange>>(
    asks('listChanges', `v1/changes?state=AWAITING_APPROVAL&limit=${LIMIT}`),
    { everyMs },
  )
  const schedules = useAnswer<OfferedListing<OfferedSchedule>>(
    asks('listSchedules', `v1/schedules?limit=${LIMIT}`),
    {
      everyMs,
    },
  )
  const waiting = waitingIn(changes, schedules, who !== undefined && mayCall(who, 'listSchedules'))
  const count = waiting && [...waiting.changes, ...waiting.schedules].filter(isForMe).length
  useEffect(() => {
    if (count !== undefined) countForMe.set(count)
  }, [count])
  return {
    waiting,
    isCut: changes.value?.next !== undefined,
    problem: changes.problem ?? schedules.problem,
    refresh: async () => {
      await Promise.all([changes.refresh(), schedules.refresh()])
    },
  }
}

/** That nothing waits is said once both are known: a schedule that waits is not nothing. */
function waitingIn(
  changes: AnswerState<OfferedListing<OfferedChange>>,
  schedules: AnswerState<OfferedListing<OfferedSchedule>>,
  areSchedulesAsked: boolean,
): Waiting['waiting'] {
  const isComing = areSchedulesAsked && schedules.value === undefined && schedules.problem === undefined
  if (changes.value === undefined || isComing) return undefined
  const { entities = [] } = schedules.value ?? {}
  return {
    changes: changes.value.entities,
    // What has lapsed waits for nobody, though it stands in that state until it is deleted.
    schedules: entities.filter(
      (each) => each.state === 'AWAITING_APPROVAL' && !hasLapsedUnapproved(each, serverNowMs()),
    ),
  }
}

export function isForMe({ offers }: { readonly offers?: readonly string[] | undefined }): boolean {
  return offers?.includes('approve') ?? false
}
