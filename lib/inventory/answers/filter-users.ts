/** Who holds what, by what is asked for, from the newest reading: Genesys is not asked. */
import { cursorOf, positionOf } from '../../cursor.ts'
import { foldAddress, foldNameLoosely } from '../../people/fold-name.ts'
import { isListed, type User, type UserListing } from '../../people/user.ts'
import type { Inventory, Sought } from '../inventory-port.ts'
import { datedOf } from './render-inventory.ts'

/** What is asked of users; all that is given must hold. */
export interface UserFilter extends Sought {
  /** In any case. */
  readonly licenseId?: string | undefined
  /** A part of the name, however it is written. */
  readonly name?: string | undefined
  readonly email?: { readonly value: string; readonly isWhole: boolean } | undefined
  /** As the directory says it; of whom it says nothing, none. */
  readonly state?: UserState | undefined
}

export const userStates = ['active', 'inactive', 'deleted'] as const
export type UserState = (typeof userStates)[number]

export interface UserQuery extends UserFilter {
  /** From 1 to 100. */
  readonly limit: number
  /** What an earlier page gave as `next`. */
  readonly cursor?: string | undefined
}

/** In the order of their ids. @throws GatewayError `bad.request` for a cursor of another query, and what the inventory does. */
export async function listUsersOf(
  inventory: Inventory,
  { limit, cursor, ...filter }: UserQuery,
): Promise<UserListing> {
  const { licenseId, name, email, search, state, ids } = filter
  const list = ['users by id', licenseId?.toLowerCase() ?? null, name ?? null, email ?? null]
  // Cursors of lists by none of these are as they were.
  if (search !== undefined || state !== undefined) list.push(search ?? null, state ?? null)
  if (ids !== undefined) list.push(ids.join())
  const afterId = cursor === undefined ? undefined : positionOf(list, cursor)
  const { users, ...dated } = await inventory.everybody(afterId, filter)
  const entities: User[] = []
  let next: string | undefined
  for await (const user of usersThat(users, filter)) {
    const last = entities.at(-1)
    if (last && entities.length === limit) {
      next = cursorOf(list, last.id.toLowerCase())
      break
    }
    entities.push(user)
  }
  return { entities, ...datedOf(dated), next }
}

/** Those of them who are listed at all and of whom the filter holds. */
export async function* usersThat(users: AsyncIterable<User>, filter: UserFilter): AsyncGenerator<User> {
  const isWanted = testOf(filter)
  for await (const user of users) if (isListed(user) && isWanted(user)) yield user
}

function testOf({ licenseId, name, email, search, state, ids }: UserFilter): (user: User) => boolean {
  const license = licenseId?.toLowerCase()
  const part = name === undefined ? undefined : foldNameLoosely(name)
  const address = email && foldAddress(email.value)
  const isFound = search === undefined ? undefined : searchTestOf(search)
  const wanted = ids && new Set(ids)
  return (user) => {
    if (wanted && !wanted.has(user.id.toLowerCase())) return false
    if (license !== undefined && !user.licenses.some((id) => id.toLowerCase() === license)) return false
    if (state !== undefined && user.state?.toLowerCase() !== state) return false
    if (isFound && !isFound(user)) return false
    if (address !== undefined) {
      const own = foldAddress(user.email ?? '')
      if (email?.isWhole ? own !== address : !own.startsWith(address)) return false
    }
    return part === undefined || foldNameLoosely(user.name ?? '').includes(part)
  }
}

function searchTestOf(search: string): (user: User) => boolean {
  const part = foldNameLoosely(search)
  const beginning = foldAddress(search)
  return ({ id, name, email }) =>
    foldNameLoosely(name ?? '').includes(part) ||
    foldAddress(email ?? '').startsWith(beginning) ||
    id.toLowerCase().startsWith(beginning)
}
