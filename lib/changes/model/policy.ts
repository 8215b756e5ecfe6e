/** The org file's rules about people: who is who, and which changes a second person must approve. */
import * as z from 'zod/mini'
import {
  countings,
  LicenseTable,
  licensesToldTwice,
  OldSeats,
  TOLD_TWICE,
  withOldSeats,
} from '../../license-terms.ts'
import { checkVisible, withoutInvisibleEnds } from '../../text.ts'
import type { Actor, Caller, ChangeKind, Principal, Target } from './change.ts'
import { PLAN_LIFE_MS } from './timing.ts'

/** A request that has waited a week shows a before that nobody should rely on. */
export const MAX_APPROVAL_HOURS = 168

/** Four weeks before is no reminder any more; and of more than so many nobody reads the last. */
export const MAX_REMINDER_HOURS = 672
export const MAX_REMINDERS = 5

/** What looks like the name of something must be it: a rule that never fits asks nobody. */
const written = z.string().check(z.overwrite(withoutInvisibleEnds), z.minLength(1))
const names = z.array(written.check(checkVisible('must be written without what nobody sees', 'name')))
const ids = z.array(written.check(checkVisible('must be an id, or *')))

/** All parts that are given must fit for the rule to ask for approval. `*` is any license or toggle. */
const ApprovalRule = z
  .strictObject({
    licenses: z.optional(ids),
    toggles: z.optional(ids),
    /** More people than this in one change. */
    peopleOver: z.optional(z.int().check(z.gte(0))),
    /** A license would be given, of those named or of any, beyond its seats. */
    overSeats: z.optional(z.literal(true)),
  })
  .check(
    z.refine(
      ({ licenses, toggles, peopleOver, overSeats }) =>
        (toggles === undefined) !==
        (licenses === undefined && peopleOver === undefined && overSeats === undefined),
      'must name some of licenses, peopleOver and overSeats, or toggles alone: no change is of both kinds',
    ),
  )

/** For reasons: they are asked for before anything is looked at, seats too. */
const ReasonRule = ApprovalRule.check(
  z.refine(({ overSeats }) => overSeats === undefined, 'must not have overSeats, which is for approvals'),
)

/** Most people that a list may be about: of more rows none takes a file. */
export const MAX_LIST_PEOPLE = 50_000

/** What no change does, whoever asks and whoever approves. */
const Limits = z.strictObject({
  /** Most people whom one change may be about. */
  mostPeople: z.optional(z.int().check(z.gte(1))),
  /** Ids of users. */
  protectedPeople: z.optional(names),
  /** Ids of licenses. */
  protectedLicenses: z.optional(names),
})

/** One person and all that proves them. */
const Person = z.strictObject({
  /** What they may do in chat; over HTTP the token's claims or the IAM policy decide. */
  role: z.enum(['viewer', 'operator', 'approver']),
  /** ARNs: of a user, of a role (any session of it), or of one session of a role. */
  iam: z.optional(names),
  /** Subjects of JWTs: what they have in `sub`, or in the claim that the org file names. */
  jwt: z.optional(names),
  /** Slack user ids. */
  slack: z.optional(names),
  /** Entra object ids of Teams users. */
  teams: z.optional(names),
  /** What they are called, where people read who asked; the short name that they are listed by where absent. */
  name: z.optional(written),
  /** IANA name, for times in chat. */
  timeZone: z.optional(z.string()),
  /** The person's own address in Genesys, for whoever mentions them in chat. */
  email: z.optional(z.string()),
})

/** What asks by itself. It can approve nothing, and its owners approve nothing that it asks for. */
const Tool = z.strictObject({
  /** Names of people. */
  owners: z.optional(names),
  /** As a person's. */
  iam: z.optional(names),
  jwt: z.optional(names),
  /** The `source` of its events on the bus. */
  eventSources: z.optional(names),
})

const KnownName = z.string().check(z.regex(/^[A-Za-z0-9._@-]{1,64}$/))

