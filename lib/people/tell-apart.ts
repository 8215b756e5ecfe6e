/** Users with what tells them apart from others of the same name, for whoever confirms or approves. */
import { GatewayError } from '../errors.ts'
import type { GenesysReads } from '../genesys/genesys-reads.ts'
import type { DirectoryUser } from '../genesys/models/directory-user.ts'
import { findNamesakes } from './find-users.ts'
import { foldAddress, foldName } from './fold-name.ts'
import type { User } from './user.ts'

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
