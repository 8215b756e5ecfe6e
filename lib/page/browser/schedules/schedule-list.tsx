import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Change } from '../../../changes/answers/change-schemas.ts'
import type { Schedule } from '../../../changes/answers/schedule-schemas.ts'
import { requesterOf } from '../../../changes/answers/summarize.ts'
import { wordsOfSchedule } from '../../../changes/answers/words/schedule-words.ts'
import { serverNowMs } from '../api/server-clock.ts'
import { useAnswer } from '../api/use-answer.ts'
import { mayCall, useMe, useMeComing } from '../api/use-me.ts'
import { useNames } from '../api/use-names.ts'
import { usePages } from '../api/use-pages.ts'
import { decidedTextOf } from '../changes/asked-through.ts'
import { StateChip } from '../changes/state-chip.tsx'
import { Chip } from '../parts/chip.tsx'
import { Choice } from '../parts/field.tsx'
import { Pager } from '../parts/pager.tsx'
import { Empty, Loading, Problem } from '../parts/states.tsx'
import { Time } from '../parts/times.tsx'
import { Heading } from '../shell/heading.tsx'
import { hashOf } from '../shell/route.ts'
import { setFilters } from '../shell/use-route.ts'
import { GoesBackSoon } from './goes-back-soon.tsx'
import { FiringTimes, isToCome, OrderText, singlesIn, WhenText } from './schedule-texts.tsx'

/** They are also made over the API, and what they do shows by then. */
const EVERY_MS = 15_000

/** So many to come are looked for before somebody has to ask for more. */
const LEAST_SHOWN = 10

export function ScheduleList({ query }: { readonly query: URLSearchParams }) {
  const mayMake = mayCall(useMe(), 'createSchedule')
  return (
    <>
      <Heading text="Schedules">
        {mayMake && (
          <a class="button primary" href={hashOf(['schedules', 'new'])}>
            New schedule
          </a>
        )}
      </Heading>
      <ListOfSchedules hasEnded={query.get('show') === 'all'} mayMake={mayMake}>
        <GoesBackSoon due={query.get('due') ?? undefined} />
      </ListOfSchedules>
    </>
  )
}

interface ListProps {
  /** Also those that fire no more. */
  readonly hasEnded: boolean
  readonly mayMake: boolean
  /** Below it, and shown with it: nothing moves away under whoever presses it. */
  readonly children: ComponentChildren
}

function ListOfSchedules({ hasEnded, mayMake, children }: ListProps) {
  const { entities, problem, refresh, more } = usePages<Schedule>('v1/schedules', EVERY_MS)
  const shown = entities?.filter((each) => hasEnded || isToCome(each))
  const names = useNames((shown ?? []).flatMap(({ change }) => singlesIn(change)))
  const called = new Map([...(names ?? [])].map(([id, { name, email }]) => [id, name ?? email ?? id]))
  // Those that have ended may be many, and stand between the others.
  const looked = useRef(0)
  const count = entities?.length ?? 0
  useEffect(() => {
    if (!more || shown === undefined || shown.length >= LEAST_SHOWN || looked.current === count) return
    looked.current = count
    more()
  }, [count])
  const isKnown = shown !== undefined && names !== undefined
  const isMeComing = useMeComing()
  // What has come stays: somebody may be asked about it.
  const hasCome = useRef(false)
  hasCome.current ||= !isMeComing && (isKnown || problem !== undefined)
  return (
    <>
      <section>
        <div class="filters">
          <Choice
            label="Show"
            value={hasEnded ? 'all' : ''}
            options={[
              ['', 'What is to come'],
              ['all', 'Also what has ended'],
            ]}
            onChange={({ currentTarget: { value } }) => setFilters({ show: value })}
          />
        </div>
        <Problem problem={problem} onRetry={() => void refresh()} />
        {!isKnown ? (
          problem === undefined && <Loading lines={4} />
        ) : shown.length === 0 && more === undefined ? (
          <Empty>
            {hasEnded || count === 0 ? 'There are no schedules yet.' : 'No schedule is to come.'}
            {mayMake &&
              ' Make one with “New schedule”: a license for every Monday, or a toggle for one night.'}
          </Empty>
        ) : (
          <>
            <ul class="rows schedules" aria-label="Schedules, the newest first">
              {shown.map((schedule) => (
                <Row key={schedule.id} schedule={schedule} names={called} />
              ))}
            </ul>
            <Pager
              count={shown.length}
              of={hasEnded ? ['schedule', 'schedules'] : ['schedule to come', 'schedules to come']}
              more={more}
            />
          </>
        )}
      </section>
      <div hidden={!hasCome.current}>{children}</div>
    </>
  )
}

interface RowProps {
  readonly schedule: Schedule
  readonly names: ReadonlyMap<string, string>
}

function Row({ schedule, names }: RowProps) {
  const { id, change, actor, lastChangeId } = schedule
  const { name, tone } = wordsOfSchedule(schedule, serverNowMs())
  return (
    <li class="row">
      <Chip tone={tone}>{name}</Chip>
      <div>
        <a class="what" href={hashOf(['schedules', id])}>
          <OrderText order={change} names={names} />
        </a>
        <p>
          <WhenText schedule={schedule} />
        </p>
        <p class="note">
          Made by {requesterOf(actor)}
          {change.reason && `, because ${change.reason}`}
          {decidedTextOf(schedule)}
        </p>
      </div>
      <div class="turns">
        <FiringTimes schedule={schedule} />
        {lastChangeId && <LastTurn id={lastChangeId} />}
      </div>
    </li>
  )
}

/** What it did last, and what came of it. */
export function LastTurn({ id }: { readonly id: string }) {
  const { value: change } = useAnswer<Change>(`v1/changes/${id}`)
  return (
    <p>
      <a href={hashOf(['changes', id])} aria-label={change && `Last: ${change.summary}`}>
        Last
      </a>{' '}
      {change && <Time at={change.createdAt} />} {change && <StateChip {...change} />}
    </p>
  )
}
