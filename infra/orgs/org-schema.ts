/** The rules of an org file, and the sentences that say which field breaks which. */
import * as z from 'zod'
import { MAX_APPROVAL_HOURS, MAX_REMINDER_HOURS, MAX_REMINDERS } from '../../lib/changes/model/policy.ts'
import { isRegion, type Region, regions } from '../../lib/genesys/regions.ts'
import { auth, page } from './auth-schema.ts'
import { audit, ledgerTable, tags } from './aws-schema.ts'
import { chat } from './chat-schema.ts'
import { counting, digest, licenses, nearPercent, seats } from './licenses-schema.ts'
import { limits, people, reasonRules, rules, tools } from './people-schema.ts'
import { must, text, whole } from './sentences.ts'

/** The periods AWS::Logs::LogGroup takes for RetentionInDays. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]

/** WAF's own bounds of a rate-based rule. */
const MIN_RATE = 10
const MAX_RATE = 2_000_000_000

/** Requests a second, and how many may come at once. */
const throttle = z.strictObject(
  {
    perSecond: whole('a whole number from 1 to 10000', 1, 10_000),
    burst: whole('a whole number from 1 to 5000', 1, 5_000),
  },
  { error: must('{ perSecond, burst }') },
)

const endpointIds = "a list of at least one VPC endpoint's id"

const network = z.discriminatedUnion(
  'kind',
  [
    /** Reachable from the internet at API Gateway's regional endpoint. */
    z.strictObject({ kind: z.literal('regional') }),
    /** Reachable through these interface endpoints for execute-api alone. */
    z.strictObject({
      kind: z.literal('private'),
      vpcEndpointIds: z
        .array(text("a VPC endpoint's id such as vpce-0123456789abcdef0", /^vpce-[0-9a-f]{8,17}$/), {
          error: must(endpointIds),
        })
        .min(1, { error: must(endpointIds) }),
    }),
  ],
  { error: must("{ kind: 'regional' } or { kind: 'private', vpcEndpointIds }") },
)

const webAcl = 'true, false, { rateLimitPer5Minutes } or { webAclArn }'

const rateLimit = z.strictObject({
  rateLimitPer5Minutes: whole(`a whole number from ${MIN_RATE} to ${MAX_RATE}`, MIN_RATE, MAX_RATE),
})
const ownAcl = z.strictObject({
  webAclArn: text(
    "a regional web ACL's ARN",
    /^arn:aws[a-z-]*:wafv2:[a-z0-9-]+:\d{12}:regional\/webacl\/\S+$/,
  ),
})

const waf = z
  .custom<boolean | z.input<typeof rateLimit> | z.input<typeof ownAcl>>()
  .superRefine((value, context) => {
    if (typeof value === 'boolean') return
    const keys = typeof value === 'object' && value !== null ? Object.keys(value) : []
    const schema = keys.length === 1 ? wafObjects[keys[0] ?? ''] : undefined
    if (schema === undefined) {
      context.addIssue({ code: 'custom', message: must(webAcl)({ input: value }) })
      return
    }
    const parsed = schema.safeParse(value)
    for (const { path, message } of parsed.error?.issues ?? [])
      context.addIssue({ code: 'custom', path, message })
  })

const wafObjects: Readonly<Record<string, z.ZodType>> = {
  rateLimitPer5Minutes: rateLimit,
  webAclArn: ownAcl,
}

const okNotices = z.boolean({ error: must('true or false') }).optional()
const mailed = z.strictObject({
  email: z.email({ error: must('a mail address that alarms go to') }),
  okNotices,
})
const published = z.strictObject({
  // A name without `.fifo`: mail, which every topic here can be asked for, does not go out of such a topic.
  topicArn: text("a standard SNS topic's ARN", /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/),
  okNotices,
})

const alarmsAre = '{ email } or { topicArn }'

const alarms = z
  .custom<z.input<typeof mailed> | z.input<typeof published>>()
  .superRefine((value, context) => {
    const fields = typeof value === 'object' && value !== null ? Object.keys(value) : []
    const [email, topic] = ['email', 'topicArn'].map((field) => fields.includes(field))
    if (email === topic) {
      context.addIssue({ code: 'custom', message: must(alarmsAre)({ input: value }) })
      return
    }
    const parsed = (topic ? published : mailed).safeParse(value)
    for (const issue of parsed.error?.issues ?? []) {
      const { path, message } = issue
      if (issue.code === 'unrecognized_keys')
        context.addIssue({ code: issue.code, keys: issue.keys, path, input: value })
      else context.addIssue({ code: 'custom', path, message })
    }
  })

