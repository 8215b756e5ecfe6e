import { Duration } from 'aws-cdk-lib'
import type { Stage } from 'aws-cdk-lib/aws-apigateway'
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { FilterPattern, type IFilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { METRIC_DIMENSION, METRIC_NAMESPACE } from '../../../lib/observe/metric-names.ts'
import type { OrgFile } from '../../orgs/org-file.ts'
import type { ChatFunctions } from '../chat/chat-functions.ts'
import type { GatewayFunction } from '../functions/gateway-function.ts'
import { stackNameOf } from '../names.ts'

const PERIOD = Duration.minutes(5)

/** Made of logs, and the alarms on them called the same: no other metric counts what these do. */
const metricNames = {
  /** Of the webhooks: a person is told of it in an answer of 200. */
  lost: 'ChatDeliveryLost',
  /** Of run-command: it ended well, and nobody got what it had to say. */
  undelivered: 'ChatUndelivered',
} as const

export interface ChatAlarmsProps {
  readonly org: OrgFile
  readonly stage: Stage
  readonly functions: Pick<ChatFunctions, 'webhooks' | 'runCommand'>
  /** Of the stack's other alarms. */
  readonly topic: ITopic
}

/** What wakes somebody about chat, beside the errors of its functions. */
export class ChatAlarms extends Construct {
  readonly #stackName: string
  readonly #action: SnsAction

  constructor(scope: Construct, id: string, { org, stage, functions, topic }: ChatAlarmsProps) {
    super(scope, id)
    this.#stackName = stackNameOf(org)
    this.#action = new SnsAction(topic)
    const serverErrors = stage.metricServerError({ period: PERIOD, statistic: Stats.SUM })
    this.#alarm('ChatServerErrors', serverErrors, {
      // One may be an upstream hiccup, which the person's next try heals.
      threshold: 3,
      means: "Slack or Teams are answered 5xx: look at the log of the functions 'slack' and 'teams'",
    })
    const lost = FilterPattern.stringValue('$.code', '=', 'chat.lost')
    this.#alarm(metricNames.lost, this.#counted(metricNames.lost, functions.webhooks, lost), {
      threshold: 1,
      means:
        "What a person asked in chat was not handed on, and they were told so: the webhook's log says why",
    })
    // What took another way in the end is a warning.
    const undelivered = FilterPattern.all(
      FilterPattern.stringValue('$.code', '=', 'chat.undelivered'),
      FilterPattern.stringValue('$.level', '=', 'ERROR'),
    )
    this.#alarm(
      metricNames.undelivered,
      this.#counted(metricNames.undelivered, [functions.runCommand], undelivered),
      {
        threshold: 1,
        means:
          "An answer, a request to approvers or the end of a change reached nobody in chat: the log of 'run-command' says which and why",
      },
    )
  }

  /** Lines of these functions' logs, which name the stack. */
  #counted(metricName: string, functions: readonly GatewayFunction[], filterPattern: IFilterPattern): Metric {
    for (const { node, lambda } of functions) {
      new MetricFilter(this, `${node.id}-${metricName}`, {
        logGroup: lambda.logGroup,
        filterPattern,
        metricNamespace: METRIC_NAMESPACE,
        metricName,
        metricValue: '1',
        dimensions: { [METRIC_DIMENSION]: '$.stack' },
      })
    }
    return new Metric({
      namespace: METRIC_NAMESPACE,
      metricName,
      dimensionsMap: { [METRIC_DIMENSION]: this.#stackName },
      statistic: Stats.SUM,
      period: PERIOD,
    })
  }

  #alarm(name: string, metric: IMetric, { threshold, means }: { threshold: number; means: string }): void {
    new Alarm(this, name, {
      alarmName: `${this.#stackName}-${name}`,
      alarmDescription: means,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(this.#action)
  }
}
