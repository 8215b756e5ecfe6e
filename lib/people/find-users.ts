/** Who has a name or an address, concluded from the whole of what Genesys finds, or not at all. */
import type { GenesysReads } from '../genesys/genesys-reads.ts'
import type { DirectoryUser } from '../genesys/models/directory-user.ts'
import { MAX_PAGE_SIZE } from '../genesys/models/ids.ts'
import { foldAddress, foldName, foldNameLoosely, searchablePartsOf, waysToWrite } from './fold-name.ts'
import type { User } from './user.ts'
import { isListed } from './user.ts'
import { readLicensesOf } from './user-pages.ts'

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
export async function findUsersCalled(genesys: GenesysReads, name: string): Promise<Matches> {
  const wanted = foldName(name)
  const { users: found, isWithoutDeleted } = await genesys.findEveryUser(
    { named: searchablePartsOf(name) },
    MOST_FOUND,
  )
  const exact = await readListed(
    genesys,
    found.filter((user) => foldName(user.name ?? '') === wanted),
  )
  if (exact.total > 0) return { ...exact, isByName: true, isWithoutDeleted }
  const loosely = foldNameLoosely(name)
  const alike = await readListed(
    genesys,
    found.filter((user) => foldNameLoosely(user.name ?? '') === loosely),
  )
  if (alike.total > 0) return { ...alike, isByName: true, isWithoutDeleted }
  const having = await readListed(
    genesys,
    found.filter((user) => foldNameLoosely(user.name ?? '').includes(loosely)),
  )
  if (having.total > 0) return { ...having, isByName: true, isWithoutDeleted }
  return { ...(await readListed(genesys, found)), isByName: false, isWithoutDeleted }
}

/** Whose address it is: somebody deleted and somebody else may have the same. @throws GatewayError as `findUsersCalled` */
export async function findUsersAt(genesys: GenesysReads, email: string): Promise<Matches> {
  const [value = email, ...alsoWritten] = waysToWrite(email.trim())
  const { users: found, isWithoutDeleted } = await genesys.findEveryUser(
    { email: { value, alsoWritten, isWhole: true } },
    MOST_FOUND,
  )
  const wanted = foldAddress(email)
  const matching = found.filter((user) => foldAddress(user.email ?? '') === wanted)
  return { ...(await readListed(genesys, matching)), isByName: true, isWithoutDeleted }
}

/**
 * Everybody in the directory who has that name, joiners aside, whatever they hold; undefined where that is not known.
 *
 * @throws GatewayError as `findUsersCalled`
 */
export async function findNamesakes(
  genesys: GenesysReads,
  name: string,
): Promise<readonly DirectoryUser[] | undefined> {
  const { users: found, isWithoutDeleted } = await genesys.findEveryUser(
    { named: searchablePartsOf(name) },
    MOST_FOUND,
  )
  if (isWithoutDeleted) return undefined
  const wanted = foldNameLoosely(name)
  return found.filter((user) => foldNameLoosely(user.name ?? '') === wanted)
}

async function readListed(
  genesys: GenesysReads,
  found: readonly DirectoryUser[],
): Promise<Pick<Matches, 'users' | 'total'>> {
  const first = found.slice(0, MAX_PAGE_SIZE)
  const users = (await readLicensesOf(genesys, first)).filter(isListed)
  return { users, total: users.length + found.length - first.length }
}
