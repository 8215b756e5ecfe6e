/** Whom the rows of a list name, by id, e-mail or name: a reading of the org is gone through once, and they are kept of it. */
import { isUuid } from '../../../genesys/models/ids.ts'
import { foldAddress, foldName } from '../../../people/fold-name.ts'
import type { RosterPerson } from '../../record/roster.ts'
import type { ListOrder } from './list-order.ts'

/** People whom rows name, by the way in which one does, and those who hold a license that is to be held by nobody else. */
export interface PeopleFound {
  readonly byName: ReadonlyMap<string, readonly RosterPerson[]>
  readonly holders: readonly RosterPerson[]
}

/** @param people everybody of a reading: one after the other, so that an org of any size is never in memory whole. */
export async function findNamedPeople(
  { rows, badRows = [], desired }: ListOrder,
  people: AsyncIterable<RosterPerson> | Iterable<RosterPerson>,
): Promise<PeopleFound> {
  const wanted = new Set(rows.map(({ user }) => keyOf(user)))
  for (const { user } of badRows) if (user !== undefined) wanted.add(keyOf(user))
  if (desired?.of === 'people') for (const user of desired.names) wanted.add(keyOf(user))
  const watched = new Set(
    desired?.of === 'licenses' && desired.mode !== 'add-only'
      ? desired.names.map((each) => each.toLowerCase())
      : [],
  )
  const byName = new Map<string, RosterPerson[]>()
  const holders: RosterPerson[] = []
  for await (const person of people) {
    for (const key of new Set(keysOf(person))) {
      if (!wanted.has(key)) continue
      const found = byName.get(key)
      if (found) found.push(person)
      else byName.set(key, [person])
    }
    if (watched.size > 0 && mayHold(person, watched)) holders.push(person)
  }
  return { byName, holders }
}

/** Those who are deleted are known by their id alone: their name and address may be somebody else's by now. */
function keysOf({ id, name, email, state }: RosterPerson): string[] {
  const keys = [keyOfId(id)]
  if (state === 'deleted') return keys
  if (email) keys.push(keyOfAddress(email))
  if (name) keys.push(keyOfName(name))
  return keys
}

/** Under which whoever is named so is found; what looks like an id or an address is never somebody's name. */
export function keyOf(user: string): string {
  if (isUuid(user)) return keyOfId(user)
  return isAddress(user) ? keyOfAddress(user) : keyOfName(user)
}

const keyOfId = (id: string) => `id ${id.toLowerCase()}`
const keyOfAddress = (email: string) => `email ${foldAddress(email)}`
const keyOfName = (name: string) => `name ${foldName(name)}`

export function isAddress(user: string): boolean {
  return /^\S+@\S+$/.test(user)
}

function mayHold({ licenses, unknown }: RosterPerson, watched: ReadonlySet<string>): boolean {
  return [...licenses, ...(unknown === 'any' ? [] : unknown)].some((each) => watched.has(each.toLowerCase()))
}
