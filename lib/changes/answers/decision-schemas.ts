/** What whoever decides about a change says, and what they are told of the people whom it changes. */
import * as z from 'zod/mini'
import { LicenseId, UserId } from '../../genesys/models/ids.ts'
import { models } from '../../genesys/models/model-registry.ts'
import { roles } from '../../roles.ts'
import { checksOfPasted } from '../../text.ts'
import { draftMember, Reason } from '../model/change-order.ts'
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
export const Undoing = z
  .strictObject({ confirmPeople, isDraft: draftMember(), reason: z.optional(Reason) })
  .register(models, { id: 'Undoing' })
export type Undoing = z.output<typeof Undoing>
export const Cancelling = z.strictObject({ isDraft: draftMember() }).register(models, { id: 'Cancelling' })
export const Retrying = z.strictObject({ isDraft: draftMember() }).register(models, { id: 'Retrying' })

const MassRemoval = z
  .object({
    licenseId: LicenseId,
    people: z.int(),
    /** Absent where nobody has read lately who holds it. */
    holders: z.optional(z.int()),
  })
  .register(models, { id: 'MassRemoval' })

/** A license that a plan takes over its seats; `after` with what other open changes will give. */
const SeatExcess = z
  .object({ licenseId: LicenseId, seats: z.int(), after: z.int() })
  .register(models, { id: 'SeatExcess' })

/** What a plan does to people and seats; with `massRemovals` apply, undo and approve ask for `people` as `confirmPeople`. */
export const Impact = z
  .object({
    people: z.int(),
    massRemovals: z.optional(z.array(MassRemoval)),
    overSeats: z.optional(z.array(SeatExcess)),
  })
  .register(models, { id: 'Impact' })

/** Of a license that is given or taken. */
export const SeatCountModel = z
  .object({
    licenseId: LicenseId,
    /** Paid for; absent where nobody has told. */
    seats: z.optional(z.int()),
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
    /** False where somebody is missing in it, who is counted as before; else absent. */
    isWhole: z.optional(z.boolean()),
  })
  .register(models, { id: 'SeatCount' })

/** People whose licenses are not as they were. */
const ChangedPeople = z
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

const pair = { userId: UserId, licenseId: LicenseId }
const FindingCounts = z
  .object({
    missingPrerequisites: z.int(),
    contradictions: z.int(),
    overlaps: z.int(),
    unknownUsers: z.int(),
    /** Absent of records from before it was looked for. */
    notActive: z.optional(z.int()),
  })
  .register(models, { id: 'FindingCounts' })

export const Findings = z
  .object({
    /** Absent of a list: its results tell. */
    noOps: z.optional(z.array(z.object({ licenseId: LicenseId, userId: UserId }))),
    missingPrerequisites: z.array(z.object({ ...pair, prerequisites: z.array(z.string()) })),
    contradictions: z.array(z.object({ ...pair, neededBy: z.array(z.string()) })),
    /** Licenses to give of which the user would hold a part, or the whole, as a license of its own. */
    overlaps: z.array(
      z.object({ ...pair, comprises: z.array(z.string()), comprisedBy: z.array(z.string()) }),
    ),
    unknownUsers: z.array(UserId),
    /** Absent where the plan gives nobody anything of whom that is known. */
    notActive: z.optional(z.array(z.object({ ...pair, state: z.string() }))),
    /** Of a list, which names the first hundred of each kind. */
    counts: z.optional(FindingCounts),
    repeatedRows: z.optional(z.int()),
    /** First those that would be over their seats. */
    seats: z.optional(z.array(SeatCountModel)),
    /** Of more than one pair. */
    changedOutside: z.optional(ChangedPeople),
    /** Of what waits. */
    changedSince: z.optional(ChangedPeople),
  })
  .register(models, { id: 'Findings' })

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

/**
 * What may be decided about a change: each is `POST /v1/changes/{changeId}/…` by its own name, but for `keep`, which calls
 * its planned revert off by `cancel`.
 */
export const decidables = [
  ...(['apply', 'approve', 'reject', 'cancel', 'undo', 'pause', 'resume'] as const),
  ...(['settle', 'extend', 'end', 'keep', 'retry'] as const),
] as const
export type Decidable = (typeof decidables)[number]

/** What a change says to whoever asks for it, of what they may do about it. */
export const offered = {
  /** Absent where the caller's role is not known here. */
  offers: z.optional(z.array(z.enum(decidables))),
  /** What `apply` and `approve` must bring beside the digest. */
  needs: z.optional(z.object({ confirmPeople: z.int() }).register(models, { id: 'DecisionNeeds' })),
  /** Until when what was sent may still land: it can be settled by a look from then on. */
  quietUntil: z.optional(z.string()),
}

/** `approve` and `reject` are a POST to the schedule's own path behind it, `delete` a DELETE of the schedule. */
export const scheduleDecidables = ['approve', 'reject', 'delete'] as const
export type ScheduleDecidable = (typeof scheduleDecidables)[number]

/** Whoever asks. What the org file does not say is absent. */
export const Me = z
  .object({
    /** The token's subject, or an ARN. Absent for a token without one. */
    id: z.optional(z.string()),
    kind: z.enum(['jwt', 'iam']),
    /** The name by which the org file knows the person, or the tool. */
    person: z.optional(z.string()),
    tool: z.optional(z.string()),
    /** The person's full name, as the org file has it. */
    name: z.optional(z.string()),
    /** Absent with `iam`, where the caller's IAM policy decides. */
    role: z.optional(z.enum(roles)),
    email: z.optional(z.string()),
    /** IANA name. */
    timeZone: z.optional(z.string()),
    /** Tools of which the person is an owner. */
    tools: z.array(z.string()),
    /** Ids of the operations that the role includes. */
    operations: z.optional(z.array(z.string())),
  })
  .register(models, { id: 'Me' })
export type Me = z.output<typeof Me>
