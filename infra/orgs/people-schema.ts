/** The rules of an org file about people and tools, and about changes that a second person must approve. */
import * as z from 'zod'
import { isTimeZone } from '../../lib/changes/model/local-time.ts'
import { MAX_LIST_PEOPLE } from '../../lib/changes/model/policy.ts'
import { EVENT_SOURCE } from '../../lib/events/contract.ts'
import { must, oneOf, text, whole } from './sentences.ts'

export const gatewayRole = oneOf('viewer, operator or approver', ['viewer', 'operator', 'approver'])

/** What proves a person, by the kind of principal that it is. */
export const identityKinds = ['iam', 'jwt', 'slack', 'teams'] as const

const identities = (rule: string, pattern: RegExp) => {
  const list = `a list of at least one, each ${rule}`
  return z
    .array(text(rule, pattern), { error: must(list) })
    .min(1, { error: must(list) })
    .optional()
}

// A session's ARN names its role without the role's path, so one with a path would never be met.
const iamIdentities = identities(
  "an IAM user's ARN, a role's without its path, or an assumed-role session's",
  /^arn:aws[a-z-]*:(iam::\d{12}:(user\/[\w+=,.@/-]+|role\/[\w+=,.@-]{1,64})|sts::\d{12}:assumed-role\/[\w+=,.@-]{1,64}\/[\w+=,.@-]{2,64})$/,
)
const jwtIdentities = identities(
  "a token's sub claim, or the one that auth.subjectClaim names",
  /^\S(.{0,253}\S)?$/,
)

/** One person, and all that proves them. An identity belongs to one person only; each person has at least one. */
const personSchema = z
  .strictObject(
    {
      /** What they may do in chat. Over HTTP the token's claims or the IAM policies decide. */
      role: gatewayRole,
      /** ARNs: of an IAM user, of a role without its path (any session of it is this person), or of one session of a role. */
      iam: iamIdentities,
      /** Subjects: what JWTs have in their `sub` claim, or in the one that `auth.subjectClaim` names. */
      jwt: jwtIdentities,
      /** Slack user ids, such as `U0123456789`. */
      slack: identities('a Slack user id such as U0123456789', /^[UW][A-Z0-9]{2,30}$/),
      /** Entra object ids of Teams users. */
      teams: identities(
        'an Entra object id, a UUID in lower case',
        /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
      ),
      /** What they are called, where people read who asked and who approved. Default: the short name before it. */
      name: text(
        'a name of 1 to 64 characters, with no blank at its ends',
        /^(?!\s)[^\p{Cc}]{1,64}(?<!\s)$/u,
      ).optional(),
      /** IANA name, for times in chat. Default: UTC. */
      timeZone: z
        .string({ error: must('an IANA time zone such as Europe/Berlin') })
        .refine(isTimeZone, { error: must('an IANA time zone such as Europe/Berlin') })
        .optional(),
      /** Their own address in Genesys, for whoever mentions them in chat. */
      email: z.email({ error: must('a mail address, as Genesys has it') }).optional(),
    },
    {
      error: must(
        '{ role, iam, jwt, slack, teams, name, timeZone, email }, of which role and one identity are needed',
      ),
    },
  )
  .refine((person) => identityKinds.some((kind) => person[kind] !== undefined), {
    error: `must have one of ${identityKinds.join(', ')}: without any it is nobody`,
  })

const NAME = /^[A-Za-z0-9._@-]{1,64}$/

/** Of people or tools, each under its name. */
const namedTable = <Each extends z.ZodType>(each: Each, rule: string) =>
  z.record(z.string(), each, { error: must(rule) }).superRefine((table, context) => {
    for (const name of Object.keys(table)) {
      if (NAME.test(name)) continue
      const message = 'must be named by 1 to 64 letters, digits and . _ @ -'
      context.addIssue({ code: 'custom', path: [name], message })
    }
  })

export const people = namedTable(personSchema, "a table of a person's name -> { role, iam, jwt, ... }")

const owners = "a list of at least one person's name"
const sources = "an event's source that is not the gateway's own"

/**
 * What asks by itself: a workforce planner, a job, a bot. It can approve nothing. An identity, and a name, belongs to
 * one person or one tool only; each tool has at least one identity.
 */
