/** The rules of an org file about chat. */
import * as z from 'zod'
import { must, text } from './sentences.ts'

const slackIds = (what: string, example: string, first: string) => {
  const rule = `a list of at least one ${what} such as ${example}`
  return z
    .array(text(`a ${what} such as ${example}`, new RegExp(`^${first}[A-Z0-9]{2,30}$`)), {
      error: must(rule),
    })
    .min(1, { error: must(rule) })
}

/** `/license` in Slack: which requests are listened to, by the ids that Slack itself puts into them. */
const slack = z.strictObject(
  {
    /** Workspaces, such as `T0123456789`. */
    teams: slackIds("Slack workspace's id", 'T0123456789', 'T'),
    /** Enterprise organizations, such as `E0123456789`. Default: any that a listed workspace is in. */
    enterprises: slackIds("Slack enterprise's id", 'E0123456789', 'E').optional(),
    /** Apps, such as `A0123456789`. Default: any that has our signing secret. */
    apps: slackIds("Slack app's id", 'A0123456789', 'A').optional(),
    /** The channel where approvers are asked, such as `C0123456789`. Default: nobody is asked in Slack, and requests are approved over HTTP. */
    approvals: text("a Slack channel's id such as C0123456789", /^[CG][A-Z0-9]{2,30}$/).optional(),
    /** The channel that is told of seats, of what was done outside of the gateway and of the week. Default: `approvals`. */
    notices: text("a Slack channel's id such as C0123456789", /^[CG][A-Z0-9]{2,30}$/).optional(),
  },
  { error: must('{ teams, enterprises, apps, approvals, notices }, of which teams is needed') },
)

const CHANNEL = /^19:[^\s;]{1,250}@thread\.[a-z0-9]{1,16}$/

const tenants = "a list of at least one Entra tenant's id, a UUID in lower case"
const incoming = "a table of a Teams channel's id -> the https URL of its workflow"

/** `/license` in Microsoft Teams. */
const teams = z
  .strictObject(
    {
      /** Entra tenants' ids. */
      tenants: z
        .array(
          text("an Entra tenant's id, a UUID in lower case", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
          {
            error: must(tenants),
          },
        )
        .min(1, { error: must(tenants) }),
      /**
       * Channel id -> URL of a workflow ("When a Teams webhook request is received") that posts there what takes longer
       * than Teams waits. Default: nowhere; such results are looked up with `changes`.
       */
      incoming: z
        .record(
          z.string(),
          // Its query holds the proof by which the workflow lets in whoever posts, so a wrong one is not quoted.
          z
            .string({ error: 'must be the https URL of a workflow' })
            .regex(/^https:\/\/[^\s/?#@]+\.[^\s#]+$/, {
              error: 'must be the https URL of a workflow',
            }),
          { error: must(incoming) },
        )
        .superRefine((table, context) => {
          for (const channelId of Object.keys(table)) {
            if (CHANNEL.test(channelId)) continue
            const message = "must be under a Teams channel's id such as 19:…@thread.tacv2"
            context.addIssue({ code: 'custom', path: [channelId], message })
          }
        })
        .optional(),
      /** The channel, of those in `incoming`, that is told the same as Slack's `notices`. Default: none. */
      notices: text('the id of a channel in incoming, such as 19:…@thread.tacv2', CHANNEL).optional(),
    },
    { error: must('{ tenants, incoming, notices }, of which tenants is needed') },
  )
  .refine(({ incoming: table, notices }) => notices === undefined || table?.[notices] !== undefined, {
    path: ['notices'],
    error: 'must be the id of a channel that incoming has, since it is posted there',
  })

/** At least one of the two. */
export const chat = z
  .strictObject({ slack: slack.optional(), teams: teams.optional() }, { error: must('{ slack, teams }') })
  .refine((both) => both.slack !== undefined || both.teams !== undefined, {
    error: 'must have slack, teams or both',
  })