/** Which chats are listened to, and where requests for approval and late results go. */
const ChatSettings = z.strictObject({
  slack: z.optional(
    z.strictObject({
      /** Workspace ids. */
      teams: names,
      enterprises: z.optional(names),
      apps: z.optional(names),
      /** The channel where approvers are asked. */
      approvals: z.optional(z.string()),
      /** The channel that is told of seats; that of the approvers where absent. */
      notices: z.optional(z.string()),
    }),
  ),
  teams: z.optional(
    z.strictObject({
      /** Entra tenant ids. */
      tenants: names,
      /** Incoming webhook (Workflows) URLs by channel id: where what takes longer is posted. */
      incoming: z.optional(z.record(z.string(), z.string())),
      /** The channel, of those in `incoming`, that is told of seats. */
      notices: z.optional(z.string()),
    }),
  ),
})
export type ChatSettings = z.output<typeof ChatSettings>

/** Weekdays on which a digest may come, in UTC. */
export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const

const PolicyFile = z.strictObject({
  approvals: z.array(ApprovalRule),
  /** How long a request waits before it lapses; 8 where absent. Approvers are reminded when half of it is over. */
  approvalHours: z.optional(z.int().check(z.gte(1), z.lte(MAX_APPROVAL_HOURS))),
  /** Hours before something is taken back at which chat reminds of it; 24 and 1 where absent. */
  reminders: z.optional(
    z.array(z.int().check(z.gte(1), z.lte(MAX_REMINDER_HOURS))).check(z.maxLength(MAX_REMINDERS)),
  ),
  /** What must come with a reason, by the same kind of rule. */
  reasons: z.optional(z.array(ReasonRule)),
  limits: z.optional(Limits),
  counting: z.optional(z.enum(countings)),
  /** By license id. */
  licenses: z.optional(LicenseTable),
  /** `licenses` as it was written up to now, seats alone; read for one release more. */
  seats: z.optional(OldSeats),
  /** From so many per cent of its seats on a license is near them; 90 where absent. */
  nearPercent: z.optional(z.int().check(z.gte(1), z.lte(100))),
  /** The day, in UTC, on which the chat channel is told how many of each license are held; never where absent. */
  digest: z.optional(z.enum(weekdays)),
  /** When the night's reading of the whole org is due: from that hour of the UTC day on; 2 where absent. */
  inventory: z.optional(z.strictObject({ hour: z.int().check(z.gte(0), z.lte(23)) })),
  chat: z.optional(ChatSettings),
  /** Nothing is sent to Genesys, whatever the switch in the ledger says. */
  writes: z.optional(z.literal('paused')),
  people: z.record(KnownName, Person),
  tools: z.optional(z.record(KnownName, Tool)),
})

/** What the functions read from the file that POLICY_FILE names. */
export const Policy = z.pipe(
  PolicyFile.check((context) => {
    for (const id of licensesToldTwice(context.value)) {
      context.issues.push({ code: 'custom', path: ['seats', id], message: TOLD_TWICE, input: context.value })
    }
  }),
  z.transform(
    ({ seats, ...policy }: z.output<typeof PolicyFile>): Omit<z.output<typeof PolicyFile>, 'seats'> => ({
      ...policy,
      licenses: withOldSeats(policy.licenses, seats),
    }),
  ),
)
export type PolicyFile = z.input<typeof PolicyFile>
export type Policy = z.output<typeof Policy>
export type KnownPeople = Pick<Policy, 'people' | 'tools'>

/** @returns whoever asks: a schedule does in the name of whoever made it. */
export function identifyAsker(policy: Policy, { actor, maker }: Pick<Caller, 'actor' | 'maker'>): Actor {
  if (!maker) return identifyActor(policy, actor)
  const { person, tool } = identifyActor(policy, maker)
  return { ...actor, person, tool }
}

/** @returns the actor with the person or the tool it is, where the org file knows one. */
export function identifyActor({ people, tools = {} }: KnownPeople, actor: Principal): Actor {
  const { kind, id } = actor
  // What a schedule is known by is its maker, who came with it.
  if (kind === 'schedule') return actor
  // A session of a role is that session, and the role.
  const ids = kind === 'iam' ? [id, roleOfSession(id)] : [id]
  const isOneOf = (list: readonly string[] | undefined) => list?.some((each) => ids.includes(each)) ?? false
  const person =
    kind === 'event' ? undefined : Object.entries(people).find(([, each]) => isOneOf(each[kind]))?.[0]
  if (person !== undefined) return { ...actor, person }
  if (kind === 'slack' || kind === 'teams') return actor
  const field = kind === 'event' ? 'eventSources' : kind
  const tool = Object.entries(tools).find(([, each]) => isOneOf(each[field]))?.[0]
  return tool === undefined ? actor : { ...actor, tool }
}

