import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { User } from '../../../people/user.ts'
import { useDefinitions } from '../api/use-definitions.ts'
import { useDownload } from '../api/use-download.ts'
import { usePages } from '../api/use-pages.ts'
import { Button } from '../parts/button.tsx'
import { PersonState } from '../parts/chip.tsx'
import { Choice, Field } from '../parts/field.tsx'
import { useFoundAloud } from '../parts/found-aloud.ts'
import { Pager } from '../parts/pager.tsx'
import { Callout, Empty, Loading, Problem } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { Time } from '../parts/times.tsx'
import { Heading } from '../shell/heading.tsx'
import { hashOf } from '../shell/route.ts'
import { setFilters } from '../shell/use-route.ts'
import { holdersPath, NewestHolders } from './newest-holders.tsx'

/** What others change shows by then, and with each search. */
const EVERY_MS = 60_000

/** After the last key: a search for each would be one for nothing. Milliseconds. */
const TYPING_MS = 200

const states: readonly (readonly [value: string, label: string])[] = [
  ['', 'In any state'],
  ['active', 'Active'],
  ['inactive', 'Inactive'],
  ['deleted', 'Deleted'],
]

const orders: readonly (readonly [value: string, label: string])[] = [
  ['', 'By id'],
  ['newest', 'Given last first'],
]

/** By the name that they have in the address, and what the gateway calls them. */
const filters = { q: 'search', license: 'license', state: 'state' } as const

interface PeopleListProps {
  readonly query: URLSearchParams
  /** Of whoever stands over the list. */
  readonly title: string | undefined
  /** How many have been made over the list: with each it is read anew. */
  readonly changes: number
}

export function PeopleList({ query, title, changes }: PeopleListProps) {
  const asked = new URLSearchParams()
  for (const [name, called] of Object.entries(filters)) {
    const value = query.get(name)?.trim()
    if (value) asked.set(called, value)
  }
  const license = newestOf(query)
  const path =
    license === undefined ? (asked.size === 0 ? 'v1/users' : `v1/users?${asked}`) : holdersPath(license)
  const download = useDownload()
  return (
    <>
      <Heading text="People" title={title}>
        <Button isBusy={download.isBusy} onClick={() => void download.start({ path, accept: 'text/csv' })}>
          Download as CSV
        </Button>
      </Heading>
      <Filters query={query} />
      <Problem problem={download.problem} />
      {license === undefined ? (
        <Search path={path} query={query} isFiltered={asked.size > 0} changes={changes} />
      ) : (
        <NewestHolders licenseId={license} query={query} changes={changes} />
      )}
    </>
  )
}

/** Of which license it is asked who was given it last; undefined where people are searched. */
function newestOf(query: URLSearchParams): string | undefined {
  return query.get('order') === 'newest' ? query.get('license') || undefined : undefined
}

interface SearchProps extends Pick<FoundProps, 'query' | 'isFiltered'>, Pick<PeopleListProps, 'changes'> {
  readonly path: string
}

function Search({ path, query, isFiltered, changes }: SearchProps) {
  const { entities, dated, problem, refresh, more } = usePages<User>(path, EVERY_MS)
  useEffect(() => {
    if (changes > 0) void refresh()
  }, [changes, refresh])
  // What was found last stands until there is something newer, so that nothing jumps while somebody types.
  const last = useRef<readonly User[] | undefined>(undefined)
  if (entities !== undefined || problem !== undefined) last.current = entities
  useFoundAloud(path, entities?.length, ['person', 'people'], more !== undefined)
  return (
    <>
      <Problem problem={problem} onRetry={() => void refresh()} />
      {dated?.isWhole === false && (
        <Callout tone="warning">
          The last reading did not get all of the org: somebody may be missing, or hold other licenses.
        </Callout>
      )}
      {last.current !== undefined ? (
        <Found
          people={last.current}
          query={query}
          isFiltered={isFiltered}
          isOlder={entities === undefined}
          more={more}
        />
      ) : (
        problem === undefined && <Loading />
      )}
      {dated?.asOf && (
        <p class="note">
          As read <Time at={dated.asOf} />, with what was changed here since. What is changed in Genesys
          itself shows with the next reading.
        </p>
      )}
    </>
  )
}

