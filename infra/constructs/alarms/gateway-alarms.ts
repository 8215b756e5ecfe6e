import { ArnFormat, CfnOutput, Duration, Stack } from 'aws-cdk-lib'
import type { Stage } from 'aws-cdk-lib/aws-apigateway'
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { METRIC_DIMENSION, METRIC_NAMESPACE, metricNames } from '../../../lib/observe/metric-names.ts'
import type { OrgFile } from '../../orgs/org-file.ts'
import { type AccessLog, accessLogFields } from '../api/access-log.ts'
import { stackNameOf } from '../names.ts'

const PERIOD = Duration.minutes(5)

/** CloudWatch takes at most ten metrics into one alarm's expression. */
const METRICS_PER_ALARM = 10

/** Counts in one period from which somebody should look. */
const thresholds = {
  /** One may be upstream's hiccup, which the caller's retry heals. */
  serverErrors: 5,
  /** A caller that backs off meets the limit a few times; one that does not, at once. */
  throttled: 10,
  functionErrors: 1,
  unforeseen: 1,
  /** A caller was turned away who may have had every right. */
  keysUnreachable: 1,
  rotationFailed: 1,
  /** One is a token renewed in time; three mean that the renewed one is refused too. */
  upstreamUnauthorized: 3,
  /** A missing permission does not mend itself. */
  upstreamForbidden: 1,
  needsAttention: 1,
  deadLetters: 1,
  /** Of five that are due in a period. With none, nothing waits, reverts, expires or is told any more. */
  ticks: 1,
  /** Seconds. What fails is put off for ten minutes at most, so that it shows again within these. */
  oldestDue: 15 * 60,
} as const

/** What was put off shows when it is tried again: the longest that a put-off takes, and half of that again. */
const PUT_OFF_PERIOD = Duration.minutes(15)

/** Made of the access log, which alone knows the answers of API Gateway and of the functions alike. */
const THROTTLED_METRIC = 'Throttled'

export interface AlarmsProps {
  readonly org: OrgFile
  readonly key: IKey
  readonly stage: Stage
  readonly accessLog: AccessLog
  /**
   * The functions whose errors nobody foresaw. Not those that fail by design and count what is unforeseen themselves: the
   * authorizer refuses by failing, what events call fails to be called again and ends as a dead letter, and the rotation
   * fails until the operator has put the client credentials.
   */
  readonly functions: readonly IFunction[]
  readonly deadLetters: IQueue
}

interface Wakes {
  /** Reaching it is bad news, unless `isLeast`: then falling short of it is, and so is no data at all. */
  readonly threshold: number
  readonly means: string
  readonly isLeast?: boolean
}

/**
 * What wakes somebody, once for each stack, and the encrypted topic that mails it. Silence is good news, no data no
 * alarm, but for the tick.
 */
