/**
 * The people as users of the directory: GET /api/v2/users and POST /api/v2/users/search. Which fields a user has, the
 * states and that active is the default of the list are documented; how the search compares is not ([?]), so the
 * choices below are ours and the gateway relies on none of them: it folds case and nothing else, so that letters with
 * their marks composed and decomposed, apostrophes of two kinds and blanks are different to it.
 */
import * as z from 'zod/mini'
import type { OrgCall, OrgOutcome } from '../call.ts'
import { MAX_PAGE_SIZE, pageAsked, pageOf } from '../paging.ts'
import { invalidValue } from '../refusals.ts'
import type { Truth } from '../truth.ts'
import { activityOf } from './logins.ts'
import { person } from './people.ts'

const states = ['active', 'inactive', 'deleted', 'any']

const Criterion = z.object({
  type: z.enum(['EXACT', 'STARTS_WITH', 'CONTAINS', 'TERM']),
  fields: z.array(z.enum(['id', 'name', 'email', 'username', 'state'])),
  value: z.optional(z.string()),
  values: z.optional(z.array(z.string())),
  /** Criteria that are joined otherwise, or in groups, are more than anybody here asks for. */
  operator: z.optional(z.literal('AND')),
})
type Criterion = z.output<typeof Criterion>

const whole = (max: number) => z.int().check(z.gte(1), z.lte(max))

/** A search without criteria finds whoever is active ([?]). */
export const SearchRequest = z.object({
  pageSize: z._default(whole(MAX_PAGE_SIZE), 25),
  pageNumber: z._default(whole(2_147_483_647), 1),
  query: z.optional(z.array(Criterion)),
})

type OrgUser = ReturnType<typeof userAt>

function userAt({ presence }: Truth, index: number) {
  const { id, name, email } = person(index)
  const state = presence.stateOf(index)
  return {
    id,
    name,
    division: { id: '00000000-0000-4000-8000-000000000001', name: 'Home' },
    ...(email !== undefined && { email }),
    state,
    username: email ?? id,
    version: 1,
    selfUri: `/api/v2/users/${id}`,
  }
}

/** A page of users in one state (active, unless another is asked for), or those of them with the ids given. */
export function listDirectory({ truth, query, nowMs, lie }: OrgCall): OrgOutcome {
  const page = pageAsked(query.get('pageSize'), query.get('pageNumber'))
  if ('refusal' in page) return page
  const state = query.get('state') ?? 'active'
  if (!states.includes(state)) return { refusal: invalidValue('state') }
  const ids = query.getAll('id')
  const expand = new Set(query.getAll('expand').flatMap((each) => each.split(',')))
  const { indexes, counts } = pageOf(listedOf(truth, state, ids), page, lie)
  const { pageSize, pageNumber, pageCount } = counts
  const uriOf = (number: number) => `/api/v2/users?pageSize=${pageSize}&pageNumber=${number}&state=${state}`
  const couldLogIn = (index: number) => (atMs: number) => truth.presence.couldLogIn(index, atMs)
  return {
    value: {
      entities: indexes.map((index) => ({
        ...userAt(truth, index),
        ...activityOf(index, expand, nowMs, couldLogIn(index)),
      })),
      ...counts,
      firstUri: uriOf(1),
      selfUri: uriOf(pageNumber),
      ...(pageNumber < pageCount && { nextUri: uriOf(pageNumber + 1) }),
      ...(pageNumber > 1 && { previousUri: uriOf(pageNumber - 1) }),
      lastUri: uriOf(Math.max(1, pageCount)),
    },
  }
}

/** Whom a list of that state goes over. */
function listedOf({ presence, indexOf }: Truth, state: string, ids: readonly string[]) {
  // In an org of 100,000 each page would go over everybody else.
  if (state === 'any' && ids.length === 0) return { total: presence.count(), from: presence.indexesFrom }
  const among = ids.length === 0 ? presence.indexesFrom(0) : ids.flatMap((id) => indexOf(id) ?? [])
  const all = [...among].filter((index) => state === 'any' || state === presence.stateOf(index))
  return { total: all.length, from: (place: number) => all.slice(place) }
}

/** Whether a search names the state deleted. */
export function asksForDeleted({ body }: Pick<OrgCall, 'body'>): boolean {
  const { data } = SearchRequest.safeParse(body)
  return (data?.query ?? []).some(
    ({ fields, value, values = [] }) => fields.includes('state') && [value, ...values].includes('deleted'),
  )
}

/** Whom all criteria find; where none of them is about the state, those who are active. No `results` where nobody is ([?]). */
export function searchDirectory(
  { query = [], ...page }: z.output<typeof SearchRequest>,
  { truth, lie }: OrgCall,
): unknown {
  const isOfState = query.some(({ fields }) => fields.includes('state'))
  const found = [...truth.presence.indexesFrom(0)].filter((index) => {
    if (!isOfState && truth.presence.stateOf(index) !== 'active') return false
    const user = userAt(truth, index)
    return query.every((criterion) => meets(user, criterion))
  })
  const { indexes, counts } = pageOf({ total: found.length, from: (place) => found.slice(place) }, page, lie)
  return {
    ...counts,
    types: ['users'],
    ...(indexes.length > 0 && { results: indexes.map((index) => userAt(truth, index)) }),
  }
}

/** One of the fields has one of the values, in any case. */
function meets(user: OrgUser, { type, fields, value, values = [] }: Criterion): boolean {
  const wanted = [...values, ...(value === undefined ? [] : [value])].map((each) => each.toLowerCase())
  return fields.some((field) => {
    const held = user[field]?.toLowerCase()
    if (held === undefined) return false
    return wanted.some((each) => {
      if (type === 'EXACT') return held === each
      if (type === 'STARTS_WITH') return held.startsWith(each)
      return type === 'CONTAINS' ? held.includes(each) : held.split(' ').includes(each)
    })
  })
}
