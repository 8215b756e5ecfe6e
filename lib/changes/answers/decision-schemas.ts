/** What whoever decides about a change says, and what they are told of the people whom it changes. */
import * as z from 'zod/mini'
import { LicenseId } from '../../genesys/models/ids.ts'
import { models } from '../../genesys/models/model-registry.ts'
import { checksOfPasted } from '../../text.ts'
import { Reason } from '../model/change-order.ts'

/** What apply and approve name, so that nobody confirms another plan than the one they saw. */
export const Digest = z
  .string()
  .check(...checksOfPasted(/^[0-9a-f]{64}$/, 'must be the digest that the change has: 64 hexadecimal digits'))
  .register(models, { id: 'Digest' })

/** Why a request is rejected, for the record. */
export const Rejection = z.strictObject({ reason: z.optional(Reason) }).register(models, { id: 'Rejection' })
export const Decision = z.strictObject({ digest: Digest }).register(models, { id: 'Decision' })

/** The number of different people whom a plan changes, typed back. */
const confirmPeople = z.optional(z.int().check(z.gte(0)))
/** Of a change: the plan that was seen, and how many people it changes. */
export const Confirmation = z
  .strictObject({ digest: Digest, confirmPeople })
  .register(models, { id: 'Confirmation' })
export const Undoing = z.strictObject({ confirmPeople }).register(models, { id: 'Undoing' })

const MassRemoval = z
  .object({
    licenseId: LicenseId,
    people: z.int(),
    /** Absent where nobody has read lately who holds it. */
    holders: z.optional(z.int()),
  })
  .register(models, { id: 'MassRemoval' })

/** What a plan does to people; with `massRemovals` apply, undo and approve ask for `people` as `confirmPeople`. */
export const Impact = z
  .object({ people: z.int(), massRemovals: z.optional(z.array(MassRemoval)) })
  .register(models, { id: 'Impact' })
