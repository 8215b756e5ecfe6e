/** All that the record of a change says: why, what was before and after, each step, and what may be done about it now. */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Change } from '../../../changes/answers/change-schemas.ts'
import {
  countNames,
  failureTextOf,
  isCounted,
  requesterOf,
  stateWords,
} from '../../../changes/answers/summarize.ts'
import { durationMs } from '../../../changes/model/duration.ts'
import { waitingStates } from '../../../changes/model/transitions.ts'
import { RefusedCall } from '../api/problems.ts'
import { useAnswer } from '../api/use-answer.ts'
import { Callout, Loading, Problem } from '../parts/states.tsx'
import { numberOf, Time } from '../parts/times.tsx'
import { Heading } from '../shell/heading.tsx'
import { hashOf } from '../shell/route.ts'
import { tellAloud } from '../shell/tell-aloud.tsx'
import { askedThroughOf } from './asked-through.ts'
import { BeforeAndAfter } from './before-and-after.tsx'
import { Decisions } from './decisions.tsx'
import type { OfferedChange } from './offers.ts'
import { Results } from './results.tsx'
import { StateChip } from './state-chip.tsx'

/** Somebody looks at this one: what others decide shows soon. */
const EVERY_MS = 2_000

export function ChangeDetails({ id }: { readonly id: string }) {
  const {
    value: change,
    problem,
    refresh,
  } = useAnswer<OfferedChange>(`v1/changes/${encodeURIComponent(id)}`, {
    everyMs: EVERY_MS,
  })
  useAnnounced(change)
  const isUnknown = problem instanceof RefusedCall && problem.status === 404
  return (
    <article class="change">
      <a class="back" href={hashOf(['changes'])}>
        All changes
      </a>
      <Heading text={change?.summary ?? (isUnknown ? 'No such change' : 'Change')}>
        {change && <StateChip state={change.state} />}
      </Heading>
      <Problem problem={problem} onRetry={() => void refresh()} />
      {change === undefined ? (
        problem === undefined && <Loading />
      ) : (
        <>
          <Decisions change={change} onDecided={refresh} />
          <Warnings change={change} />
          <Facts change={change} />
          <BeforeAndAfter change={change} />
          <Results change={change} />
          <Steps change={change} />
        </>
      )}
    </article>
  )
}

/** What becomes of it while somebody looks is heard too. */
function useAnnounced(change: Change | undefined): void {
  const last = useRef<Change['state'] | undefined>(undefined)
  useEffect(() => {
    if (change === undefined || last.current === change.state) return
    if (last.current !== undefined) tellAloud(`${change.summary}: ${stateWords[change.state].standing}`)
    last.current = change.state
  }, [change])
}

function Warnings({ change }: { readonly change: Change }) {
  const { findings, impact } = change
  const over = (findings?.seats ?? []).filter(({ isOver }) => isOver)
  const removals = impact?.massRemovals ?? []
  return (
    <>
      {removals.length > 0 && (
        <Callout tone="warning">
          Takes{' '}
          {removals
            .map(({ licenseId, people, holders }) => {
              const of = holders === undefined ? '' : ` of the ${numberOf(holders)} who hold it`
              return `${licenseId} from ${numberOf(people)} people${of}`
            })
            .join(', ')}
          .
        </Callout>
      )}
      {over.map(({ licenseId, seats, after, asOf }) => (
        <Callout key={licenseId} tone="warning">
          {licenseId}: {after === undefined ? 'more' : numberOf(after)} would be held, and {numberOf(seats)}{' '}
          are paid for
          {asOf && (
            <>
              , as of <Time at={asOf} />
            </>
          )}
          .
        </Callout>
      ))}
    </>
  )
}

function Facts({ change }: { readonly change: Change }) {
  const { approval, notBefore, notAfter, revert, list } = change
  const decidedBy = approval?.isApproved === false ? 'Rejected by' : 'Approved by'
  // Only while nothing has been sent does it matter until when that may be.
  const isWaiting = waitingStates.includes(change.state)
  const takenBack = revert?.dueAt ?? revert?.at
  const rows: readonly (readonly [name: string, value: ComponentChildren])[] = [
    ['Asked for by', askedThroughOf(change)],
    ['Because', change.reason],
    ['Not done because', failureTextOf(change)],
    ['Tried again', change.retryAt && <Time at={change.retryAt} />],
    ['Needs approval', approval?.because.join('. ')],
    [decidedBy, approval?.by && requesterOf(approval.by)],
    ['Rejected because', approval?.reason],
    ['Not before', isWaiting && notBefore && <Time at={notBefore} />],
    ['Not after', isWaiting && notAfter && <Time at={notAfter} />],
    [
      'Goes back',
      revert?.isCancelled ? 'not any more' : takenBack ? <Time at={takenBack} /> : afterTextOf(revert?.after),
    ],
    ['Taken back by', link(revert?.changeId)],
    ['Part of', link(change.partOf?.changeId)],
    ['Undoes', link(change.undoes)],
    ['Tries again', link(change.retries)],
    ['Tried again by', link(change.retriedBy)],
    ['Left to', link(change.supersededBy)],
    ['So far', list && countsOf(list.outcomes)],
    ['Made', <Time key="made" at={change.createdAt} />],
    ['Id', <code key="id">{change.id}</code>],
  ]
  return (
    <dl class="facts">
      {rows.map(
        ([name, value]) =>
          value !== undefined &&
          value !== false &&
          value !== '' && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  )
}

const link = (id: string | undefined) => id && <a href={hashOf(['changes', id])}>{id}</a>

function afterTextOf(after: string | undefined): string | undefined {
  const hours = (after === undefined ? 0 : (durationMs(after) ?? 0)) / 3_600_000
  return after === undefined ? undefined : `${numberOf(hours)} hours after it is done`
}

function countsOf(outcomes: NonNullable<Change['outcomes']>): string {
  return Object.keys(countNames)
    .filter(isCounted)
    .flatMap((name) => {
      const count = outcomes[name] ?? 0
      return count > 0 ? [`${numberOf(count)} ${countNames[name]}`] : []
    })
    .join(', ')
}

function Steps({ change: { history } }: { readonly change: Change }) {
  return (
    <section>
      <h2>Steps</h2>
      <ol class="steps" aria-label="Steps">
        {history.map(({ state, at, by, note }) => (
          <li key={`${state} ${at} ${note ?? ''}`}>
            <StateChip state={state} />
            <Time at={at} />
            <span>{by}</span>
            {note && <span class="note">{note}</span>}
          </li>
        ))}
      </ol>
    </section>
  )
}
