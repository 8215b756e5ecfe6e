/**
 * Who is meant, by address, name, mention or id, and which license, by its id in any case or the beginning of just
 * one. Several matches are listed and never guessed from.
 */
import type { Change } from '../../../changes/answers/change-schemas.ts'
import { GatewayError } from '../../../errors.ts'
import type { GenesysReads } from '../../../genesys/genesys-reads.ts'
import { licenseIdsOf } from '../../../genesys/models/directory-user.ts'
import type { LicenseDefinition } from '../../../genesys/models/licenses.ts'
import { nearestIdIn } from '../../../nearest.ts'
import {
  findUsersAt,
  findUsersCalled,
  type Matches,
  type NamedUser,
  nameOf,
  tellApart,
} from '../../../people/find-users.ts'
import { foldAddress, foldName } from '../../../people/fold-name.ts'
import { type User, userOf } from '../../../people/user.ts'
import type { PersonRef } from '../../grammar/typed-command.ts'
import { namedIn } from '../words/change-facts.ts'
import { type Reply, refuse, sayNote, sayText } from '../words/reply.ts'
import type { ChatSession } from './session.ts'

/** Matches that are listed for the person to choose from. */
const MAX_MATCHES = 20

export type FoundPeople = { readonly users: readonly User[] } | { readonly reply: Reply }

/**
 * People that one line may name otherwise than by id: each costs two requests, and all of the gateway shares the 300 that
 * Genesys allows in a minute. By id as many as a line has room for, some 80, cost two together.
 */
const MAX_LOOKED_UP = 25

/** @throws GatewayError where Genesys cannot be asked. */
export async function findPeople(session: ChatSession, refs: readonly PersonRef[]): Promise<FoundPeople> {
  const named = [...new Map(refs.map((ref) => [keyOf(ref), ref])).values()]
  const ids = named.flatMap((ref) => (ref.by === 'id' ? [ref.userId] : []))
  if (named.length - ids.length > MAX_LOOKED_UP) return { reply: refuseTooMany(named) }
  const { genesys } = await session.bench()
  const known = ids.length === 0 ? [] : await readUsersByIds(genesys, ids)
  const users: User[] = []
  const unclear: UnclearRef[] = []
  for (const ref of named) {
    const found = await findMatches(session, ref, known)
    const [only] = found === 'too.many' ? [] : found.users
    if (found === 'too.many' || found.total !== 1 || !only || !found.isByName) unclear.push({ ref, found })
    else if (!users.some(({ id }) => id === only.id)) users.push(only)
  }
  const [first] = unclear
  if (first === undefined) return { users }
  return { reply: unclear.length === 1 ? explainUnclear(first) : explainAllUnclear(unclear, named.length) }
}

/** Equal where the same is named in the same way. */
function keyOf(ref: PersonRef): string {
  switch (ref.by) {
    case 'email':
      return `email ${foldAddress(ref.email)}`
    case 'id':
      return `id ${ref.userId.toLowerCase()}`
    case 'mention':
      return `mention ${ref.id}`
    case 'name':
      return `name ${foldName(ref.name)}`
  }
}

interface UnclearRef {
  readonly ref: PersonRef
  /** `too.many` where Genesys finds more than can be looked through: then nobody is meant. */
  readonly found: Matches | 'too.many'
}

async function findMatches(
  session: ChatSession,
  ref: PersonRef,
  known: readonly User[],
): Promise<UnclearRef['found']> {
  try {
    return await lookUp(session, ref, known)
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'response.too.large') return 'too.many'
    throw error
  }
}

/** @param known whom the ids of the line stand for. */
async function lookUp(session: ChatSession, ref: PersonRef, known: readonly User[]): Promise<Matches> {
  const { genesys } = await session.bench()
  switch (ref.by) {
    case 'email':
      return await findUsersAt(genesys, ref.email)
    case 'id':
      return matchesOf(known.filter(({ id }) => id.toLowerCase() === ref.userId.toLowerCase()))
    case 'mention': {
      const email = await addressOf(session, ref.id)
      return email === undefined ? matchesOf([]) : await findUsersAt(genesys, email)
    }
    case 'name':
      return await findUsersCalled(genesys, ref.name)
  }
}

function matchesOf(users: readonly User[]): Matches {
  return { users, total: users.length, isByName: true, isWithoutDeleted: false }
}

/** Users by their ids, with names and licenses; those whom the directory does not know are left out. */
async function readUsersByIds(genesys: GenesysReads, ids: readonly string[]): Promise<readonly User[]> {
  const directory = await genesys.getDirectoryUsers(ids)
  const licenses = await genesys.getUsersById(ids)
  return directory.map((known) => userOf(known.id, known, licenseIdsOf(licenses, known.id) ?? []))
}

/** Users named in a change's reply, at most: one request's worth of ids. */
const MAX_NAMES = 100

/**
 * The users that a change is about, each told apart from any namesake. Without Genesys there are none: that a change was
 * made must be told all the same, and is told by their ids.
 */
export async function readNamesIn(
  { bench }: Pick<ChatSession, 'bench'>,
  change: Change,
): Promise<readonly NamedUser[]> {
  const { before } = change
  const about = before && 'users' in before ? before.users.map(({ userId }) => userId) : []
  return await readNamesOf({ bench }, [...new Set([...namedIn(change), ...about])])
}

