/** What was given for a time and goes back soon, with ways to keep it for longer or to end it now. */

import { useRef, useState } from 'preact/hooks'
import { useAnswer } from '../api/use-answer.ts'
import { usePages } from '../api/use-pages.ts'
import { askedThroughOf } from '../changes/asked-through.ts'
import { Decisions } from '../changes/decisions.tsx'
import type { OfferedChange } from '../changes/offers.ts'
import { Choice } from '../parts/field.tsx'
import { useFoundAloud } from '../parts/found-aloud.ts'
import { Pager } from '../parts/pager.tsx'
import { Empty, Loading, Problem } from '../parts/states.tsx'
import { Time } from '../parts/times.tsx'
import { hashOf } from '../shell/route.ts'
import { setFilters } from '../shell/use-route.ts'

const EVERY_MS = 10_000

const spans = [
  ['24h', 'Within a day'],
  ['7d', 'Within a week'],
  ['4w', 'Within four weeks'],
] as const
const USUAL = '7d'

/** What is about its end; the rest is on the change's own place. */
const aboutTheEnd = ['extend', 'end', 'keep']

export function GoesBackSoon({ due }: { readonly due: string | undefined }) {
  const span = spans.find(([each]) => each === due)?.[0] ?? USUAL
  const {
    entities: listed,
    problem,
    refresh,
    more,
  } = usePages<OfferedChange>(`v1/changes?due=${span}`, EVERY_MS)
  const { entities, setAskedId } = useHeldRow(listed)
  useFoundAloud(span, entities?.length, ['change', 'changes'], more !== undefined)
  return (
    <section class="goes-back">
      <h2>Goes back soon</h2>
      <div class="filters">
        <Choice
          label="When"
          value={span}
          options={spans}
          onChange={({ currentTarget: { value } }) => setFilters({ due: value === USUAL ? '' : value })}
        />
      </div>
      <Problem problem={problem} onRetry={() => void refresh()} />
      {entities === undefined ? (
        problem === undefined && <Loading lines={3} />
      ) : entities.length === 0 && more === undefined ? (
        <Empty>Nothing goes back by itself in that time.</Empty>
      ) : (
        <>
          <ul class="rows" aria-label="What goes back, the soonest first">
            {entities.map((change) => (
              <Row
                key={change.id}
                change={change}
                onDecided={refresh}
                onAsking={(isAsking) =>
                  setAskedId((id) => (isAsking ? change.id : id === change.id ? undefined : id))
                }
              />
            ))}
          </ul>
          <Pager count={entities.length} of={['change', 'changes']} more={more} />
        </>
      )}
    </section>
  )
}

/** While somebody is asked about one that others have ended, it stays, as it is by now: their dialog says so. */
function useHeldRow(listed: readonly OfferedChange[] | undefined) {
  const [askedId, setAskedId] = useState<string | undefined>()
  const shown = useRef<readonly OfferedChange[]>([])
  const isListed = listed?.some(({ id }) => id === askedId) ?? false
  const place = isListed ? -1 : shown.current.findIndex(({ id }) => id === askedId)
  const held = shown.current[place]
  const { value } = useAnswer<OfferedChange>(held && `v1/changes/${held.id}`)
  const entities = listed && held ? listed.toSpliced(place, 0, value ?? held) : listed
  shown.current = entities ?? []
  return { entities, setAskedId }
}

interface RowProps {
  readonly change: OfferedChange
  readonly onDecided: () => Promise<void>
  readonly onAsking: (isAsking: boolean) => void
}

function Row({ change, onDecided, onAsking }: RowProps) {
  const { id, summary, offers, reason } = change
  const dueAt = change.revert?.dueAt
  const about = offers?.filter((each) => aboutTheEnd.includes(each))
  return (
    <li class="row">
      <div>
        <a class="what" href={hashOf(['changes', id])}>
          {summary}
        </a>
        <p class="note">
          {askedThroughOf(change)}
          {reason && `, because ${reason}`}
        </p>
      </div>
      <p>
        {dueAt && (
          <>
            Goes back <Time at={dueAt} /> (<Time at={dueAt} isRelative />)
          </>
        )}
      </p>
      <Decisions
        change={{ ...change, ...(about && { offers: about }) }}
        onDecided={onDecided}
        onAsking={onAsking}
        isOneOfMany
      />
    </li>
  )
}
