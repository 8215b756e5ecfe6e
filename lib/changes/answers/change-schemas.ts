/** Changes as callers send and get them. Times are ISO 8601 in UTC going out, with any offset coming in. */
import * as z from 'zod/mini'
import { FeatureName, LicenseId, UserId } from '../../genesys/models/ids.ts'
import { LicenseAssignmentRequest } from '../../genesys/models/licenses.ts'
import { models } from '../../genesys/models/model-registry.ts'
import { checksOfPasted } from '../../text.ts'
import { targetOutcomes } from '../model/change.ts'
import { desiredModes, Reason } from '../model/change-order.ts'
import { changeStates } from '../model/transitions.ts'
import { Digest, Findings, Impact, offered, Undone, Waits } from './decision-schemas.ts'

/** Of changes and schedules alike. */
export const RECORD_ID = /^[0-9a-hjkmnp-tv-z]{20}$/

/** Ids are read aloud and typed: Crockford's alphabet takes I and L for 1, O for 0, and any case. */
export function foldRecordId(text: string): string {
  return text.toLowerCase().replace(/[il]/g, '1').replaceAll('o', '0')
}

/** 100 bits in Crockford's alphabet: no letter is mistaken for another. */
export const recordIdOf = (what: string) =>
  z
    .string()
    .check(
      z.overwrite(foldRecordId),
      ...checksOfPasted(RECORD_ID, `must be a ${what} id: 20 letters and digits`),
    )

export const ChangeId = recordIdOf('change').register(models, { id: 'ChangeId' })

export const ToggleValue = z
  .strictObject({ enabled: z.boolean(), reason: z.optional(Reason) })
  .register(models, { id: 'ToggleValue' })
export const Actor = z
  .object({
    kind: z.enum(['iam', 'jwt', 'event', 'schedule', 'slack', 'teams']),
    id: z.string(),
    person: z.optional(z.string()),
    tool: z.optional(z.string()),
    /** As the org file calls the person by now. */
    name: z.optional(z.string()),
  })
  .register(models, { id: 'Actor' })

const Toggle = z
  .object({ featureName: z.string(), enabled: z.optional(z.boolean()) })
  .register(models, { id: 'ObservedToggle' })
const UserHolding = z
  .object({ userId: UserId, licenses: z.array(z.string()) })
  .register(models, { id: 'UserHolding' })
/** A toggle's value, or the licenses of each user that the change names. */
const Observed = z
  .union([Toggle, z.object({ users: z.array(UserHolding) }).register(models, { id: 'ObservedUsers' })])
  .register(models, { id: 'Observed' })

/** One thing upstream that a change is about. */
const TargetModel = z
  .object({
    licenseId: z.optional(LicenseId),
    userId: z.optional(UserId),
    featureName: z.optional(FeatureName),
  })
  .register(models, { id: 'ChangeTarget' })

/** What became of one target, `not.sent` while or because nothing was sent for it; `result` is upstream's own text where it gave one, behind `NOT_APPLIED: ` or `UNKNOWN: ` where it was not seen to hold. */
export const resultOutcomes = [...targetOutcomes, 'not.sent', 'invalid'] as const

export const ChangeResult = z
  .object({
    licenseId: z.optional(LicenseId),
    userId: z.optional(UserId),
    featureName: z.optional(FeatureName),
    /** Of a bad row, which names nothing that could be done: where it stands in the file, and no `desired`. */
    line: z.optional(z.int()),
    desired: z.optional(z.boolean()),
    /** What the plan saw and what was read back; of `…/results` alone, absent where nothing was read. */
    before: z.optional(z.boolean()),
    after: z.optional(z.boolean()),
    outcome: z.enum(resultOutcomes),
    result: z.optional(z.string()),
  })
  .register(models, { id: 'ChangeResult' })
export type ChangeResult = z.output<typeof ChangeResult>

