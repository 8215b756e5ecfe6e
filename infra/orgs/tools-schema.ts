/** The rules of an org file about tools: what asks by itself. */
import * as z from 'zod'
import { EVENT_SOURCE } from '../../lib/events/contract.ts'
import { iamIdentities, identities, jwtIdentities, NAME, namedTable } from './people-schema.ts'
import { must, text } from './sentences.ts'

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
      /** Subjects: the `sub` claims of JWTs. */
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
