import type { DirectoryUser } from '../genesys/models/directory-user.ts'
import type { User } from './user-model.ts'

/** @param known as the directory has the user, undefined where it does not. */
export function userOf(id: string, known: DirectoryUser | undefined, licenses: readonly string[]): User {
  const { name, email, state } = known ?? {}
  return {
    id,
    ...(name && { name }),
    ...(email && { email }),
    ...(state && { state }),
    licenses: [...licenses],
    selfUri: `/api/v2/license/users/${id}`,
  }
}

/** A deleted user is of interest for as long as they hold something, and no longer. */
export function isListed({ state, licenses }: User): boolean {
  return state !== 'deleted' || licenses.length > 0
}
