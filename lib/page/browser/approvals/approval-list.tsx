import { useEffect, useRef } from 'preact/hooks'
import { requesterOf } from '../../../changes/answers/summarize.ts'
import { orderTextOf } from '../../../changes/answers/words/schedule-words.ts'
import { takenOverAmong, takenOverIn } from '../../../changes/answers/words/seat-verdict.ts'
import { mayCall, useMe } from '../api/use-me.ts'
import { useNames } from '../api/use-names.ts'
import { askedThroughOf } from '../changes/asked-through.ts'
import type { OfferedChange } from '../changes/offers.ts'
import { OverSeats } from '../changes/plan-findings.tsx'
import { changeTitleOf } from '../changes/title-of.ts'
import { Chip } from '../parts/chip.tsx'
import { Callout, Empty, Loading, Problem } from '../parts/states.tsx'
import { numberOf, Time } from '../parts/times.tsx'
import { backTextOf, singlesIn, WhenText } from '../schedules/schedule-texts.tsx'
import { Heading } from '../shell/heading.tsx'
import { hashOf } from '../shell/route.ts'
import { tellAloud } from '../shell/tell-aloud.tsx'
import { isForMe, type OfferedSchedule, useWaiting } from './use-waiting.ts'

/** Somebody else may decide at any moment. */
const EVERY_MS = 4_000

export function ApprovalList() {
  const me = useMe()
  const { waiting, isCut, problem, refresh } = useWaiting(me, EVERY_MS)
  const { changes = [], schedules = [] } = waiting ?? {}
  const names = useNames(schedules.flatMap(({ change }) => singlesIn(change)))
  const called = (id: string) => names?.get(id)?.name ?? names?.get(id)?.email
  const isKnown = waiting !== undefined && names !== undefined
  const waits = [...changes.map(entryOfChange), ...schedules.map((each) => entryOfSchedule(each, called))]
  const mine = waits.filter(({ isMine }) => isMine)
  const others = waits.filter(({ isMine }) => !isMine)
  useDecidedAloud(isKnown ? mine : undefined)
  const mayApprove = mayCall(me, 'approveChange') && me?.role !== 'viewer' && me?.role !== 'operator'
  return (
    <>
      <Heading text="Approvals" />
      <Problem problem={problem} onRetry={() => void refresh()} />
      {!isKnown ? (
        problem === undefined && <Loading />
      ) : (
        <>
          {me && !mayApprove && (
            <Callout>
              To approve takes the role approver, which you do not have. You can look at what waits.
            </Callout>
          )}
          {mine.length > 0 && <Entries title="Waits for you" entries={mine} />}
          {mine.length === 0 && mayApprove && problem === undefined && (
            <Empty>
              Nothing waits for you.
              {others.length > 0 && ' What waits for somebody else is below.'}
            </Empty>
          )}
          {waits.length === 0 && !mayApprove && problem === undefined && (
            <Empty>Nothing waits for approval.</Empty>
          )}
          {others.length > 0 && (
            <Entries
              title={mayApprove ? 'Waits for somebody else' : 'Waits for an approver'}
              entries={others}
            />
          )}
          {isCut && (
            <p class="note">
              These are the newest {numberOf(changes.length)} changes; all of them are among the{' '}
              <a href={hashOf(['changes'], { state: 'AWAITING_APPROVAL' })}>changes</a>.
            </p>
          )}
        </>
      )}
    </>
  )
}

/** What does not wait any more, since somebody else has decided it. */
function useDecidedAloud(mine: readonly Entry[] | undefined): void {
  const last = useRef<readonly Entry[]>([])
  useEffect(() => {
    if (mine === undefined) return
    for (const { id, summary } of last.current)
      if (!mine.some((each) => each.id === id)) tellAloud(`${summary}: it does not wait for you any more.`)
    last.current = mine
  })
}

interface Entry {
  readonly id: string
  readonly kind: string
  readonly href: string
  readonly summary: string
  /** Whose times go on its summary. */
  readonly schedule?: OfferedSchedule
  readonly about: string
  readonly because: string
  readonly until: string | undefined
  readonly isMine: boolean
  /** What it takes over its seats; of a schedule, if it fired now. */
  readonly over: ReturnType<typeof takenOverIn>
}

function entryOfChange(change: OfferedChange): Entry {
  const { id, kind, list, reason, approval } = change
  return {
    id,
    kind: list ? 'List' : kind === 'toggle' ? 'Toggle' : kind === 'extend' ? 'For longer' : 'Licenses',
    href: hashOf(['approvals', id]),
    summary: changeTitleOf(change),
    about: `${askedThroughOf(change)}${reason === undefined ? '' : `, because ${reason}`}`,
    because: approval?.because.join('. ') ?? '',
    until: approval?.expiresAt,
    isMine: isForMe(change),
    over: takenOverIn(change),
  }
}

function entryOfSchedule(schedule: OfferedSchedule, called: (userId: string) => string | undefined): Entry {
  const { id, change, actor, approval } = schedule
  const back = backTextOf(change.revertAfter)
  return {
    id,
    kind: 'Schedule',
    href: hashOf(['schedules', id], { from: 'approvals' }),
    summary: `${orderTextOf(change, called)}${back === undefined ? '' : `, for ${back}`}`,
    schedule,
    about: `${requesterOf(actor)}${change.reason === undefined ? '' : `, because ${change.reason}`}`,
    because: approval?.because.join('. ') ?? '',
    until: approval?.expiresAt,
    isMine: isForMe(schedule),
    over: takenOverAmong(schedule.seats ?? []),
  }
}

function Entries({ title, entries }: { readonly title: string; readonly entries: readonly Entry[] }) {
  return (
    <section class="approvals">
      <h2>{title}</h2>
      <ul class="rows" aria-label={title}>
        {entries.map(({ id, kind, href, summary, schedule, about, because, until, over }) => (
          <li key={id} class="row">
            <Chip tone="question">{kind}</Chip>
            <a class="what" href={href}>
              {summary}
              {schedule && (
                <>
                  , <WhenText schedule={schedule} />
                </>
              )}
            </a>
            <span class="who note">
              {about}
              {because !== '' && <span class="under">{because}</span>}
              <OverSeats over={over} />
            </span>
            <span class="when note">
              {until && (
                <>
                  lapses <Time at={until} isRelative />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
