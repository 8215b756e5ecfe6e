/**
 * The people as users of the directory: GET /api/v2/users and POST /api/v2/users/search. Which fields a user has, the
 * states and that active is the default of the list are documented; how the search compares is not ([?]), so the
 * choices below are ours and the gateway relies on none of them: it folds case and nothing else, so that letters with
 * their marks composed and decomposed, apostrophes of two kinds and blanks are different to it.
 */
import * as z from 'zod/mini'
import type { OrgCall, OrgOutcome } from '../call.ts'
import { MAX_PAGE_SIZE, pageAsked } from '../paging.ts'
import { invalidValue } from '../refusals.ts'
import { person, stateOf } from './people.ts'

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

function userAt(index: number) {
  const { id, name, email, state } = person(index)
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
export function listDirectory({ truth, query }: OrgCall): OrgOutcome {
  const page = pageAsked(query.get('pageSize'), query.get('pageNumber'))
  if ('refusal' in page) return page
  const state = query.get('state') ?? 'active'
  if (!states.includes(state)) return { refusal: invalidValue('state') }
  const { pageSize, pageNumber } = page
  const ids = query.getAll('id')
  const among = ids.length === 0 ? everyone(truth.users) : ids.flatMap((id) => truth.indexOf(id) ?? [])
  const { shown, total } = slice(among, (index) => isIn(state, index), page)
  const pageCount = Math.ceil(total / pageSize)
  const uriOf = (number: number) => `/api/v2/users?pageSize=${pageSize}&pageNumber=${number}&state=${state}`
  return {
    value: {
      entities: shown.map(userAt),
      pageSize,
      pageNumber,
      total,
      firstUri: uriOf(1),
      selfUri: uriOf(pageNumber),
      ...(pageNumber < pageCount && { nextUri: uriOf(pageNumber + 1) }),
      ...(pageNumber > 1 && { previousUri: uriOf(pageNumber - 1) }),
      lastUri: uriOf(Math.max(1, pageCount)),
      pageCount,
    },
  }
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
  { truth }: OrgCall,
): unknown {
  const isOfState = query.some(({ fields }) => fields.includes('state'))
  const matches = (index: number) => {
    if (!isOfState && stateOf(index) !== 'active') return false
    const user = userAt(index)
    return query.every((criterion) => meets(user, criterion))
  }
  const { shown, total } = slice(everyone(truth.users), matches, page)
  return {
    total,
    pageCount: Math.ceil(total / page.pageSize),
    ...page,
    types: ['users'],
    ...(shown.length > 0 && { results: shown.map(userAt) }),
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

function isIn(state: string, index: number): boolean {
  return state === 'any' || state === stateOf(index)
}

function* everyone(users: number): Generator<number> {
  for (let index = 0; index < users; index++) yield index
}

/** Those on a page of all who match, and how many those are. */
function slice(
  indexes: Iterable<number>,
  matches: (index: number) => boolean,
  { pageSize, pageNumber }: { readonly pageSize: number; readonly pageNumber: number },
) {
  const [from, to] = [(pageNumber - 1) * pageSize, pageNumber * pageSize]
  const shown: number[] = []
  let total = 0
  for (const index of indexes) {
    if (!matches(index)) continue
    if (total >= from && total < to) shown.push(index)
    total += 1
  }
  return { shown, total }
}
