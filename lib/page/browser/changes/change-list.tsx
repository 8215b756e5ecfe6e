import type { Change } from '../../../changes/answers/change-schemas.ts'
import { failureTextOf, stateWords } from '../../../changes/answers/summarize.ts'
import { isLocalTime } from '../../../changes/model/local-time.ts'
import { useDefinitions } from '../api/use-definitions.ts'
import { useMe, zoneOf } from '../api/use-me.ts'
import { useNames } from '../api/use-names.ts'
import { usePages } from '../api/use-pages.ts'
import { Button } from '../parts/button.tsx'
import { Choice, Field } from '../parts/field.tsx'
import { isoOfTime } from '../parts/field-times.ts'
import { useFoundAloud } from '../parts/found-aloud.ts'
import { Pager } from '../parts/pager.tsx'
import { PeoplePicker } from '../parts/people-picker.tsx'
import { Empty, Loading, Problem } from '../parts/states.tsx'
import { Time } from '../parts/times.tsx'
import { Heading } from '../shell/heading.tsx'
import { hashOf } from '../shell/route.ts'
import { setFilters } from '../shell/use-route.ts'
import { askedThroughOf, decidedTextOf, lateTextOf } from './asked-through.ts'
import { StateChip } from './state-chip.tsx'
import { changeTitleOf } from './title-of.ts'

/** Changes are also made elsewhere: over the API, in chat, by events and schedules. */
const EVERY_MS = 4_000

const TEXTS = ['toggle', 'actor'] as const
const DAYS = ['from', 'to'] as const
const MORE = ['license', 'user', ...TEXTS, ...DAYS] as const
const FILTERS = ['state', 'open', ...MORE] as const

const shows: readonly (readonly [value: string, label: string])[] = [
  ['', 'All changes'],
  ['open', 'What is open'],
  ...Object.entries(stateWords).map(([state, { name }]) => [state, name] as const),
]

const labels: Readonly<Record<(typeof TEXTS)[number], readonly [label: string, hint: string]>> = {
  toggle: ['Toggle', 'A feature, such as agentAssist'],
  actor: ['Asked for by', 'Somebody’s name or short name, as the org file has it'],
}

/** What is asked for is from when the first day begins until the last has ended, by the clocks of the zone. */
function askedFor(filters: URLSearchParams, zone: string): URLSearchParams {
  const asked = new URLSearchParams(filters)
  for (const [name, time, fraction] of [
    ['from', '00:00:00', '.000Z'],
    ['to', '23:59:59', '.999Z'],
  ] as const) {
    const at = `${filters.get(name)}T${time}`
    if (isLocalTime(at)) asked.set(name, isoOfTime(at, zone).replace('.000Z', fraction))
    else asked.delete(name)
  }
  return asked
}

export function ChangeList({ query }: { readonly query: URLSearchParams }) {
  const zone = zoneOf(useMe())
  const asked = new URLSearchParams([...query].filter(([name]) => FILTERS.some((each) => each === name)))
  const path = asked.size === 0 ? 'v1/changes' : `v1/changes?${askedFor(asked, zone)}`
  const { entities, isActorUnknown, problem, refresh, more } = usePages<Change>(path, EVERY_MS)
  useFoundAloud(asked.toString(), entities?.length, ['change', 'changes'], more !== undefined)
  return (
    <>
      <Heading text="Changes" />
      <Filters query={asked} />
      <Problem problem={problem} onRetry={() => void refresh()} />
      {entities === undefined ? (
        problem === undefined && <Loading />
      ) : entities.length === 0 && more === undefined ? (
        <Empty>
          {asked.size === 0 && 'Nobody has changed anything yet.'}
          {isActorUnknown
            ? `Nobody is known by the name “${asked.get('actor')}”. People are found by the name or short name that the org file has of them.`
            : asked.size > 0 && 'No change fits all of these filters.'}
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
  const late = lateTextOf(change)
  return (
    <li class="row">
      <StateChip {...change} />
      <a class="what" href={hashOf(path)}>
        {changeTitleOf(change)}
      </a>
      <span class="who note">
        {askedThroughOf(change)}
        {why && `, ${why}`}
        {decidedTextOf(change)}
        {late && `; ${late}`}
      </span>
      <span class="when note">
        <Time at={change.createdAt} isRelative />
      </span>
    </li>
  )
}

/** Of one person alone: another that is chosen takes their place. */
function OfWhom({ userId }: { readonly userId: string | undefined }) {
  const names = useNames(userId === undefined ? [] : [userId])
  const known = userId === undefined ? undefined : names?.get(userId)
  return (
    <PeoplePicker
      label="Of whom"
      people={userId === undefined ? [] : [{ id: userId, name: known?.name ?? known?.email ?? userId }]}
      onChange={(people) => setFilters({ user: people.at(-1)?.id })}
    />
  )
}

function Filters({ query }: { readonly query: URLSearchParams }) {
  const isFiltered = MORE.some((name) => query.has(name))
  const { definitions = [] } = useDefinitions()
  const license = query.get('license') ?? ''
  const ids = definitions.map(({ id }) => id)
  const known = license === '' || ids.includes(license) ? ids : [license, ...ids]
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
          <Choice
            label="License"
            options={[['', 'Any license'], ...known.map((id) => [id, id] as const)]}
            value={license}
            onChange={({ currentTarget: { value } }) => setFilters({ license: value })}
          />
          {DAYS.map((name) => (
            <Field
              key={name}
              type="date"
              label={name === 'from' ? 'Made on or after' : 'Made on or before'}
              value={query.get(name) ?? ''}
              onInput={({ currentTarget: { value } }) => setFilters({ [name]: value }, { isReplaced: true })}
            />
          ))}
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
        <OfWhom userId={query.get('user') ?? undefined} />
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
