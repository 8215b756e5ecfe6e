/** All that is on record of a schedule: whom it is about, when it fires, who made it, and what may be done about it now. */
import { useState } from 'preact/hooks'
import type { Schedule } from '../../../changes/answers/schedule-schemas.ts'
import { requesterWithId } from '../../../changes/answers/summarize.ts'
import { orderTextOf, wordsOfSchedule } from '../../../changes/answers/words/schedule-words.ts'
import { instantOf } from '../../../changes/model/local-time.ts'
import { RefusedCall } from '../api/problems.ts'
import { serverNowMs } from '../api/server-clock.ts'
import { useAnswer } from '../api/use-answer.ts'
import { mayCall, useMe } from '../api/use-me.ts'
import { useNames } from '../api/use-names.ts'
import { SeatsDated, seatColumns } from '../changes/plan-findings.tsx'
import { Chip } from '../parts/chip.tsx'
import { Facts, type NamedValue } from '../parts/facts.tsx'
import { Pager } from '../parts/pager.tsx'
import { Loading, Problem } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { numberOf, Time } from '../parts/times.tsx'
import { PersonName } from '../people/person-name.tsx'
import { Heading } from '../shell/heading.tsx'
import { hashOf } from '../shell/route.ts'
import { ScheduleDecisions } from './schedule-decisions.tsx'
import { LastTurn } from './schedule-list.tsx'
import { backTextOf, FiringTimes, isToCome, singlesIn, WhenText } from './schedule-texts.tsx'
import { wantedAgain } from './wanted-schedule.ts'

const EVERY_MS = 2_000
/** Pairs a page; more are shown when they are asked for. */
const PAIRS = 20

interface ScheduleDetailsProps {
  readonly id: string
  /** The view that one came from. Default: the list of schedules. */
  readonly from: string | undefined
}

export function ScheduleDetails({ id, from }: ScheduleDetailsProps) {
  const at = `v1/schedules/${encodeURIComponent(id)}`
  const { value: schedule, problem, refresh } = useAnswer<Schedule>(at, { everyMs: EVERY_MS })
  const names = useNames(schedule ? singlesIn(schedule.change) : [])
  const called = (user: string) => names?.get(user)?.name ?? names?.get(user)?.email
  const isUnknown = problem instanceof RefusedCall && [400, 404].includes(problem.status)
  const words = schedule && wordsOfSchedule(schedule, serverNowMs())
  const [view, back] = from === 'approvals' ? [from, 'All that waits'] : ['schedules', 'All schedules']
  return (
    <article class="change">
      <a class="back" href={hashOf([view])}>
        {back}
      </a>
      <Heading
        text={
          schedule && names
            ? orderTextOf(schedule.change, called)
            : isUnknown
              ? 'No such schedule'
              : 'Schedule'
        }
      >
        {words && <Chip tone={words.tone}>{words.name}</Chip>}
      </Heading>
      <Problem problem={problem} onRetry={() => void refresh()} />
      {schedule === undefined || names === undefined ? (
        problem === undefined && <Loading />
      ) : (
        <>
          <div class="schedule-acts">
            <ScheduleDecisions schedule={schedule} called={called} onDecided={refresh} />
            <Again schedule={schedule} />
          </div>
          <div class="turns">
            <FiringTimes schedule={schedule} />
            {schedule.lastChangeId && <LastTurn id={schedule.lastChangeId} />}
          </div>
          <FactsOfSchedule schedule={schedule} />
          <SeatsIfNow schedule={schedule} />
          <Pairs order={schedule.change} />
        </>
      )}
    </article>
  )
}

/** Of what does not come any more; the one that there was stays as it is. */
function Again({ schedule }: { readonly schedule: Schedule }) {
  const mayMake = mayCall(useMe(), 'createSchedule')
  if (!mayMake || isToCome(schedule) || wantedAgain(schedule, (id) => id) === undefined) return null
  return (
    <a class="button" href={hashOf(['schedules', 'new'], { like: schedule.id })}>
      Make it again
    </a>
  )
}

