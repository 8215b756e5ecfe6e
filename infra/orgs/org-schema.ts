/** The rules of an org file, and the sentences that say which field breaks which. */
import * as z from 'zod'
import { MAX_APPROVAL_HOURS } from '../../lib/changes/model/policy.ts'
import { isRegion, regions } from '../../lib/genesys/regions.ts'
import { auth } from './auth-schema.ts'
import { chat, seats } from './chat-schema.ts'
import { people, reasonRules, rules } from './people-schema.ts'
import { must, text, whole } from './sentences.ts'
import { tools } from './tools-schema.ts'

/** The periods AWS::Logs::LogGroup takes for RetentionInDays. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]

/** WAF's own bounds of a rate-based rule. */
const MIN_RATE = 10
const MAX_RATE = 2_000_000_000

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
    z.strictObject({ kind: z.literal('regional') }),
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

const waf = z.unknown().superRefine((value, context) => {
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
  rateLimitPer5Minutes: z.strictObject({
    rateLimitPer5Minutes: whole(`a whole number from ${MIN_RATE} to ${MAX_RATE}`, MIN_RATE, MAX_RATE),
  }),
  webAclArn: z.strictObject({
    webAclArn: text(
      "a regional web ACL's ARN",
      /^arn:aws[a-z-]*:wafv2:[a-z0-9-]+:\d{12}:regional\/webacl\/\S+$/,
    ),
  }),
}

const HOST_NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/

export const orgSchema = z.strictObject(
  {
    name: text(
      'lower-case letters, digits and hyphens, a letter first, at most 31',
      /^[a-z][a-z0-9-]{0,30}$/,
    ),
    region: z.string({ error: must('a Genesys Cloud region') }).refine(isRegion, {
      error: must(`one of ${Object.keys(regions).join(', ')}`),
    }),
    id: text("the Genesys org's id, a UUID", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i),
    orgName: text("the org's name as Genesys shows it, on one line", /^(?=.*\S)[^\p{Cc}]{1,200}$/u),
    aws: z
      .strictObject(
        {
          account: text('a 12-digit AWS account id in quotes', /^\d{12}$/),
          region: text('an AWS region such as eu-west-1', /^[a-z]{2,4}(-[a-z]+)+-\d$/),
        },
        { error: must('{ account, region }') },
      )
      .optional(),
    auth,
    network,
    waf,
    customDomain: z
      .strictObject(
        {
          domainName: text('a host name such as licenses.example.com', HOST_NAME),
          certificateArn: text(
            "an ACM certificate's ARN",
            /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]+$/,
          ),
        },
        { error: must('{ domainName, certificateArn }') },
      )
      .optional(),
    people: people.optional(),
    tools: tools.optional(),
    iamSessionNames: z.literal('pinned', { error: must("'pinned', or be left out") }).optional(),
    approvals: rules.optional(),
    approvalHours: whole(
      `a whole number of hours from 1 to ${MAX_APPROVAL_HOURS}`,
      1,
      MAX_APPROVAL_HOURS,
    ).optional(),
    reasons: reasonRules.optional(),
    seats: seats.optional(),
    chat: chat.optional(),
    alarms: z.strictObject(
      { email: z.email({ error: must('a mail address that alarms go to') }) },
      { error: must('{ email }') },
    ),
    logRetentionDays: z
      .int({ error: must('a whole number of days') })
      .refine((days) => RETENTION_DAYS.includes(days), { error: must(`one of ${RETENTION_DAYS.join(', ')}`) })
      .optional(),
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
  people: true,
  tools: true,
  reasons: true,
  seats: true,
  chat: true,
})
