/** Who is meant, in the newest reading: whoever was deleted is found there too, and nothing is asked of Genesys for it. */
import type { Inventory } from '../../../inventory/inventory-port.ts'
import type { Matches } from '../../../people/find-users.ts'
import { foldAddress, foldName, foldNameLoosely } from '../../../people/fold-name.ts'
import type { User } from '../../../people/user.ts'
import type { PersonRef } from '../../grammar/typed-command.ts'
import { type Reply, refuse, sayText } from '../words/reply.ts'
import { addressOf, explainUnclear, refTextOf } from './find-named.ts'
import type { ChatSession } from './session.ts'

export const ADDED_SINCE = 'Somebody added since that reading shows with the next one.'

/** Whom a reading does not have is known by their id alone. */
const BY_ID =
  'Name them by their e-mail in Genesys, their full name, or their id. Whom Genesys has no more at all is found by id alone.'

/** Of an id there may be a history though no reading has it any more. */
export type FoundInReading =
  | { readonly userId: string; readonly user: User | undefined }
  | { readonly reply: Reply }

/** @throws GatewayError `reading.unavailable` before the first reading. */
export async function findInReading(session: ChatSession, ref: PersonRef): Promise<FoundInReading> {
  const { inventory } = session
  if (ref.by === 'id') {
    const people = await inventory.people([ref.userId])
    return { userId: ref.userId, user: people.get(ref.userId.toLowerCase()) }
  }
  if (ref.by === 'name') return takeOnly(ref, await findCalled(inventory, ref.name))
  const email = ref.by === 'email' ? ref.email : await addressOf(session, ref.id)
  return takeOnly(ref, email === undefined ? gather().found : await findAt(inventory, email))
}

function takeOnly(ref: PersonRef, found: Found): FoundInReading {
  const [only] = found.users
  if (only && found.total === 1) return { userId: only.id, user: only }
  if (found.total === 0 && ref.by !== 'mention') {
    const title = `The last reading has nobody known as ${refTextOf(ref)}`
    return { reply: refuse(title, sayText(BY_ID), sayText(ADDED_SINCE)) }
  }
  return { reply: explainUnclear({ ref, found: { ...found, isByName: true, isWithoutDeleted: false } }) }
}

/** The first of them, and how many there are. */
type Found = Pick<Matches, 'users' | 'total'>

/** More are not listed, however many have it. */
const MAX_FOUND = 100

function gather() {
  const found: { users: User[]; total: number } = { users: [], total: 0 }
  const add = (user: User) => {
    found.total += 1
    if (found.total <= MAX_FOUND) found.users.push(user)
  }
  return { found, add }
}

async function findAt(inventory: Inventory, email: string): Promise<Found> {
  const wanted = foldAddress(email)
  const { found, add } = gather()
  for await (const user of (await inventory.everybody()).users) {
    if (foldAddress(user.email ?? '') === wanted) add(user)
  }
  return found
}

/** Whose name is just that, where there is one; else whose name is that but for joiners; else of whose name it is a part. */
async function findCalled(inventory: Inventory, name: string): Promise<Found> {
  const [wanted, loosely] = [foldName(name), foldNameLoosely(name)]
  const [exact, alike, having] = [gather(), gather(), gather()]
  for await (const user of (await inventory.everybody()).users) {
    const own = foldNameLoosely(user.name ?? '')
    if (!own.includes(loosely)) continue
    if (foldName(user.name ?? '') === wanted) exact.add(user)
    if (own === loosely) alike.add(user)
    having.add(user)
  }
  return [exact, alike].find(({ found }) => found.total > 0)?.found ?? having.found
}
