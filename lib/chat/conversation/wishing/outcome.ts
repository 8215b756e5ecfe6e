import type { Reply } from '../words/reply.ts'

/** What comes of a delivery, for whoever sent it. One of the two at least. */
export interface DeliveryReplies {
  readonly said?: Reply
  /** How a change stands, in place of the message whose button was pressed. */
  readonly stands?: Reply
}
