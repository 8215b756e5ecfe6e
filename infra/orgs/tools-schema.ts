/** The rules of an org file about tools: what asks by itself. */
import * as z from 'zod'
import { EVENT_SOURCE } from '../../lib/events/contract.ts'
import { iamIdentities, identities, jwtIdentities, NAME } from './people-schema.ts'
import { must, text } from './sentences.ts'

const owners = "a list of at least one person's name"
const sources = "an event's source that is not the gateway's own"

const toolSchema = z
  .strictObject(
    {
      owners: z
        .array(text("a person's name", NAME), { error: must(owners) })
        .min(1, { error: must(owners) })
        .optional(),
      iam: iamIdentities,
      jwt: jwtIdentities,
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

export const tools = z
  .record(z.string(), toolSchema, { error: must("a table of a tool's name -> { owners, iam, jwt, ... }") })
  .superRefine((table, context) => {
    for (const name of Object.keys(table)) {
      if (NAME.test(name)) continue
      const message = 'must be named by 1 to 64 letters, digits and . _ @ -'
      context.addIssue({ code: 'custom', path: [name], message })
    }
  })
