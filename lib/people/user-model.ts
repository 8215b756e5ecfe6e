import * as z from 'zod/mini'
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

/**
 * One page; `next` is there where there is more, however few the page holds. `isWithoutDeleted` where Genesys refuses to
 * search the deleted, so that those of them who still hold a license are not among these.
 */
export const UserListing = z
  .object({
    entities: z.array(User),
    next: z.optional(z.string()),
    isWithoutDeleted: z.optional(z.boolean()),
  })
  .register(models, { id: 'UserListing' })
export type UserListing = z.output<typeof UserListing>
