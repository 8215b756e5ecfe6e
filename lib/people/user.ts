/** A user with what they hold, as callers get them, and how one comes of what the directory knows. */
import * as z from 'zod/mini'
import type { DirectoryUser } from '../genesys/models/directory-user.ts'
import { models } from '../genesys/models/model-registry.ts'

/** A user with what they hold. Who the directory does not know any more has neither name nor state. */
export const User = z
  .object({
    id: z.string(),
    name: z.optional(z.string()),
    email: z.optional(z.string()),
    /** `active`, `inactive` or `deleted`, as Genesys says it. */
    state: z.optional(z.string()),
    /** License ids. */
    licenses: z.array(z.string()),
    selfUri: z.string(),
  })
  .register(models, { id: 'User' })
export type User = z.output<typeof User>

/** One page; `next` is there where there is more. */
export const UserListing = z
  .object({
    entities: z.array(User),
    /** When the reading began that this is from, ISO 8601, and whether all of the org was in it. */
    asOf: z.string(),
    isWhole: z.boolean(),
    next: z.optional(z.string()),
  })
  .register(models, { id: 'UserListing' })
export type UserListing = z.output<typeof UserListing>

/** @param known as the directory has the user, undefined where it does not. */
export function userOf(id: string, known: DirectoryUser | undefined, licenses: readonly string[]): User {
  const { name, email, state } = known ?? {}
  return {
    id,
    name: name || undefined,
    email: email || undefined,
    state: state || undefined,
    licenses: [...licenses],
    selfUri: `/api/v2/license/users/${id}`,
  }
}

/** A deleted user is of interest for as long as they hold something, and no longer. */
export function isListed({ state, licenses }: User): boolean {
  return state !== 'deleted' || licenses.length > 0
}