export class Alarms extends Construct {
  readonly topic: Topic
  readonly #action: SnsAction
  readonly #stackName: string

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id)
    const { org, key, stage, accessLog, functions } = props
    this.#stackName = stackNameOf(org)
    this.topic = this.#topicFor(org, key)
    this.#action = new SnsAction(this.topic)

    this.#alarm('ServerErrors', stage.metricServerError({ period: PERIOD, statistic: Stats.SUM }), {
      threshold: thresholds.serverErrors,
      means: "The API answers 5xx: look at the access log for the route, then at its function's log",
    })
    this.#alarm('Throttled', this.#throttled(accessLog), {
      threshold: thresholds.throttled,
      means: "Callers are told 429, by API Gateway's throttle or by Genesys's rate limit",
    })
    for (const [index, group] of chunks(functions, METRICS_PER_ALARM).entries()) {
      this.#alarm(`FunctionErrors${index + 1}`, errorsOf(group), {
        threshold: thresholds.functionErrors,
        means: 'A function failed in a way that it does not handle: a wrong setting, no time or no memory',
      })
    }
    this.#alarm('UnforeseenErrors', this.#own(metricNames.unforeseen), {
      threshold: thresholds.unforeseen,
      means:
        "The authorizer, flip-toggle, fire-schedule or run-command failed in a way that it does not handle: its log has a line with code 'function.failed'",
    })
    if (org.auth.kind === 'jwt') {
      this.#alarm('KeysUnreachable', this.#own(metricNames.keysUnreachable), {
        threshold: thresholds.keysUnreachable,
        means:
          "Callers are told 503, since the token issuer's keys cannot be had: the log of authorize says why (code 'keys.unreachable')",
      })
    }
    this.#alarm('RotationFailed', this.#own(metricNames.rotationFailed), {
      threshold: thresholds.rotationFailed,
      means: "An access token was not renewed: the rotation function's log says why; about 12 hours are left",
    })
    this.#alarm('UpstreamUnauthorized', this.#own(metricNames.upstreamUnauthorized), {
      threshold: thresholds.upstreamUnauthorized,
      means: 'Genesys refuses the access token again and again: look at the OAuth clients',
    })
    this.#alarm('UpstreamForbidden', this.#own(metricNames.upstreamForbidden), {
      threshold: thresholds.upstreamForbidden,
      means: "An OAuth client lacks a permission in Genesys: the function's log names it",
    })
    this.#ofChanges(props)
  }

  #ofChanges({ deadLetters }: AlarmsProps): void {
    this.#alarm('NeedsAttention', this.#own(metricNames.changeNeedsAttention), {
      threshold: thresholds.needsAttention,
      means:
        'What a change left in Genesys may not be what was asked: GET /v1/changes?state=NEEDS_ATTENTION has it, POST /v1/changes/{changeId}/settle looks at it; the metric ChangeUndone beside this one counts what ended undone',
    })
    const waiting = deadLetters.metricApproximateNumberOfMessagesVisible({
      period: PERIOD,
      statistic: Stats.MAXIMUM,
    })
    this.#alarm('DeadLetters', waiting, {
      threshold: thresholds.deadLetters,
      means: 'An event or a schedule could not be carried out: it lies in the dead-letter queue, for 14 days',
    })
    this.#alarm('TickNotRun', this.#own(metricNames.tickRan), {
      threshold: thresholds.ticks,
      isLeast: true,
      means:
        'Changes are not taken further as time passes: look at the log of advance-due-changes and its rule',
    })
    const oldestDue = this.#own(metricNames.oldestDue).with({
      statistic: Stats.MAXIMUM,
      period: PUT_OFF_PERIOD,
    })
    this.#alarm('OldestDue', oldestDue, {
      threshold: thresholds.oldestDue,
      means:
        'What time is to do to a change, such as taking it back or telling of it on the event bus, has not come about for a quarter of an hour: change.left in the log of advance-due-changes says of which, and why; ChangesLeft beside this metric counts them',
    })
  }

  #topicFor({ alarms }: OrgFile, masterKey: IKey): Topic {
    const topic = new Topic(this, 'Topic', { displayName: this.#stackName, masterKey, enforceSSL: true })
    topic.addSubscription(new EmailSubscription(alarms.email))
    const { account } = Stack.of(this)
    // A topic with a policy of its own has lost the default one, which let the account's alarms in.
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: {
            'aws:SourceArn': Stack.of(this).formatArn({
              service: 'cloudwatch',
              resource: 'alarm',
              resourceName: `${this.#stackName}-*`,
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
            }),
          },
        },
      }),
    )
    new CfnOutput(this, 'TopicArn', {
      value: topic.topicArn,
      description: 'Alarms go here, and from here by mail',
    })
    return topic
  }

  #throttled(accessLog: AccessLog): IMetric {
    new MetricFilter(this, 'ThrottledFilter', {
      logGroup: accessLog,
      filterPattern: FilterPattern.stringValue(`$.${accessLogFields.status}`, '=', '429'),
      metricNamespace: METRIC_NAMESPACE,
      metricName: THROTTLED_METRIC,
      metricValue: '1',
      dimensions: { [METRIC_DIMENSION]: `$.${accessLogFields.stack}` },
    })
    return this.#own(THROTTLED_METRIC)
  }

  #own(metricName: string): Metric {
    return new Metric({
      namespace: METRIC_NAMESPACE,
      metricName,
      dimensionsMap: { [METRIC_DIMENSION]: this.#stackName },
      statistic: Stats.SUM,
      period: PERIOD,
    })
  }

  #alarm(name: string, metric: IMetric, { threshold, means, isLeast = false }: Wakes): void {
    new Alarm(this, name, {
      alarmName: `${this.#stackName}-${name}`,
      alarmDescription: means,
      metric,
      threshold,
      comparisonOperator: isLeast
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: isLeast ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(this.#action)
  }
}

function errorsOf(functions: readonly IFunction[]): IMetric {
  const metrics = functions.map(
    (fn, index) => [`f${index}`, fn.metricErrors({ period: PERIOD, statistic: Stats.SUM })] as const,
  )
  return new MathExpression({
    expression: metrics.map(([id]) => `FILL(${id}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(metrics),
    label: 'Errors of all',
    period: PERIOD,
  })
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}
