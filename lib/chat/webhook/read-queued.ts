/** What webhooks handed on, as run-command reads it; apart from queued.ts, so that no webhook carries the schemas. */
import * as z from 'zod/mini'
import { CHAT_DELIVERED, CHAT_SOURCE } from './queued.ts'

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
/** A delivery of one platform, as it is handed on. */
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
