/** Each pair of a change: how it was, what is wanted and what became of it, by outcome, and as a file. */
import { useState } from 'preact/hooks'
import type { Change, ChangeOutcomes, ChangeResult } from '../../../changes/answers/change-schemas.ts'
import { countNames, onOff, outcomeNameOf } from '../../../changes/answers/summarize.ts'
import { isSettled, neverBegunStates } from '../../../changes/model/transitions.ts'
import { useDownload } from '../api/use-download.ts'
import { useNames } from '../api/use-names.ts'
import { Button } from '../parts/button.tsx'
import { Choice } from '../parts/field.tsx'
import { Pager } from '../parts/pager.tsx'
import { Empty, Loading, Problem } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { numberOf } from '../parts/times.tsx'
import { PersonName } from '../people/person-name.tsx'
import { setFilters } from '../shell/use-route.ts'
import { useResults } from './use-results.ts'

/** Of a list that goes on: what is shown of it is some seconds old at most. */
const EVERY_MS = 5_000

/** As counts name them. */
const counted: readonly (readonly [keyof ChangeOutcomes, ChangeResult['outcome']])[] = [
  ['applied', 'applied'],
  ['unchanged', 'unchanged'],
  ['notApplied', 'not.applied'],
  ['unknown', 'unknown'],
  ['superseded', 'superseded'],
  ['conflict', 'conflict'],
  ['notSent', 'not.sent'],
]

interface ResultsProps {
  readonly change: Change
  /** Only what came to that. */
  readonly outcome?: string | undefined
}

export function Results({ change, outcome }: ResultsProps) {
  // Of a list there is no other place for who is to hold what; of the rest it stands above.
  const [isOpen, setOpen] = useState(change.list !== undefined || outcome !== undefined)
  // Of one of its own that ended before anything was sent there are none; of lists, bad rows and what was left alone are.
  const isOfList = change.list !== undefined || change.partOf !== undefined
  if (!isOfList && neverBegunStates.includes(change.state)) return null
  const isPlan = change.list !== undefined && change.list.beganAt === undefined
  return (
    <details class="results" open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{isPlan ? 'Before and after, one by one' : 'Results, one by one'}</summary>
      {isOpen && <ResultTable change={change} outcome={outcome} />}
    </details>
  )
}

function ResultTable({ change, outcome }: ResultsProps) {
  const { id, state, updatedAt, list } = change
  const base = `v1/changes/${id}/results`
  const path = outcome === undefined ? base : `${base}?outcome=${encodeURIComponent(outcome)}`
  const hasEnded = isSettled(state)
  // Each step of what ends soon is its own version; a list under way has one a second.
  const { rows, problem, isBusy, refresh, more } = useResults(
    path,
    hasEnded || list === undefined ? updatedAt : state,
    hasEnded || list === undefined ? undefined : EVERY_MS,
  )
  const names = useNames((rows ?? []).flatMap(({ userId }) => userId ?? []))
  return (
    <>
      <OutcomeChoice counts={list?.outcomes ?? change.outcomes} outcome={outcome} />
      <Problem problem={problem} onRetry={() => void refresh()} />
      {(rows === undefined || names === undefined) && problem === undefined && <Loading lines={3} />}
      {rows?.length === 0 && more === undefined && <Empty>Nothing came to that.</Empty>}
      {rows && names && rows.length > 0 && (
        <>
          <Table
            caption="Results"
            rows={rows}
            keyOf={({ userId, licenseId, featureName, line, result }) =>
              `${userId} ${licenseId} ${featureName} ${line} ${line === undefined ? '' : result}`
            }
            columns={[
              {
                name: 'Of whom',
                cell: ({ userId, featureName, line }) =>
                  userId === undefined ? (
                    (featureName ?? (line === undefined ? '' : `line ${line}`))
                  ) : (
                    <PersonName id={userId} names={names} />
                  ),
              },
              { name: 'What', cell: whatOf },
              { name: 'Before', cell: ({ before, featureName }) => heldText(before, featureName) },
              { name: 'Became', cell: (row) => becameText(row, hasEnded) },
              ...(rows.some(({ result }) => result !== undefined)
                ? [{ name: 'What Genesys said', cell: ({ result }: ChangeResult) => result ?? '' }]
                : []),
            ]}
          />
          <Pager count={rows.length} of={['row', 'rows']} more={more} />
        </>
      )}
      {isBusy && <Loading lines={1} />}
      <Downloads path={path} />
    </>
  )
}

function whatOf({ licenseId, desired, featureName }: ChangeResult): string {
  if (featureName !== undefined) return `switch ${onOff(desired)}`
  return licenseId === undefined ? '' : `${desired ? 'give' : 'take'} ${licenseId}`
}

/** Of what holds already nothing comes, and that is known before. */
function becameText({ outcome, before, desired }: ChangeResult, hasEnded: boolean): string {
  const isIdle = outcome === 'not.sent' && before !== undefined && before === desired
  return outcomeNameOf(isIdle && !hasEnded ? 'unchanged' : outcome, hasEnded)
}

function heldText(before: boolean | undefined, featureName: string | undefined): string {
  if (before === undefined) return 'not known'
  if (featureName !== undefined) return onOff(before)
  return before ? 'held' : 'not held'
}

/** What it came to is chosen where it came to several things. */
function OutcomeChoice({
  counts = {},
  outcome,
}: {
  readonly counts: ChangeOutcomes | undefined
  readonly outcome: string | undefined
}) {
  const there = counted.filter(([name, each]) => (counts[name] ?? 0) > 0 || each === outcome)
  if (there.length < 2 && outcome === undefined) return null
  return (
    <div class="filters">
      <Choice
        label="What became of them"
        value={outcome ?? ''}
        options={[
          ['', 'All'],
          ...there.map(
            ([name, each]) => [each, `${countNames[name]} (${numberOf(counts[name] ?? 0)})`] as const,
          ),
        ]}
        onChange={({ currentTarget: { value } }) => setFilters({ outcome: value })}
      />
    </div>
  )
}

function Downloads({ path }: { readonly path: string }) {
  const csv = useDownload()
  const lines = useDownload()
  return (
    <>
      <div class="decisions">
        <Button isBusy={csv.isBusy} onClick={() => void csv.start({ path, accept: 'text/csv' })}>
          Download as CSV
        </Button>
        <Button
          isBusy={lines.isBusy}
          onClick={() => void lines.start({ path, accept: 'application/x-ndjson' })}
        >
          Download as NDJSON
        </Button>
      </div>
      <Problem problem={csv.problem ?? lines.problem} />
    </>
  )
}
