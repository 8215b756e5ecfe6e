import { createHash, randomUUID } from 'node:crypto'
import * as z from 'zod/mini'
import { anyJsonOf } from '../../../../lib/json.ts'
import { type Action, action } from '../action.ts'
import type { DeadLetterBox } from './dead-letter-box.ts'

/** SQS takes 1 MiB; functions stay far below that. */
const SendMessage = z.object({
  QueueUrl: z.string(),
  MessageBody: z.string().check(z.minLength(1), z.maxLength(1_048_576)),
})

/** What functions put into the dead-letter queue: why, and the event. */
const Letter = z.object({ why: z.string(), event: z.optional(z.unknown()) })

/** SQS, as far as it is used: every message goes into the one dead-letter box, whatever queue it names. */
export function createQueue(box: DeadLetterBox, now: () => number): Readonly<Record<string, Action>> {
  return {
    SendMessage: action(SendMessage, ({ MessageBody }) => {
      const { success, data } = Letter.safeParse(anyJsonOf(MessageBody))
      const { why, event } = success ? data : { why: 'put into the queue', event: MessageBody }
      box.put({ at: new Date(now()).toISOString(), from: 'queue', why, event })
      return {
        MessageId: randomUUID(),
        MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
      }
    }),
  }
}