function FactsOfSchedule({ schedule }: { readonly schedule: Schedule }) {
  const { id, at, timeZone, change, actor, approval, deletedBy, createdAt, state, lastChangeId } = schedule
  const back = backTextOf(change.revertAfter)
  const rows: readonly NamedValue[] = [
    ['When', <WhenText key="when" schedule={schedule} />],
    ['Goes back', back && `${back} after each time`],
    ['Reason', change.reason],
    ['Made by', requesterWithId(actor)],
    ['Made', <Time key="made" at={createdAt} />],
    ['Needs approval', approval?.because.join('. ')],
    [
      approval?.isApproved === false ? 'Rejected by' : 'Approved by',
      approval?.by && (
        <>
          {requesterWithId(approval.by)}
          {approval.at && (
            <>
              , <Time at={approval.at} />
            </>
          )}
        </>
      ),
    ],
    ['Rejected because', approval?.reason],
    [
      'To be approved until',
      state === 'AWAITING_APPROVAL' && approval?.expiresAt && (
        <>
          <Time at={approval.expiresAt} />
          {at !== undefined &&
            instantOf(at, timeZone) === Date.parse(approval.expiresAt) &&
            ', its only time'}
        </>
      ),
    ],
    ['Deleted by', deletedBy && requesterWithId(deletedBy)],
    [
      'What it has done',
      lastChangeId && (
        <a key="changes" href={hashOf(['changes'], { actor: `schedule:${id}` })}>
          its changes
        </a>
      ),
    ],
    ['Id', <code key="id">{id}</code>],
  ]
  return <Facts rows={rows} />
}

/** Of what waits: they may be others by the time it fires. */
function SeatsIfNow({ schedule }: { readonly schedule: Schedule }) {
  const { state, change, seats = [] } = schedule
  if (state !== 'AWAITING_APPROVAL' || change.kind === 'toggle' || !isToCome(schedule)) return null
  return (
    <section>
      <h2>Seats, if it fired now</h2>
      {seats.length === 0 ? (
        <p class="note">Not known: nobody has read yet who holds what.</p>
      ) : (
        <>
          <Table
            caption="Seats, if it fired now"
            rows={seats.map((each) => ({ seats: each }))}
            keyOf={({ seats: { licenseId } }) => licenseId}
            columns={[{ name: 'License', cell: ({ seats: { licenseId } }) => licenseId }, ...seatColumns]}
          />
          <SeatsDated seats={seats} />
        </>
      )}
    </section>
  )
}

/** Whoever approves sees all that they approve. */
function Pairs({ order }: { readonly order: Schedule['change'] }) {
  const [shown, setShown] = useState(PAIRS)
  const pairs =
    order.kind === 'toggle'
      ? []
      : order.assignments.flatMap(({ licenseId, userIdsAdd, userIdsRemove }) => [
          ...userIdsAdd.map((userId) => ({ userId, what: `give ${licenseId}` })),
          ...userIdsRemove.map((userId) => ({ userId, what: `take ${licenseId}` })),
        ])
  const rows = pairs.slice(0, shown)
  const names = useNames([...new Set(rows.map(({ userId }) => userId))])
  if (pairs.length === 0) return null
  if (names === undefined) return <Loading lines={3} />
  return (
    <section>
      <h2>Each time</h2>
      <Table
        caption="Each time"
        rows={rows}
        keyOf={({ userId, what }) => `${userId} ${what}`}
        columns={[
          {
            name: 'Person',
            cell: ({ userId }) => <PersonName id={userId} names={names} />,
          },
          { name: 'What', cell: ({ what }) => what },
        ]}
      />
      {pairs.length > PAIRS && (
        <>
          <p class="note">{numberOf(pairs.length)} in all.</p>
          <Pager
            count={rows.length}
            of={['row', 'rows']}
            more={rows.length < pairs.length ? () => setShown(shown + PAIRS) : undefined}
          />
        </>
      )}
    </section>
  )
}