const Failure = z
  .object({
    status: z.int(),
    code: z.string(),
    message: z.string(),
    changeId: z.optional(ChangeId),
  })
  .register(models, { id: 'ChangeFailure' })

export const ApprovalModel = z
  .object({
    because: z.array(z.string()),
    expiresAt: z.optional(z.string()),
    isApproved: z.optional(z.boolean()),
    by: z.optional(Actor),
    at: z.optional(z.string()),
    /** What whoever rejected it said. */
    reason: z.optional(z.string()),
  })
  .register(models, { id: 'Approval' })

const LicenseCount = z
  .object({ licenseId: z.string(), users: z.int() })
  .register(models, { id: 'LicenseCount' })

const DesiredToggle = z
  .object({ featureName: z.string(), enabled: z.boolean() })
  .register(models, { id: 'DesiredToggle' })
const DesiredAssignments = z
  .object({
    // Unlike a request's it may be empty: an undo may find nothing left to do.
    assignments: z.array(LicenseAssignmentRequest),
    users: z.optional(z.array(UserHolding)),
  })
  .register(models, { id: 'DesiredAssignments' })
/** In lists, in place of the assignments themselves. */
const DesiredCounts = z
  .object({
    pairs: z.int(),
    users: z.int(),
    licenses: z.array(z.string()),
    /** Of a desired state that is not planned: what it does to whom it does not name is known once it is. */
    mode: z.optional(z.enum(desiredModes)),
    /** To how many users each license is given, and from how many it is taken. */
    gives: z.optional(z.array(LicenseCount)),
    takes: z.optional(z.array(LicenseCount)),
    /** Of these, what the plan found so already; absent where that is none or all, or is judged later. */
    unchanged: z.optional(
      z
        .object({ pairs: z.int(), gives: z.array(LicenseCount), takes: z.array(LicenseCount) })
        .register(models, { id: 'UnchangedCounts' }),
    ),
    /** Where the change is about one user alone. */
    userId: z.optional(UserId),
  })
  .register(models, { id: 'DesiredCounts' })

/** Who has paused writes, since when and why; `isByOrgFile` where nobody did but the org file does. */
const WritesPaused = z
  .object({
    isByOrgFile: z.boolean(),
    since: z.optional(z.string()),
    by: z.optional(Actor),
    reason: z.optional(z.string()),
  })
  .register(models, { id: 'WritesPaused' })

const count = z.optional(z.int())
/** Toggles or pairs by what became of them: absent is none, and together they are all of it. */
export const ChangeOutcomes = z
  .object({
    applied: count,
    unchanged: count,
    notApplied: count,
    unknown: count,
    superseded: count,
    conflict: count,
    /** Of what has ended. */
    notSent: count,
    /** Of what has not: nothing has become of it yet. */
    notSettled: count,
  })
  .register(models, { id: 'ChangeOutcomes' })
export type ChangeOutcomes = z.output<typeof ChangeOutcomes>

/** How far a list has come: a change whose parts are changes, one after the other. */
const ListProgress = z
  .object({
    parts: z.int(),
    /** Of these so many have begun, and so many are under way. */
    begun: z.int(),
    underWay: z.int(),
    outcomes: ChangeOutcomes,
    /** Where a conflict ends it behind its part. */
    onConflict: z.optional(z.literal('abort')),
    /** Requests sent to Genesys in its turns so far, and how many a minute by now. */
    requests: z.int(),
    requestsPerMinute: z.optional(z.int()),
    beganAt: z.optional(z.string()),
    /** No part begins before then. */
    waitsUntil: z.optional(z.string()),
    /** When the last part will have been sent, at the rate by now. */
    endEstimatedAt: z.optional(z.string()),
    /** Since when the next part cannot be begun; it is tried again. */
    failingSince: z.optional(z.string()),
    /** Why no further part begins. */
    stopped: z.optional(
      z.object({
        why: z.enum(['called off', 'conflict', 'failing', 'late']),
        by: z.string(),
        byName: z.optional(z.string()),
        at: z.string(),
      }),
    ),
    /** Parts that a person must look at: settle them. */
    needAttention: z.optional(z.array(ChangeId)),
  })
  .register(models, { id: 'ListProgress' })
