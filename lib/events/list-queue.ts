/** The queue by which lists take turns: SQS, first in, first out, one group for the whole org, so that one turn is taken at a time. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'
import type { ListQueue } from '../changes/record/desk.ts'
import { GatewayError } from '../errors.ts'

/** Of all lists of an org: their turns come one after the other, whoever asked for them. */
const MESSAGE_GROUP = 'lists'

export interface ListQueueOptions {
  readonly client: SQSClient
  readonly queueUrl: string
}

export function listQueue({ client, queueUrl }: ListQueueOptions): ListQueue {
  return {
    async askForTurn(changeId, turn) {
      try {
        await client.send(
          new SendMessageCommand({
            QueueUrl: queueUrl,
            MessageBody: JSON.stringify({ changeId }),
            MessageGroupId: MESSAGE_GROUP,
            MessageDeduplicationId: turn,
          }),
        )
      } catch (cause) {
        throw new GatewayError(
          'queue.unavailable',
          'The queue of lists could not be used; what is on record goes on by itself within minutes',
          { cause, retryAfterSeconds: 5 },
        )
      }
    },
  }
}
