/** All that the record of a change says: why, what was before and after, each step, and what may be done about it now. */
import type { ComponentType } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Change } from '../../../changes/answers/change-schemas.ts'
import { failureTextOf, requesterWithId } from '../../../changes/answers/summarize.ts'
import { wordsOfStanding } from '../../../changes/answers/words/standing-words.ts'
import { durationMs } from '../../../changes/model/duration.ts'
import { waitingStates } from '../../../changes/model/transitions.ts'
import { isUndone } from '../../../changes/model/verdict.ts'
import { RefusedCall } from '../api/problems.ts'
import { useAnswer } from '../api/use-answer.ts'
import { Chip } from '../parts/chip.tsx'
import { Facts, type NamedValue } from '../parts/facts.tsx'
import { Callout, Loading, Problem } from '../parts/states.tsx'
import { numberOf, Time } from '../parts/times.tsx'
import { Heading } from '../shell/heading.tsx'
import { hashOf } from '../shell/route.ts'
import { tellAloud } from '../shell/tell-aloud.tsx'
import { NoEffect } from '../toggles/no-effect.tsx'
import { askedThroughOf, lateTextOf } from './asked-through.ts'
import { BeforeAndAfter } from './before-and-after.tsx'
import { Decisions } from './decisions.tsx'
import { NothingSent } from './nothing-sent.tsx'
import type { OfferedChange } from './offers.ts'
import { PlanFindings } from './plan-findings.tsx'
import { ProgressOfList } from './progress-of-list.tsx'
import { Results } from './results.tsx'
import { StateChip } from './state-chip.tsx'
import { changeTitleOf } from './title-of.ts'

/** Somebody looks at this one: what others decide shows soon. */
const EVERY_MS = 2_000

interface ChangeDetailsProps {
  readonly id: string
  readonly query: URLSearchParams
  /** Where one came from: the view's name, and what the way back is called. Default: the list of changes. */
  readonly from?: readonly [view: string, label: string]
  /** What the view has to say of it besides, behind what may be done. */
  readonly Beside?: ComponentType<{ readonly change: OfferedChange }>
}

/** It is the same wherever one comes from: as a change, as what waits for me, as a list. */
export function ChangeDetails({
  id,
  query,
  from: [view, back] = ['changes', 'All changes'],
  Beside,
}: ChangeDetailsProps) {
  const {
    value: change,
    problem,
    refresh,
  } = useAnswer<OfferedChange>(`v1/changes/${encodeURIComponent(id)}`, {
    everyMs: EVERY_MS,
  })
  useAnnounced(change)
  const status = problem instanceof RefusedCall ? problem.status : undefined
  const isNoId = status === 400
  return (
    <article class="change">
      <a class="back" href={hashOf([view])}>
        {back}
      </a>
      <Heading
        text={(change && changeTitleOf(change)) ?? (isNoId || status === 404 ? 'No such change' : 'Change')}
      >
        {change && <StateChip {...change} />}
      </Heading>
      {isNoId ? (
        <Callout tone="bad">
          There is no such change: look at its id again. Each has 20 letters and digits.
        </Callout>
      ) : (
        <Problem problem={problem} onRetry={() => void refresh()} />
      )}
      {change === undefined ? (
        problem === undefined && <Loading />
      ) : (
        <>
          <Decisions change={change} onDecided={refresh} view={view === 'lists' ? 'lists' : 'changes'} />
          <NothingSent change={change} />
          <NoEffect change={change} />
          {Beside && <Beside change={change} />}
          <ProgressOfList change={change} />
          <FactsOfChange change={change} />
          <PlanFindings change={change} />
          <BeforeAndAfter change={change} />
          <Results change={change} outcome={query.get('outcome') ?? undefined} />
          <Steps change={change} />
        </>
      )}
    </article>
  )
}

/** What becomes of it while somebody looks is heard too. */
function useAnnounced(change: Change | undefined): void {
  const last = useRef<string | undefined>(undefined)
  useEffect(() => {
    if (change === undefined) return
    const { standing } = wordsOfStanding(change)
    if (last.current !== undefined && last.current !== standing) tellAloud(`${change.summary}: ${standing}`)
    last.current = standing
  }, [change])
}

function FactsOfChange({ change }: { readonly change: Change }) {
  const { approval, notBefore, notAfter, revert } = change
  const decidedBy = approval?.isApproved === false ? 'Rejected by' : 'Approved by'
  // Only while nothing has been sent does it matter until when that may be.
  const isWaiting = waitingStates.includes(change.state)
  const takenBack = revert?.dueAt ?? revert?.at
  const rows: readonly NamedValue[] = [
    ['Asked for by', askedThroughOf(change, requesterWithId)],
    ['Schedule', change.actor.kind === 'schedule' && scheduleLink(change.actor.id)],
    ['Reason', change.reason],
    ['Not done because', failureTextOf(change) ?? lateTextOf(change)],
    ['Tried again', change.retryAt && <Time at={change.retryAt} />],
    ['Needs approval', approval?.because.join('. ')],
    [decidedBy, approval?.by && requesterWithId(approval.by)],
    ['Rejected because', approval?.reason],
    ['Not before', isWaiting && notBefore && <Time at={notBefore} />],
    ['Not after', isWaiting && notAfter && <Time at={notAfter} />],
    [
      'Goes back',
      revert?.isCancelled || (revert && isUndone(change.undone)) ? (
        'not any more'
      ) : takenBack ? (
        <Time at={takenBack} />
      ) : (
        afterTextOf(revert?.after)
      ),
    ],
    [
      change.undone?.state === 'AWAITING_APPROVAL' ? 'Undo that waits for approval' : 'Taken back by',
      link(change.undone?.by ?? revert?.changeId),
    ],
    ['Part of', link(change.partOf?.changeId)],
    ['Undoes', link(change.undoes)],
    ['Tries again', link(change.retries)],
    ['Tried again by', link(change.retriedBy)],
    ['Left to', link(change.supersededBy)],
    ['Made', <Time key="made" at={change.createdAt} />],
    ['Id', <code key="id">{change.id}</code>],
  ]
  return <Facts rows={rows} />
}

const link = (id: string | undefined) => id && <a href={hashOf(['changes', id])}>{id}</a>

const scheduleLink = (id: string) => <a href={hashOf(['schedules', id])}>{id}</a>

function afterTextOf(after: string | undefined): string | undefined {
  const hours = (after === undefined ? 0 : (durationMs(after) ?? 0)) / 3_600_000
  return after === undefined ? undefined : `${numberOf(hours)} hours after it is done`
}

/** What a record notes where whoever planned it lets it go ahead: its state is the same before and after. */
const CONFIRMED = 'apply'

function Steps({ change: { history } }: { readonly change: Change }) {
  return (
    <section>
      <h2>Steps</h2>
      <ol class="steps" aria-label="Steps">
        {history.map(({ state, at, by, byName, note }) => (
          <li key={`${state} ${at} ${note ?? ''}`}>
            {note === CONFIRMED ? <Chip tone="info">Confirmed</Chip> : <StateChip state={state} />}
            <Time at={at} />
            <span>{byName ?? by}</span>
            {note && note !== CONFIRMED && <span class="note">{note}</span>}
          </li>
        ))}
      </ol>
    </section>
  )
}
