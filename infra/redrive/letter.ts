/**
 * A message of a queue of dead letters as what it was: who gave it up, why, and the event as it first came. Five put
 * messages there, each in its own form:
 *
 * | who | form | source |
 * |---|---|---|
 * | a function of ours | `{ why, event }`, its name in an attribute | lib/events/dead-letter-queue.ts |
 * | Lambda, of an invocation | a record with `requestPayload` | Lambda developer guide, "Capturing records of Lambda asynchronous invocations" |
 * | EventBridge, of a rule | the event, and attributes | EventBridge user guide, "Using dead-letter queues" |
 * | Scheduler, of a schedule | the input, and attributes | Scheduler user guide, "Configuring a schedule's dead-letter queue" |
 * | SQS, of a turn of a list | the turn, in a queue of its own | SQS developer guide, "Using dead-letter queues" |
 */
import type { Message } from '@aws-sdk/client-sqs'
import * as z from 'zod/mini'
import { TURN_MAX_RECEIVES } from '../../lib/events/contract.ts'
import { PUT_BY } from '../../lib/events/dead-letter-queue.ts'
import { jsonOf } from '../../lib/json.ts'

export interface Letter {
  readonly id: string
  readonly receipt: string
  /** The queue that it lies in. */
  readonly queueUrl: string
  /** When it was put into the queue, epoch milliseconds; undefined where SQS does not tell. */
  readonly atMs: number | undefined
  readonly why: string
  /** The event as the function first got it, or the message's text where that is nothing that we know. */
  readonly event: unknown
  /** Whether a part of the event is missing. */
  readonly isCut: boolean
  /** The name of the function that it was for; undefined where the message does not say. */
  readonly functionName: string | undefined
}

type Read = Pick<Letter, 'why' | 'event' | 'isCut' | 'functionName'>

const Record = z.object({
  requestContext: z.object({
    functionArn: z.string(),
    condition: z.string(),
    approximateInvokeCount: z.optional(z.number()),
  }),
  requestPayload: z.unknown(),
  responsePayload: z.optional(z.unknown()),
})
const Failure = z.object({ errorType: z.optional(z.string()), errorMessage: z.optional(z.string()) })
const Put = z.strictObject({ why: z.string(), event: z.unknown(), isCut: z.optional(z.boolean()) })
/** lib/events/list-queue.ts. */
export const Turn = z.strictObject({ changeId: z.string() })
const Fired = z.looseObject({ scheduledTime: z.string() })

/** @returns undefined for a message without id or handle, which SQS never sends. */
export function letterOf(message: Message, queueUrl: string): Letter | undefined {
  const { MessageId: id, ReceiptHandle: receipt, Attributes } = message
  if (id === undefined || receipt === undefined) return undefined
  const sentMs = Number(Attributes?.SentTimestamp)
  return { id, receipt, queueUrl, atMs: Number.isFinite(sentMs) ? sentMs : undefined, ...read(message) }
}

function read({ Body: text = '', MessageAttributes = {} }: Message): Read {
  const attribute = (name: string) => MessageAttributes[name]?.StringValue
  const body = jsonOf(text)
  if (attribute('RULE_ARN') !== undefined || attribute('SCHEDULE_ARN') !== undefined) {
    return {
      why: whyOfDelivery(attribute),
      event: withTime(body, attribute('SCHEDULED_TIME')) ?? text,
      isCut: attribute('IS_PAYLOAD_TRUNCATED') === 'true',
      functionName: functionNameIn(attribute('TARGET_ARN')),
    }
  }
  const record = Record.safeParse(body).data
  if (record) {
    const { functionArn, condition, approximateInvokeCount } = record.requestContext
    const { errorType, errorMessage } = Failure.safeParse(record.responsePayload).data ?? {}
    const reasons = [errorType, errorMessage].filter((each) => each !== undefined)
    const tries = approximateInvokeCount === undefined ? '' : ` after ${approximateInvokeCount} tries`
    return {
      why: [`${condition}${tries}`, ...reasons].join(': '),
      event: record.requestPayload,
      isCut: false,
      functionName: functionNameIn(functionArn),
    }
  }
  const put = Put.safeParse(body).data
  if (put) {
    const { why, event, isCut = false } = put
    return { why, event, isCut, functionName: attribute(PUT_BY) }
  }
  if (Turn.safeParse(body).success) {
    return {
      why: `take-turns failed ${TURN_MAX_RECEIVES} times: its log says why`,
      event: body,
      isCut: false,
      functionName: undefined,
    }
  }
  return {
    why: 'nothing that puts messages here says why',
    event: text,
    isCut: false,
    functionName: undefined,
  }
}

function whyOfDelivery(attribute: (name: string) => string | undefined): string {
  const [code, message] = [attribute('ERROR_CODE'), attribute('ERROR_MESSAGE')]
  const retries = attribute('RETRY_ATTEMPTS')
  const tried = retries === undefined ? [] : [`${retries} retries`]
  const parts = [code, message].filter((each) => each !== undefined)
  const ended = [attribute('EXHAUSTED_RETRY_CONDITION') ?? [], tried].flat().join(', ')
  return [...parts, ...(ended === '' ? [] : [`(${ended})`])].join(' ')
}

/** The input with the time that it was for, should Scheduler hand it back as it was made. */
function withTime(body: unknown, scheduledTime: string | undefined): unknown {
  const fired = Fired.safeParse(body).data
  const isUnfilled = fired?.scheduledTime.startsWith('<aws.scheduler.') === true
  return isUnfilled && scheduledTime !== undefined ? { ...fired, scheduledTime } : body
}

/** `arn:aws:lambda:REGION:ACCOUNT:function:NAME`, with or without a version behind it. */
function functionNameIn(arn: string | undefined): string | undefined {
  return /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:([\w-]{1,64})(?::[$\w-]+)?$/.exec(arn ?? '')?.[1]
}
