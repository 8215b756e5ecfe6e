/** How far a list has come: a bar, at what pace, when it will be at its end, and what keeps it waiting or has ended it. */
import type { Change } from '../../../changes/answers/change-schemas.ts'
import { countNames, isCounted } from '../../../changes/answers/summarize.ts'
import { failingTextOf, shareOf, stoppedTextOf } from '../../../changes/answers/words/progress-words.ts'
import { sayPlainly } from '../../../changes/answers/words/say-plainly.ts'
import { isSettled } from '../../../changes/model/transitions.ts'
import { useMe, zoneOf } from '../api/use-me.ts'
import { Callout } from '../parts/states.tsx'
import { numberOf, Time, timeIn } from '../parts/times.tsx'
import { hashOf } from '../shell/route.ts'

/** Parts to be looked at that are named. */
const MAX_NAMED = 3

export function ProgressOfList({ change }: { readonly change: Change }) {
  const zone = zoneOf(useMe())
  const { state, list, waits } = change
  const hasEnded = isSettled(state)
  const waiting = waits && (
    <p class="note">{sayPlainly(waits.says, { timeTextOf: (atMs) => timeIn(atMs, zone) })}.</p>
  )
  if (list?.beganAt === undefined) return hasEnded ? null : (waiting ?? null)
  const { done, all, share } = shareOf(list.outcomes)
  const percent = Math.floor(share * 100)
  const heading = hasEnded ? 'What it came to' : 'How far it is'
  const stopped = stoppedTextOf(list, hasEnded)
  const failing = hasEnded ? undefined : failingTextOf(list, (iso) => timeIn(iso, zone))
  const bad = (list.outcomes.notApplied ?? 0) + (list.outcomes.unknown ?? 0)
  return (
    <section>
      <h2>{heading}</h2>
      <progress max={all} value={done} aria-label={heading}>
        {percent} %
      </progress>
      <p>
        <strong>{percent} %</strong>: {numberOf(done)} of {numberOf(all)}
        {bad > 0 && `, ${numberOf(bad)} of them not done or not known`}. Part {numberOf(list.begun)} of{' '}
        {numberOf(list.parts)}
        {list.requestsPerMinute !== undefined && `, ${numberOf(list.requestsPerMinute)} requests a minute`}
        {list.endEstimatedAt !== undefined && !list.stopped && (
          <>
            , at its end about <Time at={list.endEstimatedAt} /> (<Time at={list.endEstimatedAt} isRelative />
            )
          </>
        )}
        .
      </p>
      <p class="note">{countsTextOf(list.outcomes)}</p>
      {waiting}
      {stopped && <Callout tone={list.stopped?.why === 'failing' ? 'bad' : 'warning'}>{stopped}</Callout>}
      {failing && <Callout tone="warning">{failing}</Callout>}
      <Attention parts={list.needAttention} />
    </section>
  )
}

function Attention({ parts = [] }: { readonly parts: readonly string[] | undefined }) {
  if (parts.length === 0) return null
  const more = parts.length - MAX_NAMED
  return (
    <Callout tone="warning">
      <p>
        Of some of it nobody is sure. “Look again” reads it once more, as soon as nothing can land any more.
        These parts need it:{' '}
        {parts.slice(0, MAX_NAMED).map((id, place) => (
          <span key={id}>
            {place > 0 && ', '}
            <a href={hashOf(['changes', id])}>{id}</a>
          </span>
        ))}
        {more > 0 && ` and ${numberOf(more)} more`}.
      </p>
    </Callout>
  )
}

/** `12 done, 3 so already`: what became of how many. */
function countsTextOf(outcomes: NonNullable<Change['outcomes']>): string {
  return Object.keys(countNames)
    .filter(isCounted)
    .flatMap((name) => {
      const count = outcomes[name] ?? 0
      return count > 0 ? [`${numberOf(count)} ${countNames[name]}`] : []
    })
    .join(', ')
}
