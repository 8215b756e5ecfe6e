/** Who holds what, in pages: what one page takes is two or three requests, save where a license has few holders. */
import { cursorOf, invalidCursor, positionOf } from '../cursor.ts'
import type { UserSearch } from '../genesys/directory.ts'
import type { GenesysReads } from '../genesys/genesys-reads.ts'
import { type DirectoryListing, type DirectoryUser, licenseIdsOf } from '../genesys/models/directory-user.ts'
import { MAX_PAGE_SIZE } from '../genesys/models/ids.ts'
import type { UserLicenses } from '../genesys/models/licenses.ts'
import { foldAddress, foldNameLoosely, searchablePartsOf, waysToWrite } from './fold-name.ts'
import type { User, UserListing } from './user.ts'
import { isListed, userOf } from './user.ts'

/** What is asked of users; all that is given must hold. */
export interface UserFilter extends Pick<UserSearch, 'email'> {
  /** A part of the name, however it is written. */
  readonly name?: string | undefined
  readonly licenseId?: string | undefined
}

export interface UserQuery extends UserFilter {
  /** From 1 to 100. */
  readonly limit: number
  /** What an earlier page gave as `next`. */
  readonly cursor?: string | undefined
}

/** Users, and how many of upstream's were passed in finding them where there are more to pass. */
interface FoundUsers {
  readonly users: readonly User[]
  readonly passed?: number | undefined
  readonly isWithoutDeleted?: boolean | undefined
}

/** @throws GatewayError `bad.request` for a cursor of another query. */
export async function readUserPage(
  genesys: GenesysReads,
  { licenseId, name, email, limit, cursor }: UserQuery,
): Promise<UserListing> {
  const list = ['users', licenseId ?? null, name ?? null, email ?? null]
  const start = cursor === undefined ? 0 : startAt(positionOf(list, cursor))
  const { users, passed, isWithoutDeleted } = await findUsers(
    genesys,
    { licenseId, name, email },
    start,
    limit,
  )
  return {
    entities: [...users],
    next: passed === undefined ? undefined : cursorOf(list, String(passed)),
    isWithoutDeleted: isWithoutDeleted || undefined,
  }
}

function startAt(position: string): number {
  // The seal is no secret, so who makes a cursor up may have put anything behind it.
  if (!/^\d{1,9}$/.test(position)) throw invalidCursor()
  return Number(position)
}

function findUsers(
  genesys: GenesysReads,
  filter: UserFilter,
  start: number,
  limit: number,
): Promise<FoundUsers> {
  const { licenseId, name, email } = filter
  if (name !== undefined || email !== undefined) return listFound(genesys, filter, start, limit)
  if (licenseId !== undefined) return listHolders(genesys, licenseId, start, limit)
  return listEverybody(genesys, start, limit)
}

async function listEverybody(genesys: GenesysReads, start: number, limit: number): Promise<FoundUsers> {
  const page = pageAt(start, limit)
  const listing = await genesys.getDirectoryPage(page)
  const users = await readLicensesOf(genesys, unpassedOf(listing, start, limit))
  return { users: users.filter(isListed), ...furtherOf(listing, page) }
}

/** Upstream does not document how it compares, so it is asked for what every way of writing has, and each user is looked at. */
async function listFound(
  genesys: GenesysReads,
  { licenseId, name, email }: UserFilter,
  start: number,
  limit: number,
): Promise<FoundUsers> {
  const page = pageAt(start, limit)
  const search = {
    named: name === undefined ? undefined : searchablePartsOf(name),
    email: email && { ...email, alsoWritten: waysToWrite(email.value) },
  }
  const listing = await genesys.searchUsers(search, page)
  const matching = unpassedOf(listing, start, limit).filter(
    (user) => hasAddress(user, email) && hasName(user, name),
  )
  const users = await readLicensesOf(genesys, matching)
  return {
    users: users.filter(
      (user) => isListed(user) && (licenseId === undefined || user.licenses.includes(licenseId)),
    ),
    ...furtherOf(listing, page),
    isWithoutDeleted: listing.isWithoutDeleted,
  }
}

function hasName(user: DirectoryUser, name: string | undefined): boolean {
  return name === undefined || foldNameLoosely(user.name ?? '').includes(foldNameLoosely(name))
}

function hasAddress(user: DirectoryUser, email: UserSearch['email']): boolean {
  if (email === undefined) return true
  const [address, wanted] = [foldAddress(user.email ?? ''), foldAddress(email.value)]
  return email.isWhole ? address === wanted : address.startsWith(wanted)
}

/** Goes over what upstream has of licenses until so many holders are found, and one more to know that there is one. */
async function listHolders(
  genesys: GenesysReads,
  licenseId: string,
  start: number,
  limit: number,
): Promise<FoundUsers> {
  const found = new Map<string, UserLicenses>()
  const { pageNumber } = pageAt(start, MAX_PAGE_SIZE)
  let passed: number | undefined = start
  pages: for await (const page of genesys.browseUsers(pageNumber)) {
    const first = (page.pageNumber - 1) * MAX_PAGE_SIZE
    for (const [index, user] of page.users.entries()) {
      if (first + index < start || !user.licenses?.includes(licenseId)) continue
      if (found.size === limit) {
        passed = first + index
        break pages
      }
      found.set(user.id, user)
    }
    passed = page.isLast ? undefined : first + MAX_PAGE_SIZE
  }
  return { users: await readNamesOf(genesys, found), passed }
}

async function readNamesOf(
  genesys: GenesysReads,
  holders: ReadonlyMap<string, UserLicenses>,
): Promise<User[]> {
  if (holders.size === 0) return []
  const directory = await genesys.getDirectoryUsers([...holders.keys()])
  const known = new Map(directory.map((user) => [user.id, user]))
  return [...holders].map(([id, { licenses }]) => userOf(id, known.get(id), licenses ?? []))
}

/** At most 100 users of the directory with what they hold: one request. */
export async function readLicensesOf(
  genesys: GenesysReads,
  users: readonly DirectoryUser[],
): Promise<User[]> {
  if (users.length === 0) return []
  const licenses = await genesys.getUsersById(users.map(({ id }) => id))
  return users.map((user) => userOf(user.id, user, licenseIdsOf(licenses, user.id) ?? []))
}

/** The page in which a position lies: the caller may ask for pages of another size than before. */
function pageAt(start: number, pageSize: number) {
  return { pageSize, pageNumber: Math.floor(start / pageSize) + 1 }
}

function unpassedOf({ entities }: DirectoryListing, start: number, pageSize: number): DirectoryUser[] {
  return (entities ?? []).slice(start % pageSize)
}

function furtherOf(
  { entities, pageCount, total }: DirectoryListing,
  { pageSize, pageNumber }: ReturnType<typeof pageAt>,
): Pick<FoundUsers, 'passed'> {
  const pages = pageCount ?? (total === undefined || total === null ? undefined : Math.ceil(total / pageSize))
  const isMore = pages === undefined ? entities?.length === pageSize : pageNumber < pages
  return isMore ? { passed: pageNumber * pageSize } : {}
}
