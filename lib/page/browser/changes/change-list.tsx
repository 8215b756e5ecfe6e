import type { Change } from '../../../changes/answers/change-schemas.ts'
import { failureTextOf, stateWords } from '../../../changes/answers/summarize.ts'
import { usePages } from '../api/use-pages.ts'
import { Button } from '../parts/button.tsx'
import { Choice, Field } from '../parts/field.tsx'
import { Pager } from '../parts/pager.tsx'
import { Empty, Loading, Problem } from '../parts/states.tsx'
import { Time } from '../parts/times.tsx'
import { Heading } from '../shell/heading.tsx'
import { hashOf } from '../shell/route.ts'
import { setFilters } from '../shell/use-route.ts'
import { askedThroughOf } from './asked-through.ts'
import { StateChip } from './state-chip.tsx'

/** Changes are also made elsewhere: over the API, in chat, by events and schedules. */
const EVERY_MS = 4_000

const TEXTS = ['license', 'user', 'toggle', 'actor'] as const
const FILTERS = ['state', 'open', ...TEXTS] as const

const shows: readonly (readonly [value: string, label: string])[] = [
  ['', 'All changes'],
  ['open', 'What is open'],
  ...Object.entries(stateWords).map(([state, { name }]) => [state, name] as const),
]

const labels: Readonly<Record<(typeof TEXTS)[number], readonly [label: string, hint: string]>> = {
  license: ['License', 'Its id, such as cloudCX3'],
  user: ['User', 'The id of a user in Genesys'],
  toggle: ['Toggle', 'A feature, such as agentAssist'],
  actor: ['Asked for by', 'A person, or kind:id'],
}

export function ChangeList({ query }: { readonly query: URLSearchParams }) {
  const asked = new URLSearchParams([...query].filter(([name]) => FILTERS.some((each) => each === name)))
  const { entities, problem, refresh, more } = usePages<Change>(
    asked.size === 0 ? 'v1/changes' : `v1/changes?${asked}`,
    EVERY_MS,
  )
  return (
    <>
      <Heading text="Changes" />
      <Filters query={asked} />
      <Problem problem={problem} onRetry={() => void refresh()} />
      {entities === undefined ? (
        problem === undefined && <Loading />
      ) : entities.length === 0 && more === undefined ? (
        <Empty>
          {asked.size === 0 ? 'Nobody has changed anything yet.' : 'No change fits all of these filters.'}
        </Empty>
      ) : (
        <>
          <ul class="rows" aria-label="Changes, the newest first">
            {entities.map((change) => (
              <ChangeLine key={change.id} change={change} path={['changes', change.id]} />
            ))}
          </ul>
          <Pager count={entities.length} of={['change', 'changes']} more={more} />
        </>
      )}
    </>
  )
}

interface ChangeLineProps {
  readonly change: Change
  /** Where it is looked at. */
  readonly path: readonly string[]
}

/** A change in a list of them. */
export function ChangeLine({ change, path }: ChangeLineProps) {
  const why = failureTextOf(change) ?? (change.reason === undefined ? undefined : `because ${change.reason}`)
  return (
    <li class="row">
      <StateChip {...change} />
      <a class="what" href={hashOf(path)}>
        {change.summary}
      </a>
      <span class="who note">
        {askedThroughOf(change)}
        {why && `, ${why}`}
      </span>
      <span class="when note">
        <Time at={change.updatedAt} isRelative />
      </span>
    </li>
  )
}

function Filters({ query }: { readonly query: URLSearchParams }) {
  const isFiltered = TEXTS.some((name) => query.has(name))
  return (
    <form
      class="filters"
      aria-label="Filters"
      onSubmit={(event) => {
        event.preventDefault()
        const typed = new FormData(event.currentTarget)
        setFilters(Object.fromEntries(TEXTS.map((name) => [name, String(typed.get(name) ?? '').trim()])))
      }}
    >
      <Choice
        label="Show"
        options={shows}
        value={query.get('open') === 'true' ? 'open' : (query.get('state') ?? '')}
        onChange={({ currentTarget: { value } }) =>
          setFilters(value === 'open' ? { open: 'true', state: '' } : { open: '', state: value })
        }
      />
      {/* What is filtered by stands open: nobody wonders why the list is short. */}
      <details open={isFiltered}>
        <summary>More filters</summary>
        <div class="filters">
          {TEXTS.map((name) => (
            <Field
              key={`${name} ${query.get(name) ?? ''}`}
              name={name}
              label={labels[name][0]}
              hint={labels[name][1]}
              defaultValue={query.get(name) ?? ''}
            />
          ))}
          <div class="field">
            <Button type="submit">Filter</Button>
          </div>
        </div>
      </details>
      {query.size > 0 && (
        <div class="field">
          <Button
            look="quiet"
            onClick={() => setFilters(Object.fromEntries(FILTERS.map((name) => [name, undefined])))}
          >
            Show all
          </Button>
        </div>
      )}
    </form>
  )
}
