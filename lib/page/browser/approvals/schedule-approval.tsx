/** A schedule that waits for approval: when it does what, for whom, and the press that lets it. */
import { useState } from 'preact/hooks'
import { requesterOf, summaryOf } from '../../../changes/answers/summarize.ts'
import { isOvertaken, problemTextOf } from '../api/problems.ts'
import { useAnswer } from '../api/use-answer.ts'
import { useDeed } from '../api/use-deed.ts'
import { useNames } from '../api/use-names.ts'
import { Button } from '../parts/button.tsx'
import { Chip } from '../parts/chip.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Pager } from '../parts/pager.tsx'
import { Callout, Loading, Problem } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { Time } from '../parts/times.tsx'
import { Heading } from '../shell/heading.tsx'
import { hashOf } from '../shell/route.ts'
import { tellAloud } from '../shell/tell-aloud.tsx'
import { desiredOfOrder, whenTextOf } from './schedule-words.ts'
import { isForMe, type OfferedSchedule } from './use-waiting.ts'

/** Somebody else may decide at any moment. */
const EVERY_MS = 4_000

/** Rows a page. */
const STEP = 20

export function ScheduleApproval({ id }: { readonly id: string }) {
  const {
    value: schedule,
    problem,
    refresh,
  } = useAnswer<OfferedSchedule>(`v1/schedules/${encodeURIComponent(id)}`, { everyMs: EVERY_MS })
  return (
    <article class="change">
      <a class="back" href={hashOf(['approvals'])}>
        All that waits
      </a>
      <Heading text={schedule ? titleOf(schedule) : 'Schedule'}>
        {schedule && (
          <Chip tone={schedule.state === 'AWAITING_APPROVAL' ? 'question' : 'info'}>
            {standings[schedule.state]}
          </Chip>
        )}
      </Heading>
      <Problem problem={problem} onRetry={() => void refresh()} />
      {schedule === undefined ? (
        problem === undefined && <Loading />
      ) : (
        <>
          <Decision schedule={schedule} onDecided={refresh} />
          <Facts schedule={schedule} />
          <Pairs schedule={schedule} />
        </>
      )}
    </article>
  )
}

const standings: Readonly<Record<OfferedSchedule['state'], string>> = {
  CREATING: 'Being made',
  AWAITING_APPROVAL: 'Waits for approval',
  ACTIVE: 'Active',
  DONE: 'Done',
  DELETED: 'Deleted',
}

const titleOf = ({ change }: OfferedSchedule) => summaryOf({ desired: desiredOfOrder(change) })

function Decision({
  schedule,
  onDecided,
}: {
  readonly schedule: OfferedSchedule
  readonly onDecided: () => Promise<void>
}) {
  const [isOpen, setOpen] = useState(false)
  const deed = useDeed()
  const isOffered = isForMe(schedule)
  const isWaiting = schedule.state === 'AWAITING_APPROVAL'

  async function approve(): Promise<void> {
    const { id, digest } = schedule
    const answer = await deed.run<OfferedSchedule>({
      method: 'POST',
      path: `v1/schedules/${id}/approve`,
      body: { digest },
    })
    await onDecided()
    if (answer === undefined) return
    setOpen(false)
    tellAloud(`The schedule is approved: ${titleOf(answer)}`)
  }

  return (
    <>
      {isOffered && (
        <div class="decisions">
          <Button look="primary" onClick={() => setOpen(true)}>
            Approve
          </Button>
        </div>
      )}
      {isWaiting && !isOffered && schedule.offers !== undefined && (
        <Callout>
          You cannot approve it: that takes the role approver, and somebody who has not asked for it.
        </Callout>
      )}
      {!isWaiting && <Callout>It does not wait for approval any more.</Callout>}
      {isOpen && (
        <Dialog
          title="Approve this schedule?"
          onClose={() => {
            deed.reset()
            setOpen(false)
          }}
        >
          <p class="about">{titleOf(schedule)}</p>
          {isOffered ? (
            <p>It does so {whenTextOf(schedule)}, and nobody is asked again.</p>
          ) : (
            <Callout tone="warning">
              It is “{standings[schedule.state]}” by now, so this is not possible any more.
            </Callout>
          )}
          {deed.problem !== undefined && !(isOvertaken(deed.problem) && !isOffered) && (
            <Callout tone="bad">{problemTextOf(deed.problem)}</Callout>
          )}
          <div class="dialog-foot">
            <Button onClick={() => setOpen(false)}>{isOffered ? 'Not now' : 'Close'}</Button>
            {isOffered && (
              <Button look="primary" isBusy={deed.isBusy} onClick={() => void approve()}>
                Approve
              </Button>
            )}
          </div>
        </Dialog>
      )}
    </>
  )
}

function Facts({ schedule }: { readonly schedule: OfferedSchedule }) {
  const { actor, approval, change, createdAt } = schedule
  return (
    <dl class="facts">
      <div>
        <dt>When</dt>
        <dd>{whenTextOf(schedule)}</dd>
      </div>
      <div>
        <dt>Asked for by</dt>
        <dd>{requesterOf(actor)}</dd>
      </div>
      {change.reason !== undefined && (
        <div>
          <dt>Because</dt>
          <dd>{change.reason}</dd>
        </div>
      )}
      {approval && (
        <>
          <div>
            <dt>Needs approval</dt>
            <dd>{approval.because.join('. ')}</dd>
          </div>
          <div>
            <dt>Until</dt>
            <dd>
              <Time at={approval.expiresAt} />
            </dd>
          </div>
        </>
      )}
      <div>
        <dt>Made</dt>
        <dd>
          <Time at={createdAt} />
        </dd>
      </div>
    </dl>
  )
}

/** Whom it is about; what they hold then is seen when it comes to that. */
function Pairs({ schedule: { change } }: { readonly schedule: OfferedSchedule }) {
  const [shown, setShown] = useState(STEP)
  const rows =
    change.kind !== 'assignments'
      ? []
      : change.assignments.flatMap(({ licenseId, userIdsAdd, userIdsRemove }) => [
          ...userIdsAdd.map((userId) => ({ userId, what: `give ${licenseId}` })),
          ...userIdsRemove.map((userId) => ({ userId, what: `take ${licenseId}` })),
        ])
  const page = rows.slice(0, shown)
  const names = useNames([...new Set(page.map(({ userId }) => userId))])
  if (rows.length === 0) return null
  return (
    <section>
      <h2>Whom it is about</h2>
      <Table
        caption="Whom it is about"
        rows={page}
        keyOf={({ userId, what }) => `${userId} ${what}`}
        columns={[
          {
            name: 'Person',
            cell: ({ userId }) => names.get(userId)?.name ?? names.get(userId)?.email ?? userId,
          },
          { name: 'What', cell: ({ what }) => what },
        ]}
      />
      {rows.length > STEP && (
        <Pager
          count={page.length}
          of={['row', 'rows']}
          more={shown < rows.length ? () => setShown(shown + STEP) : undefined}
        />
      )}
    </section>
  )
}
