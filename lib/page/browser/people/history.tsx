/** What somebody has held: lanes in time, and the same in words. */
import type { Change } from '../../../changes/answers/change-schemas.ts'
import type { HoldingEntry } from '../../../inventory/answers/inventory-schemas.ts'
import { serverNowMs } from '../api/server-clock.ts'
import { useDownload } from '../api/use-download.ts'
import { useMe, zoneOf } from '../api/use-me.ts'
import { askedThroughOf, decidedTextOf } from '../changes/asked-through.ts'
import { StateChip } from '../changes/state-chip.tsx'
import { Button } from '../parts/button.tsx'
import { Callout, Loading, Problem } from '../parts/states.tsx'
import { LOCALE, Time } from '../parts/times.tsx'
import { hashOf } from '../shell/route.ts'
import { type Lanes, lanesOf } from './lanes.ts'
import { changeBehind, type HistoryState } from './use-history.ts'

interface HistoryProps {
  readonly name: string
  readonly history: HistoryState
}

export function History({ name, history }: HistoryProps) {
  const { holdings, listing, changes, problem, refresh, path } = history
  const download = useDownload()
  return (
    <section>
      <h3>History</h3>
      <Problem problem={problem ?? download.problem} onRetry={() => void refresh()} />
      {holdings === undefined && problem === undefined && <Loading lines={4} />}
      {listing?.isWhole === false && (
        <Callout tone="warning">Something may be missing: not all readings got the whole org.</Callout>
      )}
      {holdings && holdings.length === 0 && <p>Nothing is on record of them yet.</p>}
      {holdings && holdings.length > 0 && (
        <>
          <LaneChart lanes={lanesOf(holdings, serverNowMs())} />
          <ol class="past" aria-label={`What ${name} has held, the latest first`}>
            {holdings.map((holding) => (
              <Held key={`${holding.licenseId} ${holding.from}`} holding={holding} changes={changes} />
            ))}
          </ol>
          {listing?.next !== undefined && <p class="note">What is older is in the file.</p>}
          <Button isBusy={download.isBusy} onClick={() => void download.start({ path, accept: 'text/csv' })}>
            Download as CSV
          </Button>
        </>
      )}
    </section>
  )
}

const tickFormats: Readonly<Record<Lanes['tickUnit'], Intl.DateTimeFormatOptions>> = {
  hour: { hour: '2-digit', minute: '2-digit' },
  weekday: { weekday: 'short', hour: 'numeric' },
  day: { day: 'numeric', month: 'short' },
  month: { month: 'short', year: 'numeric' },
}

/** To look at; whoever hears the page has the list below it. */
function LaneChart({ lanes: { lanes, ticks, tickUnit } }: { readonly lanes: Lanes }) {
  const me = useMe()
  // Days and months are those of UTC, where their ticks are.
  const timeZone = tickUnit === 'hour' || tickUnit === 'weekday' ? zoneOf(me) : 'UTC'
  const format = new Intl.DateTimeFormat(LOCALE, { timeZone, ...tickFormats[tickUnit] })
  return (
    <div class="lanes" aria-hidden="true">
      {lanes.map(({ licenseId, isHeld, bars }) => (
        <div class="lane" key={licenseId}>
          <span class={isHeld ? 'lane-name' : 'lane-name ended'}>{licenseId}</span>
          <svg class={isHeld ? 'bars' : 'bars ended'} aria-hidden="true">
            {ticks.map(({ left }) => (
              <line key={left} x1={`${left}%`} x2={`${left}%`} y1="0" y2="100%" />
            ))}
            {bars.map(({ holding, left, width, mayBegin, mayEnd }) => (
              <g key={holding.from}>
                {mayBegin !== undefined && (
                  <rect class="may" x={`${mayBegin}%`} width={`${left - mayBegin}%`} y="25%" height="50%" />
                )}
                <rect x={`${left}%`} width={`${width}%`} y="0" height="100%" rx="2" />
                {mayEnd !== undefined && (
                  <rect
                    class="may"
                    x={`${left + width}%`}
                    width={`${Math.max(mayEnd - left - width, 0)}%`}
                    y="25%"
                    height="50%"
                  />
                )}
              </g>
            ))}
          </svg>
        </div>
      ))}
      <div class="lane">
        <span />
        <div class="ticks">
          {ticks.map(({ at, left }) => (
            <span key={left} class="note" style={{ left: `${left}%` }}>
              {format.format(at)}
            </span>
          ))}
          <span class="note now">now</span>
        </div>
      </div>
    </div>
  )
}

interface HeldProps {
  readonly holding: HoldingEntry
  readonly changes: HistoryState['changes']
}

function Held({ holding, changes }: HeldProps) {
  const { licenseId, from, fromAfter, until, untilAfter, by, endedBy } = holding
  return (
    <li>
      <strong>{licenseId}</strong>
      <span class="note">{until === undefined ? ' held now' : ''}</span>
      {until !== undefined && (
        <Turn word="Taken" at={until} after={untilAfter} by={endedBy} changes={changes} />
      )}
      {by === 'before records' ? (
        <p>
          Held already when the first reading began, <Time at={from} />
        </p>
      ) : (
        <Turn word="Given" at={from} after={fromAfter} by={by} changes={changes} />
      )}
    </li>
  )
}

interface TurnProps {
  readonly word: 'Given' | 'Taken'
  readonly at: string
  /** Of what was done outside: some time between the two. */
  readonly after: string | undefined
  readonly by: HoldingEntry['by'] | undefined
  readonly changes: HistoryState['changes']
}

function Turn({ word, at, after, by, changes }: TurnProps) {
  const id = changeBehind(by)
  return (
    <p>
      {word}{' '}
      {after === undefined ? (
        <Time at={at} />
      ) : (
        <>
          between <Time at={after} /> and <Time at={at} />
        </>
      )}
      {by === 'outside' && ' in Genesys itself'}
      {id !== undefined && <ByChange id={id} change={changes.get(id)} />}
    </p>
  )
}

function ByChange({ id, change }: { readonly id: string; readonly change: Change | undefined }) {
  return (
    <>
      {change && ` by ${askedThroughOf(change)}`}
      {change?.reason && `, because ${change.reason}`}
      {change && decidedTextOf(change)}
      {' – '}
      <a href={hashOf(['changes', id])} aria-label={change && `the change: ${change.summary}`}>
        the change
      </a>
      {change?.undone && (
        <>
          {' '}
          <StateChip {...change} />
        </>
      )}
    </>
  )
}