const HOST_NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/

/** What an org file says: everything a stack needs to know about one Genesys org and its place in AWS. */
export const orgSchema = z.strictObject(
  {
    /** Short name, `[a-z][a-z0-9-]{0,30}`: the stack is called `genesys-license-<name>`. */
    name: text(
      'lower-case letters, digits and hyphens, a letter first, at most 31',
      /^[a-z][a-z0-9-]{0,30}$/,
    ),
    /** Genesys Cloud region, which decides the hosts that are called. */
    region: z.custom<Region>((value) => typeof value === 'string' && isRegion(value), {
      error: ({ input }) =>
        must(
          typeof input === 'string' ? `one of ${Object.keys(regions).join(', ')}` : 'a Genesys Cloud region',
        )({
          input,
        }),
    }),
    /** The Genesys organisation's id, a UUID: Admin, Account settings, Organization details. */
    id: text("the Genesys org's id, a UUID", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i),
    /** The organisation's name as Genesys shows it. */
    orgName: text("the org's name as Genesys shows it, on one line", /^(?=.*\S)[^\p{Cc}]{1,200}$/u),
    /** Where to deploy. Default: the account and region of the AWS credentials at deployment. */
    aws: z
      .strictObject(
        {
          account: text('a 12-digit AWS account id in quotes', /^\d{12}$/),
          region: text('an AWS region such as eu-west-1', /^[a-z]{2,4}(-[a-z]+)+-\d$/),
        },
        { error: must('{ account, region }') },
      )
      .optional(),
    /** How callers prove who they are. There is no default on purpose. */
    auth,
    /**
     * The page at the API's own address (docs/page.md), for people who sign in with the issuer of `auth`; `jwt` alone.
     * Default: there is none.
     */
    page: page.optional(),
    network,
    /**
     * A web ACL in front of the API: `true` for one with a rate limit of 2,000 requests in 5 minutes an address and
     * AWS's common rule set, another limit, or a web ACL of your own. It has its price a month.
     */
    waf,
    /** The API's own name (regional network only). API Gateway's default endpoint is then closed. */
    customDomain: z
      .strictObject(
        {
          domainName: text('a host name such as licenses.example.com', HOST_NAME),
          /** ACM certificate in the stack's region. */
          certificateArn: text(
            "an ACM certificate's ARN",
            /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]+$/,
          ),
        },
        { error: must('{ domainName, certificateArn }') },
      )
      .optional(),
    /**
     * Who is who: a short name for each person -> their identities. Approval compares persons, so one who asks by one
     * identity cannot approve by another. A principal that is no person and no tool here can ask for what needs no
     * approval, and cannot approve. Default: nobody.
     */
    people: people.optional(),
    /** Which tools there are: a short name for each -> its owners and identities. Default: none. */
    tools: tools.optional(),
    /**
     * Whoever may assume a role chooses the session's name, so by itself it proves nothing, and an identity that is one
     * session of a role is refused. `'pinned'` says that the trust policy of each such role lets everybody assume it under
     * a name of their own alone: by a condition on `sts:RoleSessionName`, such as StringEquals with `${aws:username}`, or
     * because the identity provider sets the name and nobody else may assume the role (IAM Identity Center does).
     */
    iamSessionNames: z.literal('pinned', { error: must("'pinned', or be left out") }).optional(),
    /** A change that any of these rules fits waits for a second person. Default: none does. */
    approvals: rules.optional(),
    /** Hours, 1 to 168, after which such a change lapses. Approvers are reminded at half of them. Default: 8. */
    approvalHours: whole(
      `a whole number of hours from 1 to ${MAX_APPROVAL_HOURS}`,
      1,
      MAX_APPROVAL_HOURS,
    ).optional(),
    /** Hours, 1 to 672, before something is taken back at which chat reminds of it; none: `[]`. Default: `[24, 1]`. */
    reminders: z
      .array(whole(`a whole number of hours from 1 to ${MAX_REMINDER_HOURS}`, 1, MAX_REMINDER_HOURS), {
        error: must('a list of hours, such as [24, 1]'),
      })
      .max(MAX_REMINDERS, { error: must(`a list of at most ${MAX_REMINDERS}`) })
      .optional(),
    /** A change that any of these rules fits must come with a reason, over the API, in chat, as an event, a schedule or an undo. Default: none must. */
    reasons: reasonRules.optional(),
    /**
     * What the gateway refuses, whoever asks and whoever approves: changes of more people than that, of these people, of
     * these licenses. Default: nothing.
     */
    limits: limits.optional(),
    /**
     * How the contract counts: `'named'` bills people who logged in, `'concurrent'` the most who were logged in at once. No
     * API of Genesys tells it. Default: not said, and no answer says it either.
     */
    counting: counting.optional(),
    /**
     * License id -> { seats, charges }: how many the contract has, and which of its charges pay for them. Plans show how many
     * are taken, `overSeats` rules go by them, and `GET /v1/seats` tells them. Where `seats` is left out, what Genesys tells of
     * the charges counts. Default: none.
     */
    licenses: licenses.optional(),
    /** From so many per cent of its seats on a license is near them, and is told of. Default: 90. */
    nearPercent: nearPercent.optional(),
    /** The day of the week, in UTC, on which the chat channel is told what is held. Default: never. */
    digest: digest.optional(),
    /** From which hour of the UTC day on, 0 to 23, each night's reading of who holds what is due. Default: 2. */
    inventory: z
      .strictObject({ hour: whole('a whole number from 0 to 23', 0, 23) }, { error: must('{ hour }') })
      .optional(),
    /** License id -> seats, as `licenses` was written before. It is read for one release more, and synth says what to write. */
    seats: seats.optional(),
    /**
     * Chat: an API of its own, reachable from the internet as Slack and Teams call it from there, also beside a private
     * one; a web ACL as `waf` says. Default: no chat.
     */
    chat: chat.optional(),
    /**
     * `'paused'`: nothing is sent to Genesys, whoever asks, until the stack is deployed without it. A command that pauses
     * holds at once and is lifted by one (docs/changes.md). Default: writes are running.
     */
    writes: z.literal('paused', { error: must("'paused', or be left out") }).optional(),
    /**
     * The record that can be checked (docs/audit.md): how each day's file is locked, and for how long. `'GOVERNANCE'`: who
     * has a right of its own for it can delete one before. `'COMPLIANCE'`: nobody can, the account's root included, so try
     * it with few days first. Or the bucket of an earlier stack to go on in, as it is. Default: GOVERNANCE, 396 days.
     */
    audit: audit.optional(),
    /**
     * Who hears of failures: a mail address, which must confirm the subscription mail, or a topic of your own in the
     * stack's region, which must let CloudWatch publish (docs/deploy.md). With `okNotices` also when an alarm is over.
     */
    alarms,
    /** One of the periods that CloudWatch Logs knows. Default: 90. */
    logRetentionDays: z
      .int({ error: must('a whole number of days') })
      .refine((days) => RETENTION_DAYS.includes(days), { error: must(`one of ${RETENTION_DAYS.join(', ')}`) })
      .optional(),
    /**
     * The ledger's table, where it is there already: restored from a backup, or kept when a stack went. It must have the
     * keys and indexes of a table that a stack made (docs/operations.md). The stack then makes none, and one that it made
     * before stays where it is, unused. Default: the stack makes its own.
     */
    ledgerTable: ledgerTable.optional(),
    /** Tags of the stack, which CloudFormation gives to all that it makes. Default: none. */
    tags: tags.optional(),
    /** Across all callers. Default: 50 a second (burst 100), and 2 a second (burst 5) on each route that writes. */
    throttling: z
      .strictObject(
        { all: throttle.optional(), writes: throttle.optional() },
        { error: must('{ all, writes }') },
      )
      .optional(),
  },
  { error: must('an object') },
)

/** Of it what the functions read from a file: the whole of the laptop's policy.json. */
export const policySchema = orgSchema.pick({
  approvals: true,
  approvalHours: true,
  reminders: true,
  people: true,
  tools: true,
  reasons: true,
  limits: true,
  counting: true,
  licenses: true,
  seats: true,
  nearPercent: true,
  inventory: true,
  digest: true,
  chat: true,
  writes: true,
})
