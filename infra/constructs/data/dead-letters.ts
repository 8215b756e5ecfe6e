import { Duration, Validations } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IDestination } from 'aws-cdk-lib/aws-lambda'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import type { Supply } from '../functions/supply.ts'

/** The longest that SQS keeps a message: time to come back from a holiday. */
const RETENTION = Duration.days(14)

/**
 * Where an event, a schedule's firing or an invocation ends that could not be carried out. One queue for all of them,
 * so that there is one place to look; each message says where it comes from. Under SQS's own key, since each service
 * that sends here would need a say in ours and would otherwise drop the message unseen.
 */
export class DeadLetters extends Queue {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: RETENTION,
    })
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason:
        'This is the dead-letter queue: of rules, schedules and invocations, which cdk-nag does not look at',
    })
  }

  /** For a function that puts here itself what it will never be able to read, and whose failed invocations come here. */
  use(): Supply {
    return { environment: { DEAD_LETTER_URL: this.queueUrl }, statements: [this.sending()] }
  }

  sending(): PolicyStatement {
    return new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.queueArn] })
  }

  /** Without the library's grant, which also lets the function ask for the queue's attributes. */
  asDestination(): IDestination {
    return { bind: () => ({ destination: this.queueArn }) }
  }
}
