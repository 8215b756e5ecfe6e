import type { Stage } from 'aws-cdk-lib/aws-apigateway'
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import type { OrgFile } from '../../orgs/org-file.ts'
import type { ChatFunctions } from '../chat/chat-functions.ts'
import type { GatewayFunction } from '../functions/gateway-function.ts'
import { stackNameOf } from '../names.ts'
import { type AlarmNotices, addAlarms, lineCountMetric, linesWith, serverErrorsOf } from './add-alarms.ts'

/** Made of logs, and the alarms on them called the same: no other metric counts what these do. */
export const CHAT_METRICS = ['ChatDeliveryLost', 'ChatUndelivered'] as const

export interface ChatAlarmsProps {
  readonly org: OrgFile
  readonly stage: Stage
  readonly functions: Pick<ChatFunctions, 'webhooks' | 'runCommand'>
  /** Of the stack's other alarms. */
  readonly notices: AlarmNotices
}

/** What wakes somebody about chat, beside the errors of its functions. */
export class ChatAlarms extends Construct {
  readonly alarms: readonly Alarm[]

  constructor(scope: Construct, id: string, { org, stage, functions, notices }: ChatAlarmsProps) {
    super(scope, id)
    const stackName = stackNameOf(org)
    const [lost, undelivered] = CHAT_METRICS
    const linesOf = (
      metricName: string,
      made: readonly GatewayFunction[],
      members: Readonly<Record<string, string>>,
    ) =>
      lineCountMetric(this, stackName, metricName, {
        logs: Object.fromEntries(
          made.map(({ node, lambda }) => [`${node.id}-${metricName}`, lambda.logGroup]),
        ),
        pattern: linesWith(members),
      })
    this.alarms = addAlarms(this, {
      stackName,
      notices,
      alarms: {
        ChatServerErrors: {
          metric: serverErrorsOf(stage),
          // One may be an upstream hiccup, which the person's next try heals.
          threshold: 3,
          means: "Slack or Teams are answered 5xx: look at the log of the functions 'slack' and 'teams'",
        },
        // A person is told of it in an answer of 200.
        ChatDeliveryLost: {
          metric: linesOf(lost, functions.webhooks, { code: 'chat.lost' }),
          threshold: 1,
          means:
            "What a person asked in chat was not handed on, and they were told so: the webhook's log says why",
        },
        // It ended well, and nobody got what it had to say. What took another way in the end is a warning.
        ChatUndelivered: {
          metric: linesOf(undelivered, [functions.runCommand], {
            code: 'chat.undelivered',
            level: 'ERROR',
          }),
          threshold: 1,
          means:
            "An answer, a request to approvers or the end of a change reached nobody in chat: the log of 'run-command' says which and why",
        },
      },
    })
  }
}
