/**
 * What a webhook function hands on: the delivery exactly as it came. Whoever carries it out verifies the signature
 * again, so that being able to put events on the bus, or to invoke the function, is not being able to speak as a person.
 */
import * as z from 'zod/mini'

/** The event that Slack's function puts on the stack's bus. */
export const CHAT_DELIVERED = 'License Chat Delivered'
export const CHAT_SOURCE = 'genesys-license-gateway.chat'

const raw = {
  /** The same for a delivery that comes again. */
  deliveryId: z.string().check(z.regex(/^[A-Za-z0-9_.:-]{1,255}$/)),
  /** The body's bytes. */
  rawBody: z.base64(),
  contentType: z.optional(z.string()),
}

export const Queued = z.discriminatedUnion('platform', [
  z.strictObject({ platform: z.literal('slack'), ...raw, timestamp: z.string(), signature: z.string() }),
  z.strictObject({ platform: z.literal('teams'), ...raw, authorization: z.string() }),
])
export type Queued = z.output<typeof Queued>
