/** All that is on record of a schedule: whom it is about, when it fires, who made it, and what may be done about it now. */
import { useState } from 'preact/hooks'
import type { Schedule } from '../../../changes/answers/schedule-schemas.ts'
import { requesterWithId } from '../../../changes/answers/summarize.ts'
import { orderTextOf, wordsOfScheduleState } from '../../../changes/answers/words/schedule-words.ts'
import { problemTextOf, RefusedCall } from '../api/problems.ts'
import { useAnswer } from '../api/use-answer.ts'
import { useDeed } from '../api/use-deed.ts'
import { useNames } from '../api/use-names.ts'
import { Button } from '../parts/button.tsx'
import { Chip } from '../parts/chip.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Facts, type NamedValue } from '../parts/facts.tsx'
import { Form } from '../parts/form.tsx'
import { Pager } from '../parts/pager.tsx'
import { Callout, Loading, Problem } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { numberOf, Time } from '../parts/times.tsx'
import { useOpen } from '../session/drafts.ts'
import { Heading } from '../shell/heading.tsx'
import { hashOf } from '../shell/route.ts'
import { tellAloud } from '../shell/tell-aloud.tsx'
import { LastTurn } from './schedule-list.tsx'
import { backTextOf, FiringTimes, singlesIn, WhenText } from './schedule-texts.tsx'

const EVERY_MS = 2_000
/** Pairs a page; more are shown when they are asked for. */
const PAIRS = 20

export function ScheduleDetails({ id }: { readonly id: string }) {
  const at = `v1/schedules/${encodeURIComponent(id)}`
  const { value: schedule, problem, refresh } = useAnswer<Schedule>(at, { everyMs: EVERY_MS })
  const names = useNames(schedule ? singlesIn(schedule.change) : [])
  const called = (user: string) => names?.get(user)?.name ?? names?.get(user)?.email
  const isUnknown = problem instanceof RefusedCall && [400, 404].includes(problem.status)
  const state = schedule && wordsOfScheduleState(schedule.state)
  return (
    <article class="change">
      <a class="back" href={hashOf(['schedules'])}>
        All schedules
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
        {state && <Chip tone={state.tone}>{state.name}</Chip>}
      </Heading>
      <Problem problem={problem} onRetry={() => void refresh()} />
      {schedule === undefined || names === undefined ? (
        problem === undefined && <Loading />
      ) : (
        <>
          <Decisions schedule={schedule} called={called} onDecided={refresh} />
          <div class="turns">
            <FiringTimes schedule={schedule} />
            {schedule.lastChangeId && <LastTurn id={schedule.lastChangeId} />}
          </div>
          <FactsOfSchedule schedule={schedule} />
          <Pairs order={schedule.change} />
        </>
      )}
    </article>
  )
}

function FactsOfSchedule({ schedule }: { readonly schedule: Schedule }) {
  const { id, change, actor, approval, deletedBy, createdAt, state, lastChangeId } = schedule
  const back = backTextOf(change.revertAfter)
  const rows: readonly NamedValue[] = [
    ['When', <WhenText key="when" schedule={schedule} />],
    ['Goes back', back && `${back} after each time`],
    ['Reason', change.reason],
    ['Made by', requesterWithId(actor)],
    ['Made', <Time key="made" at={createdAt} />],
    ['Needs approval', approval?.because.join('. ')],
    ['Approved by', approval?.by && approval.isApproved !== false && requesterWithId(approval.by)],
    [
      'To be approved until',
      state === 'AWAITING_APPROVAL' && approval?.expiresAt && <Time at={approval.expiresAt} />,
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
            cell: ({ userId }) => (
              <>
                <a href={hashOf(['people', userId])}>
                  {names.get(userId)?.name ?? names.get(userId)?.email ?? userId}
                </a>
                {names.get(userId)?.name && <span class="note under">{names.get(userId)?.email}</span>}
              </>
            ),
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

const acts = {
  approve: {
    label: 'Approve',
    look: 'primary',
    title: 'Approve this schedule?',
    sentence: 'Each time it fires, its change goes ahead without another approval.',
    told: 'The schedule is approved.',
  },
  delete: {
    label: 'Delete',
    look: 'danger',
    title: 'Delete this schedule?',
    sentence: 'Nothing more comes of it. It stays on record, and what it has done already stays as it is.',
    told: 'The schedule is deleted.',
  },
} as const

const actNames = ['approve', 'delete'] as const satisfies readonly (keyof typeof acts)[]

interface DecisionsProps {
  readonly schedule: Schedule
  readonly called: (userId: string) => string | undefined
  readonly onDecided: () => Promise<void>
}

function Decisions({ schedule, called, onDecided }: DecisionsProps) {
  const offers = schedule.offers ?? []
  const [opened, setOpen] = useOpen(`schedule ${schedule.id}`)
  const open = actNames.find((name) => name === opened)
  const deed = useDeed()
  const isOffered = open !== undefined && offers.includes(open)

  async function decide(name: keyof typeof acts): Promise<void> {
    const path = `v1/schedules/${schedule.id}`
    const answer = await deed.run(
      name === 'delete'
        ? { method: 'DELETE', path }
        : { method: 'POST', path: `${path}/approve`, body: { digest: schedule.digest } },
      onDecided,
    )
    if (answer === undefined) return
    tellAloud(acts[name].told)
    setOpen(undefined)
  }

  function close(): void {
    deed.reset()
    setOpen(undefined)
  }

  return (
    <>
      {offers.length > 0 && (
        <fieldset class="decisions">
          <legend class="unseen">What you may do</legend>
          {offers.map((name) => (
            <Button key={name} look={acts[name].look} onClick={() => setOpen(name)}>
              {acts[name].label}
            </Button>
          ))}
        </fieldset>
      )}
      {open && (
        <Dialog title={acts[open].title} onClose={close}>
          <Form onSubmit={() => decide(open)} isBusy={deed.isBusy || !isOffered}>
            <p class="about">
              {orderTextOf(schedule.change, called)}, <WhenText schedule={schedule} />
            </p>
            {isOffered ? (
              <p>{acts[open].sentence}</p>
            ) : (
              <Callout tone="warning" isSudden>
                It is at “{wordsOfScheduleState(schedule.state).name}” by now, so this is not possible any
                more.
              </Callout>
            )}
            {deed.problem !== undefined && isOffered && (
              <Callout tone="bad">{problemTextOf(deed.problem)}</Callout>
            )}
            <div class="dialog-foot">
              <Button onClick={close}>{isOffered ? 'Not now' : 'Close'}</Button>
              {isOffered && (
                <Button type="submit" look={acts[open].look} isBusy={deed.isBusy}>
                  {acts[open].label}
                </Button>
              )}
            </div>
          </Form>
        </Dialog>
      )}
    </>
  )
}
