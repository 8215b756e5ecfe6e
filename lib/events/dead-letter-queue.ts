/** The queue for events that no retry can help: whoever is paged finds the event there, and why it was not done. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'
import type { ChangeLog } from '../changes/record/desk.ts'
import { type GatewayError, withReason } from '../errors.ts'
import { isTooDeep, shallowOf } from '../json.ts'

/** Of the body, in bytes. SQS takes 262,144; the rest is room for what a redrive adds. */
const MAX_BODY_BYTES = 200_000

/** Of an event too large to be put whole, in characters: at three bytes each they stay under the limit. */
const MAX_KEPT_CHARACTERS = 60_000

/** Longest reason that is logged, and longest that is put, in characters: of a hostile event it may name thousands of fields. */
const MAX_WHY_CHARACTERS = 1_000

export interface DeadLetterQueue {
  /**
   * Puts an event, whole where it fits, with a sentence that says what is wrong with it.
   *
   * @throws the SDK's error where the queue did not take it; Lambda's own retries and queue then take over.
   */
  put(event: unknown, why: string): Promise<void>
}

/** The message's attribute that says which function put it, and so where it can be sent back to. */
export const PUT_BY = 'FUNCTION_NAME'

export interface DeadLetterOptions {
  readonly client: SQSClient
  readonly queueUrl: string
  /** Who puts them. */
  readonly functionName: string
}

export function deadLetterQueue({ client, queueUrl, functionName }: DeadLetterOptions): DeadLetterQueue {
  return {
    async put(event, why) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: bodyOf(event, why),
          MessageAttributes: { [PUT_BY]: { DataType: 'String', StringValue: functionName } },
        }),
      )
    },
  }
}

/**
 * `{ why, event }`; of a larger event `{ why, event, isCut: true }`, where `event` is the beginning of its JSON, and of one
 * that is nested too deep as well, where what is too deep is left out.
 */
function bodyOf(given: unknown, reason: string): string {
  const why = reason.slice(0, MAX_WHY_CHARACTERS)
  const event = shallowOf(given)
  const whole = stringifyForSqs({ why, event, isCut: isTooDeep(given) ? true : undefined })
  if (Buffer.byteLength(whole) <= MAX_BODY_BYTES) return whole
  return stringifyForSqs({ why, event: JSON.stringify(event).slice(0, MAX_KEPT_CHARACTERS), isCut: true })
}

/** SQS refuses two characters that JSON may carry as they are. */
function stringifyForSqs(body: unknown): string {
  return JSON.stringify(body).replace(/[\uFFFE\uFFFF]/g, (each) => `\\u${each.charCodeAt(0).toString(16)}`)
}

/**
 * Puts what can never be carried out to the dead letters, at once and not after retries.
 *
 * @throws Error where the queue takes nothing: then Lambda's own retries and dead-letter queue take over.
 */
export async function putUndeliverable(
  { log }: { readonly log: Pick<ChangeLog, 'noteRefusal'> },
  deadLetters: DeadLetterQueue,
  event: unknown,
  reason: string,
  /** Genesys's own, which belongs into no log. */
  upstreamBody?: GatewayError['upstreamBody'],
): Promise<void> {
  const why = reason.slice(0, MAX_WHY_CHARACTERS)
  log.noteRefusal(idOf(event), why)
  await deadLetters.put(event, withReason(why, upstreamBody))
}

function idOf(event: unknown): string {
  if (typeof event !== 'object' || event === null) return 'none'
  const ids = { id: undefined, scheduleId: undefined, changeId: undefined, ...event }
  const id = ids.id ?? ids.scheduleId ?? ids.changeId
  return typeof id === 'string' && /^[A-Za-z0-9_.:-]{1,255}$/.test(id) ? id : 'none'
}
