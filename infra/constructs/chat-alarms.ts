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
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { METRIC_DIMENSION, METRIC_NAMESPACE } from '../../lib/observe/metric-names.ts'
import type { OrgFile } from '../orgs/org-file.ts'
import type { GatewayFunction } from './gateway-function.ts'
import { stackNameOf } from './names.ts'

const PERIOD = Duration.minutes(5)

/** Made of the webhooks' logs: a person is told of it in an answer of 200, which no other metric counts. */
const LOST_METRIC = 'ChatDeliveryLost'

export interface ChatAlarmsProps {
  readonly org: OrgFile
  readonly stage: Stage
  readonly webhooks: readonly GatewayFunction[]
  /** Of the stack's other alarms. */
  readonly topic: ITopic
}

/** What wakes somebody about chat, beside the errors of its functions. */
export class ChatAlarms extends Construct {
  readonly #stackName: string
  readonly #action: SnsAction

  constructor(scope: Construct, id: string, { org, stage, webhooks, topic }: ChatAlarmsProps) {
    super(scope, id)
    this.#stackName = stackNameOf(org)
    this.#action = new SnsAction(topic)
    const serverErrors = stage.metricServerError({ period: PERIOD, statistic: Stats.SUM })
    this.#alarm('ChatServerErrors', serverErrors, {
      // One may be an upstream hiccup, which the person's next try heals.
      threshold: 3,
      means: "Slack or Teams are answered 5xx: look at the log of the functions 'slack' and 'teams'",
    })
    for (const webhook of webhooks) {
      new MetricFilter(this, `${webhook.node.id}Lost`, {
        logGroup: webhook.lambda.logGroup,
        filterPattern: FilterPattern.stringValue('$.code', '=', 'chat.lost'),
        metricNamespace: METRIC_NAMESPACE,
        metricName: LOST_METRIC,
        metricValue: '1',
        dimensions: { [METRIC_DIMENSION]: '$.stack' },
      })
    }
    const lost = new Metric({
      namespace: METRIC_NAMESPACE,
      metricName: LOST_METRIC,
      dimensionsMap: { [METRIC_DIMENSION]: this.#stackName },
      statistic: Stats.SUM,
      period: PERIOD,
    })
    this.#alarm('ChatDeliveryLost', lost, {
      threshold: 1,
      means:
        "What a person asked in chat was not handed on, and they were told so: the webhook's log says why",
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
