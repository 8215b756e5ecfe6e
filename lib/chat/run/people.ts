/** Who is meant: by address, name, mention or id. Several matches are listed and never guessed from. */
import type { Change } from '../../changes/models.ts'
import { GatewayError } from '../../errors.ts'
import { licenseIdsOf } from '../../license/people.ts'
import { listUsers } from '../../people/listing.ts'
import type { User } from '../../people/models.ts'
import { userOf } from '../../people/user.ts'
import type { PersonRef } from '../command.ts'
import type { Reply } from '../reply.ts'
import { refusal, text } from './said.ts'
import type { Session } from './session.ts'

/** Matches that are listed for the person to choose from. */
const MAX_MATCHES = 10

export type Meant = { readonly users: readonly User[] } | { readonly reply: Reply }

/** @throws GatewayError where Genesys cannot be asked. */
export async function peopleMeant(session: Session, refs: readonly PersonRef[]): Promise<Meant> {
  const users: User[] = []
  for (const ref of refs) {
    const found = await matching(session, ref)
    const [only] = found
    if (found.length !== 1 || !only) return { reply: unclear(ref, found) }
    if (!users.some(({ id }) => id === only.id)) users.push(only)
  }
  return { users }
}

async function matching(session: Session, ref: PersonRef): Promise<readonly User[]> {
  switch (ref.by) {
    case 'email':
      return await byEmail(session, ref.email)
    case 'id':
      return await byIds(session, [ref.userId])
    case 'mention': {
      const email = await addressOf(session, ref.id)
      return email === undefined ? [] : await byEmail(session, email)
    }
    case 'name':
      return await byName(session, ref.name)
  }
}

async function byEmail({ bench }: Session, email: string): Promise<readonly User[]> {
  const { genesys } = await bench()
  const { entities } = await listUsers(genesys, {
    email: { value: email, isWhole: true },
    limit: MAX_MATCHES,
  })
  return entities
}

/** Whose name is just that, where there is one; else everybody of whose name it is a part. */
async function byName({ bench }: Session, name: string): Promise<readonly User[]> {
  const { genesys } = await bench()
  const spaced = name.trim().replace(/\s+/g, ' ')
  const { entities } = await listUsers(genesys, { name: spaced, limit: MAX_MATCHES })
  const exact = entities.filter((user) => user.name?.toLowerCase() === spaced.toLowerCase())
  return exact.length === 1 ? exact : entities
}

/** Users by their ids, with names and licenses; those whom the directory does not know are left out. */
async function byIds({ bench }: Pick<Session, 'bench'>, ids: readonly string[]): Promise<readonly User[]> {
  const { genesys } = await bench()
  const directory = await genesys.directoryUsers(ids)
  const licenses = await genesys.getUsersById(ids)
  return directory.map((known) => userOf(known.id, known, licenseIdsOf(licenses, known.id) ?? []))
}

/** Users named in a change's reply, at most: one request's worth of ids. */
const MAX_NAMES = 100

/**
 * The users that a change is about, by name. Without Genesys there are none: that a change was made must be told all
 * the same, and is told by their ids.
 */
export async function namesIn(session: Pick<Session, 'bench'>, { before }: Change): Promise<readonly User[]> {
  const ids = before && 'users' in before ? before.users.map(({ userId }) => userId) : []
  if (ids.length === 0) return []
  try {
    return await byIds(session, ids.slice(0, MAX_NAMES))
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

function unclear(ref: PersonRef, found: readonly User[]): Reply {
  const name = spokenRef(ref)
  if (found.length === 0) {
    return refusal(
      `Nobody is known as ${name}`,
      text(
        ref.by === 'mention'
          ? 'Whoever was mentioned has no address that Genesys knows. Name them by e-mail.'
          : 'Name them by their e-mail in Genesys, their full name, or their id.',
      ),
    )
  }
  return refusal(
    `${name} could be any of ${found.length === MAX_MATCHES ? `${MAX_MATCHES} or more` : found.length}`,
    {
      kind: 'table',
      headings: ['name', 'e-mail'],
      rows: found.map((user) => [user.name ?? user.id, user.email ?? '']),
    },
  )
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

/** How a user is named in a reply. */
export function nameOf({ name, email, id, state }: User): string {
  const plain = name ?? email ?? id
  return state === undefined || state === 'active' ? plain : `${plain} (${state})`
}
