/** Who has a name or an address, concluded from the whole of what Genesys finds, or not at all. */
import type { GenesysReads } from '../genesys/genesys-reads.ts'
import type { DirectoryUser } from '../genesys/models/directory-user.ts'
import { MAX_PAGE_SIZE } from '../genesys/models/ids.ts'
import { foldedAddress, foldedLoosely, foldedName, searchablePartsOf, writtenWays } from './fold-name.ts'
import { isListed } from './user.ts'
import { withLicenses } from './user-listing.ts'
import type { User } from './user-model.ts'

/** Users of one search that are read to their end: ten pages. A name that more have says too little. */
const MOST_FOUND = 1_000

export interface Matches {
  /** With what they hold; the first hundred of more. */
  readonly users: readonly User[]
  /** All that there are. */
  readonly total: number
  /** False where Genesys finds them and we see no likeness: they can be offered, and never be taken. */
  readonly isByName: boolean
  /** True where deleted users could not be looked through: that nobody else is meant is then not known. */
  readonly isWithoutDeleted: boolean
}

/**
 * Whose name is just that, where there is one; else whose name is that but for joiners; else everybody of whose name it is
 * a part.
 *
 * @throws GatewayError `response.too.large` where more are found than are read to the end.
 */
export async function usersCalled(genesys: GenesysReads, name: string): Promise<Matches> {
  const wanted = foldedName(name)
  const { users: found, isWithoutDeleted } = await genesys.everyFound(
    { named: searchablePartsOf(name) },
    MOST_FOUND,
  )
  const exact = await listedOf(
    genesys,
    found.filter((user) => foldedName(user.name ?? '') === wanted),
  )
  if (exact.total > 0) return { ...exact, isByName: true, isWithoutDeleted }
  const loosely = foldedLoosely(name)
  const alike = await listedOf(
    genesys,
    found.filter((user) => foldedLoosely(user.name ?? '') === loosely),
  )
  if (alike.total > 0) return { ...alike, isByName: true, isWithoutDeleted }
  const having = await listedOf(
    genesys,
    found.filter((user) => foldedLoosely(user.name ?? '').includes(loosely)),
  )
  if (having.total > 0) return { ...having, isByName: true, isWithoutDeleted }
  return { ...(await listedOf(genesys, found)), isByName: false, isWithoutDeleted }
}

/** Whose address it is: somebody deleted and somebody else may have the same. @throws GatewayError as `usersCalled` */
export async function usersAt(genesys: GenesysReads, email: string): Promise<Matches> {
  const [value = email, ...alsoWritten] = writtenWays(email.trim())
  const { users: found, isWithoutDeleted } = await genesys.everyFound(
    { email: { value, alsoWritten, isWhole: true } },
    MOST_FOUND,
  )
  const wanted = foldedAddress(email)
  const matching = found.filter((user) => foldedAddress(user.email ?? '') === wanted)
  return { ...(await listedOf(genesys, matching)), isByName: true, isWithoutDeleted }
}

/**
 * Everybody in the directory who has that name, joiners aside, whatever they hold; undefined where that is not known.
 *
 * @throws GatewayError as `usersCalled`
 */
export async function namesakesOf(
  genesys: GenesysReads,
  name: string,
): Promise<readonly DirectoryUser[] | undefined> {
  const { users: found, isWithoutDeleted } = await genesys.everyFound(
    { named: searchablePartsOf(name) },
    MOST_FOUND,
  )
  if (isWithoutDeleted) return undefined
  const wanted = foldedLoosely(name)
  return found.filter((user) => foldedLoosely(user.name ?? '') === wanted)
}

async function listedOf(
  genesys: GenesysReads,
  found: readonly DirectoryUser[],
): Promise<Pick<Matches, 'users' | 'total'>> {
  const first = found.slice(0, MAX_PAGE_SIZE)
  const users = (await withLicenses(genesys, first)).filter(isListed)
  return { users, total: users.length + found.length - first.length }
}
