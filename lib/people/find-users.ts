/**
 * Who has a name or an address, concluded from the whole of what Genesys finds, or not at all; and what tells users
 * of one name apart, for whoever confirms or approves.
 */
import { GatewayError } from '../errors.ts'
import type { GenesysReads } from '../genesys/genesys-reads.ts'
import { type DirectoryUser, licenseIdsOf } from '../genesys/models/directory-user.ts'
import { MAX_PAGE_SIZE } from '../genesys/models/ids.ts'
import { foldAddress, foldName, foldNameLoosely, searchablePartsOf, waysToWrite } from './fold-name.ts'
import { isListed, type User, userOf } from './user.ts'

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
async function findNamesakes(
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

/** At most 100 users of the directory with what they hold: one request. */
async function readLicensesOf(genesys: GenesysReads, users: readonly DirectoryUser[]): Promise<User[]> {
  if (users.length === 0) return []
  const licenses = await genesys.getUsersById(users.map(({ id }) => id))
  return users.map((user) => userOf(user.id, user, licenseIdsOf(licenses, user.id) ?? []))
}

export interface NamedUser extends User {
  /** An e-mail or an id, where the name alone may stand for somebody else. */
  readonly apart?: string | undefined
}

/** How a user is named to people: with e-mail or id too where that is what tells them apart. */
export function nameOf({ name, email, id, state, apart }: NamedUser): string {
  const behind = [apart, state === 'active' ? undefined : state].filter((each) => each !== undefined)
  // Blanks at a name's ends are Genesys's to keep, and nobody's to see.
  const plain = name?.trim() ?? email ?? id
  return behind.length === 0 ? plain : `${plain} (${behind.join(', ')})`
}

/** Names that are looked for, so that a long list costs no more requests than a short one. */
const MAX_LOOKED_FOR = 5

/**
 * A name stays as it is only where all that Genesys finds by it is one user. Where that cannot be known (too many names,
 * too many of one, no answer) each carries what tells them apart.
 */
export async function tellApart(
  genesys: GenesysReads,
  users: readonly User[],
): Promise<readonly NamedUser[]> {
  const names = new Map<string, string>()
  for (const { name } of users) if (name !== undefined) names.set(foldName(name), name)
  const lookedFor = [...names].slice(0, MAX_LOOKED_FOR)
  const answers = await Promise.all(
    lookedFor.map(async ([folded, name]) => [folded, await findNamesakesOrNot(genesys, name)] as const),
  )
  const namesakes = new Map(answers)
  return users.map((user) => namedUserOf(user, namesakes.get(foldName(user.name ?? ''))))
}

/** For lists, which ask for no namesakes: each carries what tells them apart. */
export function tellApartUnasked(user: User): NamedUser {
  return namedUserOf(user, undefined)
}

async function findNamesakesOrNot(
  genesys: GenesysReads,
  name: string,
): Promise<readonly DirectoryUser[] | undefined> {
  try {
    return await findNamesakes(genesys, name)
  } catch (error) {
    if (error instanceof GatewayError) return undefined
    throw error
  }
}

/** @param namesakes everybody of that name; undefined where that is not known. */
function namedUserOf(user: User, namesakes: readonly DirectoryUser[] | undefined): NamedUser {
  const { id, name, email } = user
  if (name === undefined || (namesakes?.length === 1 && namesakes[0]?.id === id)) return user
  const isShared = (namesakes ?? []).some(
    (each) => each.id !== id && foldAddress(each.email ?? '') === foldAddress(email ?? ''),
  )
  return { ...user, apart: email === undefined || isShared ? id : email }
}
