/** What is to be changed, and when, as callers ask for it. Times are ISO 8601 with any offset. */
import * as z from 'zod/mini'
import { Assignments } from '../../genesys/models/assignments.ts'
import { FeatureName, LicenseId } from '../../genesys/models/ids.ts'
import { models } from '../../genesys/models/model-registry.ts'
import { checkLegible, checkVisible, ruleFor, withoutInvisibleEnds } from '../../text.ts'
import { durationMs, MAX_DURATION_MS } from './duration.ts'
import type { Approval } from './header.ts'

const reasonRule = 'must be 1 to 500 characters on one line'
/** Free text for the record; a person's words. */
export const Reason = z
  .string(reasonRule)
  .check(
    z.regex(/^[^\p{Cc}\u2028\u2029]{1,500}$/u, { error: reasonRule, abort: true }),
    checkLegible(reasonRule),
  )

const instantRule = 'must be an ISO 8601 time that there is, with an offset, such as 2026-12-01T09:00:00Z'
const PLUS_LOST = '; in a URL the + of an offset is written %2B'

/** A point in time with its offset, e.g. `2026-12-01T09:00:00Z` or `2026-12-01T10:00:00+01:00`. */
export const Instant = z.iso.datetime({
  offset: true,
  error: ({ input }) => ruleFor(`${instantRule}${isPlusLost(input) ? PLUS_LOST : ''}`, input),
})

/** In a query string a plus is a blank. */
function isPlusLost(text: unknown): boolean {
  return typeof text === 'string' && /\d \d\d:\d\d$/.test(text)
}

const durationRule =
  'must be an ISO 8601 duration of days, hours, minutes and seconds, such as PT8H, up to 366 days'
const Duration = z.string(durationRule).check(
  z.overwrite(withoutInvisibleEnds),
  z.refine(
    (text) => {
      const ms = durationMs(text)
      return ms !== undefined && ms > 0 && ms <= MAX_DURATION_MS
    },
    { error: ({ input }) => ruleFor(durationRule, input) },
  ),
)

/** When, and why: members of orders of every kind. */
export const timingMembers = () => ({
  reason: z.optional(Reason),
  /** Not before then; it waits. */
  notBefore: z.optional(Instant),
  /** Past that it expires, if nothing has been sent. */
  notAfter: z.optional(Instant),
  /** Take it back then. */
  revertAt: z.optional(Instant),
  /** Take it back so long after it was applied. */
  revertAfter: z.optional(Duration),
})

/** What a conflict does to the rest of a list: a pair that is neither as the plan saw it nor as desired is left alone either way. */
export const onConflictMember = () =>
  z.optional(z.enum(['skip', 'abort'], 'must be skip (the list goes on) or abort (no further part begins)'))

/** Whether somebody looks at the plan before anybody else is asked about it. */
export const draftMember = () => z.optional(z.boolean())

/** A new end for what is to be taken back. */
export const Extension = z
  .strictObject({
    revertAt: z.optional(Instant),
    /** From now on, and not from its present end. */
    revertAfter: z.optional(Duration),
  })
  .register(models, { id: 'Extension' })
export type Extension = z.output<typeof Extension>

const ToggleOrder = z
  .strictObject({
    kind: z.literal('toggle'),
    featureName: FeatureName,
    enabled: z.boolean(),
    ...timingMembers(),
  })
  .register(models, { id: 'ToggleOrder' })
const AssignmentsOrder = z
  .strictObject({ kind: z.literal('assignments'), assignments: Assignments, ...timingMembers() })
  .register(models, { id: 'AssignmentsOrder' })

/** What is to be changed, and when. */
export const ChangeOrder = z
  .discriminatedUnion('kind', [ToggleOrder, AssignmentsOrder], {
    error: 'must be { kind: "toggle", featureName, enabled } or { kind: "assignments", assignments }',
  })
  .register(models, { id: 'ChangeOrder' })
export type ChangeOrder = z.output<typeof ChangeOrder>

/** Pairs of a list, and rows of its file: at 240 requests a minute these take some eight minutes. */
export const MAX_LIST_PAIRS = 50_000

/** Of each kind that is found of a list; what is found of more people is told by their rows. */
export const MAX_FINDINGS = 100

/** Characters of an e-mail address or a name; Genesys has none that is longer. */
export const MAX_PERSON_LENGTH = 320

const personRule = `must be a user's id, e-mail or name, of 1 to ${MAX_PERSON_LENGTH} characters`
/** Somebody by id, by e-mail, or by a name that nobody else has. */
const Person = z
  .string(personRule)
  .check(
    z.minLength(1, personRule),
    z.maxLength(MAX_PERSON_LENGTH, personRule),
    checkVisible(personRule, 'name'),
  )

/** `add-only` takes nothing, `remove-only` gives nothing, `exact` does both. */
export const desiredModes = ['add-only', 'remove-only', 'exact'] as const

/** Who is to hold licenses, whoever holds them now. A license that it does not name is nobody's concern. */
export const DesiredOrder = z
  .strictObject({
    kind: z.literal('desired'),
    /** By license id: all who are to hold it. */
    licenses: z.optional(z.record(LicenseId, z.array(Person))),
    /** By person: which of the licenses that the order names they are to hold. */
    people: z.optional(z.record(Person, z.array(LicenseId))),
    mode: z.enum(desiredModes),
    onConflict: onConflictMember(),
    isDraft: draftMember(),
    ...timingMembers(),
  })
  .check(
    z.refine(
      ({ licenses, people }) => (licenses === undefined) !== (people === undefined),
      'must have licenses or people, and not both',
    ),
    z.refine(
      ({ licenses, people }) => Object.keys(licenses ?? people ?? {}).length > 0,
      'must name at least one license or person',
    ),
  )
  .register(models, { id: 'DesiredOrder' })
export type DesiredOrder = z.output<typeof DesiredOrder>

const AssignmentsPlanOrder = z
  .strictObject({
    kind: z.literal('assignments'),
    assignments: Assignments,
    onConflict: onConflictMember(),
    isDraft: draftMember(),
    ...timingMembers(),
  })
  .register(models, { id: 'AssignmentsPlanOrder' })

const TogglePlanOrder = z
  .extend(ToggleOrder, { isDraft: draftMember() })
  .register(models, { id: 'TogglePlanOrder' })

/** What is to be planned. */
export const PlanOrder = z
  .discriminatedUnion('kind', [TogglePlanOrder, AssignmentsPlanOrder, DesiredOrder], {
    error:
      'must be { kind: "toggle", featureName, enabled }, { kind: "assignments", assignments } or { kind: "desired", licenses or people, mode }',
  })
  .register(models, { id: 'PlanOrder' })
export type PlanOrder = z.output<typeof PlanOrder>

/** What comes by itself: the last moment at which it is carried out, and when it was asked for; epoch milliseconds. */
export interface Delivery {
  readonly latestMs: number
  /** The same, where whoever asked named it. */
  readonly notAfterMs?: number | undefined
  readonly askedAtMs: number
  readonly approval?: Approval | undefined
}