/** @returns those of them whom Genesys knows, at most a hundred. */
export async function readNamesOf(
  { bench }: Pick<ChatSession, 'bench'>,
  ids: readonly string[],
): Promise<readonly NamedUser[]> {
  if (ids.length === 0) return []
  try {
    const { genesys } = await bench()
    return await tellApart(genesys, await readUsersByIds(genesys, ids.slice(0, MAX_NAMES)))
  } catch (error) {
    if (error instanceof GatewayError) return []
    throw error
  }
}

/** The org file's word first, then the chat's. */
export async function addressOf(
  { desk, asked, emailOf }: ChatSession,
  chatUserId: string,
): Promise<string | undefined> {
  const listed = Object.values(desk.policy.people).find((person) =>
    person[asked.platform]?.includes(chatUserId),
  )
  return listed?.email ?? (await emailOf(chatUserId))
}

function refuseTooMany(named: readonly PersonRef[]): Reply {
  return refuse(
    `${named.length} people are named, more than one line may name`,
    sayText(
      `A line takes ${MAX_LOOKED_UP} people by e-mail, name or mention, and as many by id as it has room for. Nothing was done: name the others in a line of their own.`,
    ),
  )
}

const NAME_THEM = 'Name them by their e-mail in Genesys, their full name, or their id.'

/** That somebody was not found there says nothing of them. */
const UNSEARCHED =
  'People who were deleted in Genesys could not be searched. One who still holds a license is found by “who” with the license, and named by id.'

export function explainUnclear({ ref, found }: UnclearRef): Reply {
  const name = refTextOf(ref)
  if (found === 'too.many') {
    return refuse(`Too many people are found by ${name} to tell who is meant`, sayText(NAME_THEM))
  }
  const { users, total, isByName, isWithoutDeleted } = found
  const unsearched = isWithoutDeleted ? [sayText(UNSEARCHED)] : []
  if (total === 0 && ref.by === 'mention') {
    return refuse(
      'Whoever was mentioned is not known in Genesys',
      sayText('They have no address that Genesys knows. Name them by e-mail.'),
      ...unsearched,
    )
  }
  if (total === 0) return refuse(`Nobody is known as ${name}`, sayText(NAME_THEM), ...unsearched)
  return refuse(
    isByName
      ? `${capitalize(name)} could be any of ${total}`
      : `Nobody is called ${name}, and ${total} may be meant`,
    {
      kind: 'table',
      headings: ['name', 'e-mail or id'],
      rows: users.slice(0, MAX_MATCHES).map((user) => [nameOf(user), addressAmong(users, user)]),
      total: total > MAX_MATCHES ? total : undefined,
    },
    sayText('Say it again with the e-mail or the id.'),
    ...unsearched,
  )
}

/** Of several it is said in a line each, so that all can be put right at once. */
function explainAllUnclear(unclear: readonly UnclearRef[], named: number): Reply {
  const isUnsearched = unclear.some(({ found }) => found !== 'too.many' && found.isWithoutDeleted)
  return refuse(
    `Of the ${named} people named, ${unclear.length} are not clear`,
    {
      kind: 'table',
      headings: ['named', 'who that may be'],
      rows: unclear.map((each) => [refTextOf(each.ref), whoMayBe(each)]),
    },
    sayText(NAME_THEM),
    ...(isUnsearched ? [sayText(UNSEARCHED)] : []),
  )
}

/** Matches that are listed for one of several. */
const MAX_OF_SEVERAL = 3

function whoMayBe({ found }: UnclearRef): string {
  if (found === 'too.many') return 'too many are found'
  const { users, total } = found
  if (total === 0) return 'nobody'
  const first = users.slice(0, MAX_OF_SEVERAL).map((user) => addressAmong(users, user))
  return `${first.join(' or ')}${total > first.length ? `, or ${total - first.length} others` : ''}`
}

function capitalize(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What of a user nobody else in the list has. */
function addressAmong(users: readonly User[], { id, email }: User): string {
  const isShared = users.some(
    (each) => each.id !== id && foldAddress(each.email ?? '') === foldAddress(email ?? ''),
  )
  return email === undefined || isShared ? id : email
}

export function refTextOf(ref: PersonRef): string {
  switch (ref.by) {
    case 'email':
      return ref.email
    case 'id':
      return ref.userId
    case 'mention':
      return 'whoever was mentioned'
    case 'name':
      return `“${ref.name}”`
  }
}

export type FoundLicense = { readonly license: LicenseDefinition } | { readonly reply: Reply }

/** @throws GatewayError where Genesys cannot be asked. */
export async function findLicense(session: ChatSession, typedName: string): Promise<FoundLicense> {
  const { genesys } = await session.bench()
  const all = await genesys.getDefinitions()
  const name = typedName.toLowerCase()
  const exact = all.find(({ id }) => id.toLowerCase() === name)
  if (exact) return { license: exact }
  const beginning = all.filter(({ id }) => id.toLowerCase().startsWith(name))
  const [only] = beginning
  if (only && beginning.length === 1) return { license: only }
  if (only) {
    const names = beginning.map(({ id }) => id).join(', ')
    return { reply: refuse(`${typedName} could be any of ${beginning.length}`, sayText(names)) }
  }
  const meant = nearestIdIn(all.map(({ id }) => id))(typedName)
  return {
    reply: refuse(
      `There is no license ${typedName}`,
      ...(meant ? [sayText(`Did you mean “${meant}”?`)] : []),
      sayNote('To see those that there are:', 'definitions'),
    ),
  }
}
