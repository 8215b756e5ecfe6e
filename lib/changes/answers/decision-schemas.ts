/** What whoever decides about a change says, and what they are told of the people whom it changes. */
import * as z from 'zod/mini'
import { LicenseId, UserId } from '../../genesys/models/ids.ts'
import { models } from '../../genesys/models/model-registry.ts'
import { checksOfPasted } from '../../text.ts'
import { Reason } from '../model/change-order.ts'
import { changeStates } from '../model/transitions.ts'

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

/** Of a license that is given and has seats in the org file. */
export const SeatCount = z
  .object({
    licenseId: LicenseId,
    /** The contract's. */
    seats: z.int(),
    /** Taken now, and once the change is carried out; absent where nobody has read yet who holds what. */
    taken: z.optional(z.int()),
    after: z.optional(z.int()),
    /** People beside those of the change of whom it is not known whether they hold it. */
    unknown: z.optional(z.int()),
    /** People to whom other changes will give it: released and not done yet, or to be taken back. */
    open: z.optional(z.int()),
    isOver: z.optional(z.boolean()),
    /** When the reading began that is counted from; what the gateway has done since is counted too. */
    asOf: z.optional(z.string()),
  })
  .register(models, { id: 'SeatCount' })

/** People whose licenses are not as they were. */
export const ChangedPeople = z
  .object({
    /** Whether a reading tells; else these are those who are known all the same. */
    isKnown: z.boolean(),
    /** When that reading began. */
    asOf: z.optional(z.string()),
    /** How many they are; absent where that is not known. */
    users: z.optional(z.int()),
    /** The first hundred. */
    people: z.array(z.object({ userId: UserId, given: z.array(z.string()), taken: z.array(z.string()) })),
  })
  .register(models, { id: 'ChangedPeople' })

/** Why a change that is to be carried out goes no further for now. */
export const Waits = z
  .object({
    why: z.enum([
      'reading',
      'turn',
      'time',
      'retry',
      'writes.paused',
      'failing',
      'refused',
      'minute.used',
      'pace',
      'other.lists',
      'settling',
    ]),
    /** When that is expected to be over; absent where nobody knows. */
    until: z.optional(z.string()),
    /** The same for people, in one sentence without its stop. */
    says: z.string(),
  })
  .register(models, { id: 'Waits' })
export type Waits = z.output<typeof Waits>

/** Of a list: what takes back what it did, or has, by its id. */
export const Undone = z
  .object({ by: z.string(), state: z.enum(changeStates), isInPart: z.optional(z.boolean()) })
  .register(models, { id: 'Undone' })