export type ListProgress = z.output<typeof ListProgress>

/** A change as it stands. A list's entries lack `before`, `after`, `results`, `outcomes`, `findings`, `writesPaused` and `waits`. */
export const Change = z
  .object({
    id: ChangeId,
    kind: z.enum(['toggle', 'assignments', 'extend']),
    state: z.enum(changeStates),
    /** What it is about in one line, such as `Give cloudCX3 to Ana Abebe`. */
    summary: z.string(),
    digest: Digest,
    actor: Actor,
    askers: z.optional(z.array(Actor)),
    /** False for a plan that nobody has applied. */
    isReleased: z.boolean(),
    /** When a plan lapses that nobody applies. */
    lapsesAt: z.optional(z.string()),
    reason: z.optional(z.string()),
    ...offered,
    before: z.optional(Observed),
    desired: z.union([DesiredToggle, DesiredAssignments, DesiredCounts]),
    after: z.optional(Observed),
    results: z.optional(z.array(ChangeResult)),
    /** A list has them in `list`. */
    outcomes: z.optional(ChangeOutcomes),
    findings: z.optional(Findings),
    /** Of assignments that were planned. */
    impact: z.optional(Impact),
    failure: z.optional(Failure),
    /** When what did not come about so far is tried again. */
    retryAt: z.optional(z.string()),
    /** Where writes are paused, and it is not carried out before they are resumed. */
    writesPaused: z.optional(WritesPaused),
    waits: z.optional(Waits),
    approval: z.optional(ApprovalModel),
    notBefore: z.optional(z.string()),
    notAfter: z.optional(z.string()),
    revert: z.optional(
      z.object({
        at: z.optional(z.string()),
        after: z.optional(z.string()),
        heldUntil: z.optional(z.string()),
        heldFor: z.optional(ChangeId),
        changeId: z.optional(ChangeId),
        isCancelled: z.optional(z.boolean()),
        extension: z.optional(ChangeId),
        /** When it is taken back, of what is applied and was not taken back yet. */
        dueAt: z.optional(z.string()),
      }),
    ),
    /** Of a change about more pairs than one write may have. */
    list: z.optional(ListProgress),
    /** Of a part of a list: the list, and which part it is, from 0. */
    partOf: z.optional(z.object({ changeId: ChangeId, n: z.int() })),
    undoes: z.optional(ChangeId),
    /** The latest undo that is at it, or did something; and how that stands, unless it was undone too. */
    undoneBy: z.optional(ChangeId),
    undone: z.optional(Undone),
    retries: z.optional(ChangeId),
    retriedBy: z.optional(ChangeId),
    extends: z.optional(ChangeId),
    supersededBy: z.optional(ChangeId),
    leftAlone: z.optional(z.array(TargetModel)),
    createdAt: z.string(),
    updatedAt: z.string(),
    history: z.array(
      z.object({
        state: z.enum(changeStates),
        at: z.string(),
        by: z.string(),
        byName: z.optional(z.string()),
        note: z.optional(z.string()),
      }),
    ),
  })
  .register(models, { id: 'Change' })
export type Change = z.output<typeof Change>

export const ChangeListing = z
  .object({
    entities: z.array(Change),
    next: z.optional(z.string()),
    /** Where `actor` names nobody of the org file. */
    isActorUnknown: z.optional(z.boolean()),
  })
  .register(models, { id: 'ChangeListing' })
export type ChangeListing = z.output<typeof ChangeListing>

export const ChangeResultListing = z
  .object({ entities: z.array(ChangeResult), next: z.optional(z.string()) })
  .register(models, { id: 'ChangeResultListing' })
export type ChangeResultListing = z.output<typeof ChangeResultListing>