/** @returns what the org file calls them; undefined of whom it does not know, or has by the short name alone. */
export function nameOfPerson({ people }: Pick<Policy, 'people'>, person?: string): string | undefined {
  return person !== undefined && Object.hasOwn(people, person) ? people[person]?.name : undefined
}

const SESSION = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)\/.+$/

/** @returns the ARN of the role, without its path, whose session an ARN is; undefined for what is no session. */
export function roleOfSession(arn: string): string | undefined {
  const [, partition, account, role] = SESSION.exec(arn) ?? []
  return role === undefined ? undefined : `arn:${partition}:iam::${account}:role/${role}`
}

/** Whether two principals are, or may be, one person. */
export function isSamePerson(a: Actor, b: Actor): boolean {
  if (a.person !== undefined && a.person === b.person) return true
  return a.kind === b.kind && a.id === b.id
}

/** What giving a license would come to, by its id: of those only that would be given beyond their seats. */
export type OverSeats = ReadonlyMap<string, string>

/** The rules that ask for approval, one sentence each; none where the change may go ahead. */
export function approvalReasons(
  policy: Policy,
  kind: ChangeKind,
  targets: readonly Target[],
  over: OverSeats,
): string[] {
  const found = matching(policy.approvals, kind, targets, over)
  return found.map((about) => `A second person must approve ${about}`)
}

/** Whether some rule asks for approval where the license would be given beyond its seats. */
export function isHeldToSeats({ approvals }: Policy, licenseId: string): boolean {
  return approvals.some(({ overSeats, licenses }) => overSeats && isNamed(licenses, licenseId))
}

function isNamed(licenses: readonly string[] | undefined, licenseId: string): boolean {
  const id = licenseId.toLowerCase()
  return licenses?.some((each) => each === '*' || each.toLowerCase() === id) ?? true
}

/** How long a request waits for an approver before it lapses, milliseconds. */
export function requestLifeMs({ approvalHours }: Policy): number {
  return approvalHours === undefined ? PLAN_LIFE_MS : approvalHours * 3_600_000
}

/** How long before something is taken back people are reminded, milliseconds, the longest first; none where nobody would be told. */
export function remindBeforeMsOf({ chat, reminders = [24, 1] }: Policy): number[] {
  if (!chat) return []
  return [...new Set(reminders)].sort((a, b) => b - a).map((hours) => hours * 3_600_000)
}

/** What each rule that asks for a reason is about: `changes of the license cloudCX3`. */
export function reasonsAskedFor(policy: Policy, kind: ChangeKind, targets: readonly Target[]): string[] {
  return matching(policy.reasons ?? [], kind, targets, new Map())
}

/** What each rule that fits is about. Genesys spells ids and names in ways of its own, so case tells nothing apart. */
function matching(
  rules: Policy['approvals'],
  kind: ChangeKind,
  targets: readonly Target[],
  over: OverSeats,
): string[] {
  const licenses = new Set(targets.flatMap((target) => ('licenseId' in target ? [target.licenseId] : [])))
  const people = new Set(targets.flatMap((target) => ('userId' in target ? [target.userId] : [])))
  const toggles = new Set(targets.flatMap((target) => ('featureName' in target ? [target.featureName] : [])))
  return rules.flatMap((rule) => {
    const about = rule.overSeats ? beyondSeats(rule.licenses, over) : []
    if (rule.overSeats && about.length === 0) return []
    for (const [what, asked, touched] of [
      ['license', rule.overSeats ? undefined : rule.licenses, licenses],
      ['toggle', rule.toggles, toggles],
    ] as const) {
      if (asked === undefined) continue
      const meant = new Set(asked.map((each) => each.toLowerCase()))
      const hits = [...touched].filter((each) => meant.has('*') || meant.has(each.toLowerCase()))
      if (hits.length === 0) return []
      about.push(`changes of the ${what} ${hits.slice(0, 5).join(', ')}`)
    }
    if (rule.peopleOver !== undefined) {
      if (kind !== 'assignments' || people.size <= rule.peopleOver) return []
      about.push(`changes of more than ${rule.peopleOver} people`)
    }
    return about.length === 0 ? [] : [about.join(' and ')]
  })
}

function beyondSeats(licenses: readonly string[] | undefined, over: OverSeats): string[] {
  return [...over].flatMap(([licenseId, about]) => (isNamed(licenses, licenseId) ? [about] : []))
}
