/** Who is meant: by address, name, mention or id. Several matches are listed and never guessed from. */
import type { Change } from '../../changes/models.ts'
import { GatewayError } from '../../errors.ts'
import type { GenesysReads } from '../../genesys/client.ts'
import { licenseIdsOf } from '../../license/people.ts'
import { type Matches, usersAt, usersCalled } from '../../people/finding.ts'
import type { User } from '../../people/models.ts'
import { foldedAddress } from '../../people/names.ts'
import { type Named, nameOf, toldApart } from '../../people/naming.ts'
import { userOf } from '../../people/user.ts'
import type { PersonRef } from '../command.ts'
import type { Reply } from '../reply.ts'
import { refusal, text } from './said.ts'
import type { Session } from './session.ts'

/** Matches that are listed for the person to choose from. */
const MAX_MATCHES = 20

export type Meant = { readonly users: readonly User[] } | { readonly reply: Reply }

/** @throws GatewayError where Genesys cannot be asked. */
export async function peopleMeant(session: Session, refs: readonly PersonRef[]): Promise<Meant> {
  const users: User[] = []
  for (const ref of refs) {
    const found = await matching(session, ref)
    if (found === 'too.many') return { reply: tooMany(ref) }
    const [only] = found.users
    if (found.total !== 1 || !only || !found.isByName) return { reply: unclear(ref, found) }
    if (!users.some(({ id }) => id === only.id)) users.push(only)
  }
  return { users }
}

/** @returns `too.many` where Genesys finds more than can be looked through: then nobody is meant. */
async function matching(session: Session, ref: PersonRef): Promise<Matches | 'too.many'> {
  try {
    return await lookedUp(session, ref)
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'response.too.large') return 'too.many'
    throw error
  }
}

async function lookedUp(session: Session, ref: PersonRef): Promise<Matches> {
  const { genesys } = await session.bench()
  switch (ref.by) {
    case 'email':
      return await usersAt(genesys, ref.email)
    case 'id':
      return matchesOf(await byIds(genesys, [ref.userId]))
    case 'mention': {
      const email = await addressOf(session, ref.id)
      return email === undefined ? matchesOf([]) : await usersAt(genesys, email)
    }
    case 'name':
      return await usersCalled(genesys, ref.name)
  }
}

function matchesOf(users: readonly User[]): Matches {
  return { users, total: users.length, isByName: true, isWithoutDeleted: false }
}

/** Users by their ids, with names and licenses; those whom the directory does not know are left out. */
async function byIds(genesys: GenesysReads, ids: readonly string[]): Promise<readonly User[]> {
  const directory = await genesys.directoryUsers(ids)
  const licenses = await genesys.getUsersById(ids)
  return directory.map((known) => userOf(known.id, known, licenseIdsOf(licenses, known.id) ?? []))
}

/** Users named in a change's reply, at most: one request's worth of ids. */
const MAX_NAMES = 100

/**
 * The users that a change is about, each told apart from any namesake. Without Genesys there are none: that a change was
 * made must be told all the same, and is told by their ids.
 */
export async function namesIn(
  { bench }: Pick<Session, 'bench'>,
  { before }: Change,
): Promise<readonly Named[]> {
  const ids = before && 'users' in before ? before.users.map(({ userId }) => userId) : []
  if (ids.length === 0) return []
  try {
    const { genesys } = await bench()
    return await toldApart(genesys, await byIds(genesys, ids.slice(0, MAX_NAMES)))
  } catch (error) {
    if (error instanceof GatewayError) return []
    throw error
  }
}

/** The org file's word first, then the chat's. */
async function addressOf({ desk, asked, emailOf }: Session, chatUserId: string): Promise<string | undefined> {
  const listed = Object.values(desk.policy.people).find((person) =>
    person[asked.platform]?.includes(chatUserId),
  )
  return listed?.email ?? (await emailOf(chatUserId))
}

function tooMany(ref: PersonRef): Reply {
  return refusal(
    `Too many people are found by ${spokenRef(ref)} to tell who is meant`,
    text('Name them by their e-mail in Genesys, their full name, or their id.'),
  )
}

/** That somebody was not found there says nothing of them. */
const UNSEARCHED =
  'People who were deleted in Genesys could not be searched. One who still holds a license is found by “who” with the license, and named by id.'

function unclear(ref: PersonRef, { users, total, isByName, isWithoutDeleted }: Matches): Reply {
  const name = spokenRef(ref)
  const unsearched = isWithoutDeleted ? [text(UNSEARCHED)] : []
  if (total === 0) {
    return refusal(
      `Nobody is known as ${name}`,
      text(
        ref.by === 'mention'
          ? 'Whoever was mentioned has no address that Genesys knows. Name them by e-mail.'
          : 'Name them by their e-mail in Genesys, their full name, or their id.',
      ),
      ...unsearched,
    )
  }
  return refusal(
    isByName ? `${name} could be any of ${total}` : `Nobody is called ${name}, and ${total} may be meant`,
    {
      kind: 'table',
      headings: ['name', 'e-mail or id'],
      rows: users.slice(0, MAX_MATCHES).map((user) => [nameOf(user), addressAmong(users, user)]),
      ...(total > MAX_MATCHES ? { total } : {}),
    },
    text('Say it again with the e-mail or the id.'),
    ...unsearched,
  )
}

/** What of a user nobody else in the list has. */
function addressAmong(users: readonly User[], { id, email }: User): string {
  const isShared = users.some(
    (each) => each.id !== id && foldedAddress(each.email ?? '') === foldedAddress(email ?? ''),
  )
  return email === undefined || isShared ? id : email
}

function spokenRef(ref: PersonRef): string {
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