const toolSchema = z
  .strictObject(
    {
      /** Names of people: they approve nothing that the tool asks for. Default: nobody is known to keep it; synth warns. */
      owners: z
        .array(text("a person's name", NAME), { error: must(owners) })
        .min(1, { error: must(owners) })
        .optional(),
      /** ARNs, as a person's. With `eventSources` the bus lets nobody else put events of these sources. */
      iam: iamIdentities,
      /** Subjects: what JWTs have in their `sub` claim, or in the one that `auth.subjectClaim` names. */
      jwt: jwtIdentities,
      /** The `source` of its events on the stack's bus. */
      eventSources: identities(sources, new RegExp(`^(?!${EVENT_SOURCE}$)(?!aws\\.)[A-Za-z0-9._/-]{1,256}$`)),
    },
    { error: must('{ owners, iam, jwt, eventSources }, of which one identity is needed') },
  )
  .refine(
    ({ iam, jwt, eventSources }) => iam !== undefined || jwt !== undefined || eventSources !== undefined,
    {
      error: 'must have one of iam, jwt, eventSources: without any it is nothing',
    },
  )

export const tools = namedTable(toolSchema, "a table of a tool's name -> { owners, iam, jwt, ... }")

const listed = (what: string) => {
  const rule = `a list of at least one ${what}, or ['*'] for all`
  return z
    .array(text(`a ${what} or *`, /^(\*|[A-Za-z0-9][A-Za-z0-9_.:-]{0,127})$/), { error: must(rule) })
    .min(1, { error: must(rule) })
    .optional()
}

/**
 * Which changes a second person must approve, or need a reason. All parts that are given must fit, so `toggles` stands
 * alone. `*` is any license or toggle.
 */
const approvalRule = z
  .strictObject(
    {
      /** Licenses' ids. */
      licenses: listed("license's id"),
      /** Toggles' names. */
      toggles: listed("toggle's name"),
      /** Changes of more people than that. */
      peopleOver: whole(
        `a whole number from 0 to ${MAX_LIST_PEOPLE - 1}, as no change has more than ${MAX_LIST_PEOPLE} people`,
        0,
        MAX_LIST_PEOPLE - 1,
      ).optional(),
      /**
       * In `approvals`: changes that give a license, of those in the rule's `licenses` or any that the org file's names, beyond its seats.
       * It is a rule for asking and no limit: counts are as of the last reading of who holds what, and what is done in
       * Genesys itself shows with the next. Without a reading of the last 26 hours a second person is asked in any case.
       */
      overSeats: z.literal(true, { error: must('true, or left out') }).optional(),
    },
    { error: must('{ licenses, toggles, peopleOver, overSeats }, of which one is needed') },
  )
  .superRefine(({ licenses, toggles, ...others }, context) => {
    const isAboutPairs = [licenses, others.peopleOver, others.overSeats].some((each) => each !== undefined)
    if (!isAboutPairs && toggles === undefined) {
      context.addIssue({
        code: 'custom',
        message: 'must have one of licenses, toggles, peopleOver and overSeats',
      })
    }
    if (isAboutPairs && toggles !== undefined) {
      const message =
        'must not have toggles beside licenses, peopleOver or overSeats: all parts must fit, and no change is about both'
      context.addIssue({ code: 'custom', message })
    }
  })

/** Which changes must be approved. */
export const rules = z.array(approvalRule, {
  error: must('a list of { licenses }, { toggles }, { peopleOver } or { overSeats }'),
})

const guarded = (what: string, pattern: RegExp) => {
  const rule = `a list of at least one ${what}`
  return z
    .array(text(`a ${what}`, pattern), { error: must(rule) })
    .min(1, { error: must(rule) })
    .optional()
}

/** What no change does, whoever asks and whoever approves. */
export const limits = z
  .strictObject(
    {
      /** Most people that one change may be about, also under /api/v2. Default: 50000, as many as a list takes. */
      mostPeople: whole(
        `a whole number of people from 1 to ${MAX_LIST_PEOPLE}`,
        1,
        MAX_LIST_PEOPLE,
      ).optional(),
      /** Genesys user ids, which `GET /v1/users` shows beside names: nothing is given to them or taken from them. */
      protectedPeople: guarded("user's id, a UUID", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i),
      /** Licenses' ids: they are given to nobody and taken from nobody. */
      protectedLicenses: guarded("license's id", /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/),
    },
    { error: must('{ mostPeople, protectedPeople, protectedLicenses }, of which one is needed') },
  )
  .refine((given) => Object.values(given).some((each) => each !== undefined), {
    error: 'must have one of mostPeople, protectedPeople, protectedLicenses',
  })

/** Which must come with a reason: that is asked before anybody looks at seats. */
export const reasonRules = z.array(
  approvalRule.refine(({ overSeats }) => overSeats === undefined, {
    error: 'must not have overSeats, which is for approvals alone',
  }),
  { error: must('a list of { licenses }, { toggles } or { peopleOver }') },
)
