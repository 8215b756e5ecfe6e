/**
 * What a webhook function hands on: the delivery exactly as it came. Whoever carries it out verifies the signature
 * again, so that being able to put events on the bus, or to invoke the function, is not being able to speak as a person.
 */
import * as z from 'zod/mini'

/** The event that Slack's function puts on the stack's bus. */
export const CHAT_DELIVERED = 'License Chat Delivered'
export const CHAT_SOURCE = 'genesys-license-gateway.chat'

/**
 * A Teams outgoing webhook is answered within 5 s of its request, or the answer is lost. What run-command has by
 * then is the answer; what takes it longer it posts to the channel's incoming URL itself, and answers without a reply.
 * Milliseconds since `receivedAtMs`; Teams' function waits so much longer that no answer falls between the two.
 */
export const TEAMS_ANSWERS_WITHIN_MS = 3_500
export const TEAMS_WAITS_MS = 4_000

const raw = {
  /** The same for a delivery that comes again. */
  deliveryId: z.string().check(z.regex(/^[A-Za-z0-9_.:-]{1,255}$/)),
  /** The body's bytes. */
  rawBody: z.base64(),
  contentType: z.optional(z.string()),
}

export const Queued = z.discriminatedUnion('platform', [
  z.strictObject({ platform: z.literal('slack'), ...raw, timestamp: z.string(), signature: z.string() }),
  z.strictObject({
    platform: z.literal('teams'),
    ...raw,
    authorization: z.string(),
    /** When API Gateway got it, epoch milliseconds. */
    receivedAtMs: z.int(),
  }),
])
export type Queued = z.output<typeof Queued>
export type QueuedBy<P extends Queued['platform']> = Extract<Queued, { platform: P }>

const Delivered = z.object({
  'detail-type': z.literal(CHAT_DELIVERED),
  source: z.literal(CHAT_SOURCE),
  detail: Queued,
})

/** @param event Slack's delivery as the bus brings it, or Teams' as its webhook invokes with it; undefined for any other. */
export function queuedIn(event: unknown): Queued | undefined {
  const invoked = Queued.safeParse(event).data
  if (invoked?.platform === 'teams') return invoked
  const delivered = Delivered.safeParse(event).data?.detail
  return delivered?.platform === 'slack' ? delivered : undefined
}
