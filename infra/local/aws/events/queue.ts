import { createHash, randomUUID } from 'node:crypto'
import * as z from 'zod/mini'
import { anyJsonOf } from '../../../../lib/json.ts'
import { type Action, action } from '../action.ts'
import { AwsError } from '../aws-error.ts'
import type { DeadLetterBox } from './dead-letter-box.ts'
import { LIST_LETTERS_NAME, TURNS_NAME, type Turns } from './turns.ts'

/** SQS's own limits: a message, messages of one ReceiveMessage, and 12 hours. */
const MAX_BODY_CHARACTERS = 1_048_576
const MAX_MESSAGES = 10
const MAX_VISIBILITY_SECONDS = 43_200

/** What SQS takes where neither the request nor the queue says more. */
const DEFAULT_VISIBILITY_SECONDS = 30

/** What the queue of dead letters is called. */
export const QUEUE_NAME = 'dead-letters'

const QueueUrl = z.string()
const Seconds = z.int().check(z.minimum(0), z.maximum(MAX_VISIBILITY_SECONDS))

const SendMessage = z.object({
  QueueUrl,
  MessageBody: z.string().check(z.minLength(1), z.maxLength(MAX_BODY_CHARACTERS)),
  /** Of FIFO queues alone, and asked for by them. */
  MessageGroupId: z.optional(z.string().check(z.maxLength(128))),
  MessageDeduplicationId: z.optional(z.string().check(z.maxLength(128))),
  MessageAttributes: z._default(
    z.record(z.string(), z.object({ DataType: z.literal('String'), StringValue: z.string() })),
    {},
  ),
})
const ReceiveMessage = z.object({
  QueueUrl,
  MaxNumberOfMessages: z._default(z.int().check(z.minimum(1), z.maximum(MAX_MESSAGES)), 1),
  VisibilityTimeout: z._default(Seconds, DEFAULT_VISIBILITY_SECONDS),
  WaitTimeSeconds: z._default(z.int().check(z.minimum(0), z.maximum(20)), 0),
})
const DeleteMessage = z.object({ QueueUrl, ReceiptHandle: z.string() })
const ChangeMessageVisibility = z.extend(DeleteMessage, { VisibilityTimeout: Seconds })
const ListQueues = z.object({ QueueNamePrefix: z.optional(z.string()) })

/** What the queues are called where they are not called otherwise. */
const OWN_NAMES = { deadLetters: QUEUE_NAME, turns: TURNS_NAME, listLetters: LIST_LETTERS_NAME } as const
export type QueueNames = Readonly<Record<keyof typeof OWN_NAMES, string>>

/** What functions put into the dead-letter queue: why, and the event. */
const Letter = z.object({ why: z.string(), event: z.optional(z.unknown()) })

/** A message that somebody has received: its newest handle, and when the others see it again. */
interface Lease {
  readonly handle: string
  readonly untilMs: number
}

/** SQS, as far as it is used: the queue of lists' turns, which nobody receives from but Lambda, and the two of letters. */
export function createQueue(
  box: DeadLetterBox,
  turns: Turns,
  now: () => number,
  names: QueueNames = OWN_NAMES,
): Readonly<Record<string, Action>> {
  const leases = new Map<string, Lease>()

  function queueOf(url: string): string {
    const name = url.split('/').at(-1) ?? ''
    if (Object.values(names).includes(name)) return name
    throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.')
  }

  /** @returns the message of a handle, and whether that is its newest. */
  function held(receipt: string): { readonly id: string; readonly lease: Lease | undefined } {
    const [id = ''] = receipt.split('/')
    if (!/^[0-9a-f-]{36}\/[0-9a-f-]{36}$/.test(receipt)) {
      throw new AwsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.', 404)
    }
    const lease = leases.get(id)
    return { id, lease: lease?.handle === receipt ? lease : undefined }
  }

  return {
    SendMessage: action(SendMessage, (input) => {
      const { QueueUrl, MessageBody, MessageAttributes, MessageGroupId, MessageDeduplicationId } = input
      const queue = queueOf(QueueUrl)
      if (queue === names.listLetters)
        throw new AwsError('AccessDenied', 'SQS alone puts messages here.', 403)
      if (queue === names.turns) {
        if (MessageGroupId === undefined || MessageDeduplicationId === undefined) {
          const missing = MessageGroupId === undefined ? 'MessageGroupId' : 'MessageDeduplicationId'
          throw new AwsError('MissingParameter', `The request must contain the parameter ${missing}.`)
        }
        const MessageId = turns.send(MessageBody, MessageDeduplicationId)
        return { MessageId, MD5OfMessageBody: md5Of(MessageBody), SequenceNumber: String(now()) }
      }
      const { success, data } = Letter.safeParse(anyJsonOf(MessageBody))
      const { why, event } = success ? data : { why: 'put into the queue', event: MessageBody }
      const attributes = Object.fromEntries(
        Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]),
      )
      const letter = { at: new Date(now()).toISOString(), from: 'queue', why, event } as const
      const MessageId = box.put(letter, { body: MessageBody, attributes })
      return { MessageId, MD5OfMessageBody: md5Of(MessageBody) }
    }),

    ReceiveMessage: action(ReceiveMessage, (input) => {
      // A short poll asks some of the servers alone: here those that have nothing.
      if (input.WaitTimeSeconds === 0) return {}
      const queue = queueOf(input.QueueUrl)
      if (queue === names.turns) throw new AwsError('AccessDenied', 'Lambda alone receives from here.', 403)
      const isFifo = queue === names.listLetters
      const letters = box.messages(isFifo ? LIST_LETTERS_NAME : undefined)
      const visible = letters.filter(({ id }) => (leases.get(id)?.untilMs ?? 0) <= now())
      // First in, first out: while some of the group are out, no others are handed out.
      if (isFifo && visible.length < letters.length) return {}
      return {
        Messages: visible.slice(0, input.MaxNumberOfMessages).map(({ id, at, body, attributes }) => {
          const handle = `${id}/${randomUUID()}`
          leases.set(id, { handle, untilMs: now() + input.VisibilityTimeout * 1_000 })
          return {
            MessageId: id,
            ReceiptHandle: handle,
            Body: body,
            MD5OfBody: md5Of(body),
            Attributes: { SentTimestamp: String(Date.parse(at)) },
            MessageAttributes: Object.fromEntries(
              Object.entries(attributes).map(([name, StringValue]) => [
                name,
                { DataType: 'String', StringValue },
              ]),
            ),
          }
        }),
      }
    }),

    DeleteMessage: action(DeleteMessage, ({ ReceiptHandle }) => {
      const { id, lease } = held(ReceiptHandle)
      // With an older handle SQS answers the same and may leave the message where it is.
      if (lease) box.remove(id)
      return {}
    }),

    ChangeMessageVisibility: action(ChangeMessageVisibility, ({ ReceiptHandle, VisibilityTimeout }) => {
      const { id, lease } = held(ReceiptHandle)
      if (!lease || lease.untilMs <= now()) {
        throw new AwsError('MessageNotInflight', 'The specified message is not in flight.')
      }
      leases.set(id, { ...lease, untilMs: now() + VisibilityTimeout * 1_000 })
      return {}
    }),

    ListQueues: action(ListQueues, ({ QueueNamePrefix = '' }) => {
      const found = Object.values(names).filter((name) => name.startsWith(QueueNamePrefix))
      if (found.length === 0) return {}
      return { QueueUrls: found.map((name) => `https://sqs.us-east-1.amazonaws.com/000000000000/${name}`) }
    }),
  }
}

function md5Of(text: string): string {
  return createHash('md5').update(text).digest('hex')
}
