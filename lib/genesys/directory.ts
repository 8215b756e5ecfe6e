/** The organisation's users as its directory has them. All of it reads, the search too, though it is a POST. */
import { GatewayError } from '../errors.ts'
import type { Page } from './each-page.ts'
import { DirectoryListing, DirectorySearch, type DirectoryUser } from './models/directory-user.ts'
import type { Scope } from './scope.ts'
import { sendRead } from './send-read.ts'

const USERS = '/api/v2/users'

/** One of them at least is given. */
export interface UserSearch {
  /** Parts that the name has, each in one of the ways given for it. */
  readonly named?: readonly (readonly string[])[] | undefined
  /** The whole address, or its beginning. */
  readonly email?:
    | { readonly value: string; readonly alsoWritten?: readonly string[]; readonly isWhole: boolean }
    | undefined
}

export interface PageOf {
  /** From 1 to 100. */
  readonly pageSize: number
  /** From 1. */
  readonly pageNumber: number
}

/** A page of everybody, whatever their state: upstream's own default is those who are active. */
export function readDirectoryPage(
  scope: Scope,
  { pageSize, pageNumber }: PageOf,
  state: 'any' | 'deleted' = 'any',
): Promise<DirectoryListing> {
  const path = `${USERS}?pageSize=${pageSize}&pageNumber=${pageNumber}&state=${state}`
  return sendRead(scope, { method: 'GET', path }, DirectoryListing)
}

/** @param ids at most 100: each is 40 characters of the address. */
export async function readDirectoryUsers(scope: Scope, ids: readonly string[]) {
  const named = ids.map((id) => `id=${encodeURIComponent(id)}`).join('&')
  const path = `${USERS}?pageSize=${ids.length}&state=any&${named}`
  const { entities } = await sendRead(scope, { method: 'GET', path }, DirectoryListing)
  return entities ?? []
}

/**
 * A page of those in any state who are found by all that is given. Upstream documents neither the states a search looks
 * among by itself, nor whether it finds the deleted at all, nor how it compares: so the states are named, and whoever
 * needs an exact match looks again.
 */
export async function searchDirectory(
  scope: Scope,
  { named = [], email }: UserSearch,
  { pageSize, pageNumber }: PageOf,
  states: readonly string[],
) {
  const query = [
    ...named.map((ways) => ({ type: 'CONTAINS', fields: ['name'], ...anyOf(ways) })),
    ...(email === undefined
      ? []
      : [
          {
            type: email.isWhole ? 'EXACT' : 'STARTS_WITH',
            fields: ['email'],
            ...anyOf([...new Set([email.value, ...(email.alsoWritten ?? [])])]),
          },
        ]),
    { type: 'EXACT', fields: ['state'], values: states },
  ]
  const body = { pageSize, pageNumber, query }
  const { results, ...counts } = await sendRead(
    scope,
    { method: 'POST', path: `${USERS}/search`, body },
    DirectorySearch,
  )
  return { ...counts, entities: results ?? [] } satisfies Page<unknown>
}

/** The states of a search, and those that are left where upstream refuses to search the deleted. */
export const STATES = ['active', 'inactive', 'deleted']
export const STATES_LEFT = ['active', 'inactive']

/** Whether upstream found the request faulty. */
export function isFaultyUpstream(error: unknown): boolean {
  return error instanceof GatewayError && error.upstreamStatus === 400
}

/** Whether a search would find the user that compares as ours asks it to. */
export function isFoundBy(
  { named = [], email }: UserSearch,
  { name, email: address }: DirectoryUser,
): boolean {
  const held = (name ?? '').toLowerCase()
  const hasName = named.every((ways) => ways.some((way) => held.includes(way.toLowerCase())))
  if (!hasName || email === undefined) return hasName
  const at = (address ?? '').toLowerCase()
  const ways = [email.value, ...(email.alsoWritten ?? [])].map((way) => way.toLowerCase())
  return ways.some((way) => (email.isWhole ? at === way : at.startsWith(way)))
}

function anyOf(ways: readonly string[]) {
  return ways.length === 1 ? { value: ways[0] } : { values: ways }
}