interface FoundProps {
  readonly people: readonly User[]
  readonly query: URLSearchParams
  readonly isFiltered: boolean
  /** Something newer is on its way. */
  readonly isOlder: boolean
  readonly more: (() => void) | undefined
}

function Found({ people, query, isFiltered, isOlder, more }: FoundProps) {
  const filtersNow = query.toString()
  // Whatever comes and goes over the list draws none of its rows anew.
  const table = useMemo(
    () => <PeopleTable people={people} query={new URLSearchParams(filtersNow)} />,
    [people, filtersNow],
  )
  if (people.length === 0 && more === undefined) {
    return (
      <Empty>
        {isFiltered
          ? 'Nobody fits all of this. Search for a part of the name, or the beginning of the e-mail address or the id.'
          : 'Nobody is in the org yet.'}
      </Empty>
    )
  }
  return (
    <div class="people" aria-busy={isOlder}>
      {table}
      <Pager count={people.length} of={['person', 'people']} more={more} />
    </div>
  )
}

function PeopleTable({ people, query }: Pick<FoundProps, 'people' | 'query'>) {
  return (
    <Table
      caption="People"
      rows={people}
      keyOf={({ id }) => id}
      columns={[
        {
          name: 'Person',
          cell: ({ id, name, email, state }) => (
            <>
              <a href={hashOf(['people', id], query)}>{name?.trim() || email || id}</a>
              <PersonState state={state} />
              {name && email && <span class="note under">{email}</span>}
            </>
          ),
        },
        { name: 'Licenses', cell: ({ licenses }) => <Licenses ids={licenses} /> },
      ]}
    />
  )
}

function Licenses({ ids }: { readonly ids: readonly string[] }) {
  if (ids.length === 0) return <span class="note">none</span>
  return (
    <ul class="tags">
      {ids.map((id) => (
        <li key={id}>{id}</li>
      ))}
    </ul>
  )
}

function Filters({ query }: { readonly query: URLSearchParams }) {
  const { definitions } = useDefinitions()
  const license = query.get('license') ?? ''
  const ids = (definitions ?? []).map(({ id }) => id)
  const known = license === '' || ids.includes(license) ? ids : [license, ...ids]
  return (
    <form class="filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      {newestOf(query) === undefined && <SearchField text={query.get('q') ?? ''} />}
      <Choice
        label="License"
        options={[['', 'Any license, or none'], ...known.map((id) => [id, id] as const)]}
        value={license}
        onChange={({ currentTarget: { value } }) => setFilters({ license: value })}
      />
      {license !== '' && (
        <Choice
          label="Order"
          options={orders}
          value={query.get('order') ?? ''}
          onChange={({ currentTarget: { value } }) => setFilters({ order: value })}
        />
      )}
      {newestOf(query) === undefined && (
        <Choice
          label="State"
          options={states}
          value={query.get('state') ?? ''}
          onChange={({ currentTarget: { value } }) => setFilters({ state: value })}
        />
      )}
      {Object.keys(filters).some((name) => query.has(name)) && (
        <div class="field">
          <Button look="quiet" onClick={() => setFilters({ q: '', license: '', state: '', order: '' })}>
            Show all
          </Button>
        </div>
      )}
    </form>
  )
}

/** What is typed goes into the address once nothing more is typed for a moment. */
function SearchField({ text }: { readonly text: string }) {
  const [typed, setTyped] = useState(text)
  const sent = useRef(text)
  // By the way back, or all filters at once.
  useEffect(() => {
    if (text === sent.current) return
    sent.current = text
    setTyped(text)
  }, [text])
  useEffect(() => {
    const wanted = typed.trim()
    if (wanted === sent.current) return
    const timer = setTimeout(() => {
      sent.current = wanted
      setFilters({ q: wanted }, { isReplaced: true })
    }, TYPING_MS)
    return () => clearTimeout(timer)
  }, [typed])
  return (
    <Field
      label="Search"
      hint="Name, or how e-mail or id begins"
      type="search"
      inputMode="search"
      value={typed}
      maxLength={128}
      onInput={({ currentTarget: { value } }) => setTyped(value)}
    />
  )
}
