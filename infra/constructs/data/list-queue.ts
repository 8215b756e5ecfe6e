import { Duration } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { TURN_MAX_RECEIVES, TURN_VISIBILITY_SECONDS } from '../../../lib/events/contract.ts'
import type { GatewayFunction } from '../functions/gateway-function.ts'
import type { Supply } from '../functions/supply.ts'

/** The longest that SQS keeps a message: time to come back from a holiday. */
const RETENTION = Duration.days(14)

/**
 * The queue by which lists take turns: first in, first out, so that one part of one list is carried out at a time and
 * lists take turns. What cannot be carried out goes to a queue of its own, since a FIFO queue has one of its kind.
 */
export class ListTurns extends Construct {
  readonly queue: Queue
  readonly deadLetters: Queue

  constructor(scope: Construct, id: string) {
    super(scope, id)
    const kept = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, fifo: true }
    this.deadLetters = new Queue(this, 'DeadLetters', { ...kept, retentionPeriod: RETENTION })
    this.queue = new Queue(this, 'Queue', {
      ...kept,
      retentionPeriod: RETENTION,
      visibilityTimeout: Duration.seconds(TURN_VISIBILITY_SECONDS),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: TURN_MAX_RECEIVES },
    })
  }

  /** For a function that lets lists go on. */
  use(): Supply {
    return {
      environment: { LIST_QUEUE_URL: this.queue.queueUrl },
      statements: [new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] })],
    }
  }

  /** One message a turn; a turn that failed is answered as such, and comes again. */
  handTo({ lambda }: GatewayFunction): void {
    lambda.addEventSource(new SqsEventSource(this.queue, { batchSize: 1, reportBatchItemFailures: true }))
  }
}
