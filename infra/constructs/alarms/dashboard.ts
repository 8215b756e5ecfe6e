/** What an operator looks at: one dashboard for each stack, made of the metrics that its alarms look at and of what explains them. */
import { Duration } from 'aws-cdk-lib'
import type { Stage } from 'aws-cdk-lib/aws-apigateway'
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  type IWidget,
  type Metric,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { endMetrics, type MetricName, metricNames } from '../../../lib/observe/metric-names.ts'
import type { OrgFile } from '../../orgs/org-file.ts'
import { stackNameOf } from '../names.ts'
import { ownMetric, PERIOD } from './add-alarms.ts'
import { LATE } from './audit-alarms.ts'
import { CHAT_METRICS } from './chat-alarms.ts'
import { LONG_DUE, THROTTLED_METRIC } from './gateway-alarms.ts'
import { OLD } from './token-alarms.ts'

/** Columns of a dashboard. */
const WIDTH = 24

/** What CloudWatch takes into one alarm widget (API reference, "Dashboard Body Structure and Syntax"). */
const MAX_ALARMS = 100

export interface GatewayDashboardProps {
  readonly org: OrgFile
  /** By what a reader calls them: the API, and where there is one that of chat. */
  readonly stages: Readonly<Record<string, Stage>>
  /** By their files' names. */
  readonly functions: Readonly<Record<string, IFunction>>
  readonly deadLetters: IQueue
  readonly lists: { readonly queue: IQueue; readonly deadLetters: IQueue }
  readonly alarms: readonly IAlarm[]
}

export class GatewayDashboard extends Construct {
  constructor(scope: Construct, id: string, props: GatewayDashboardProps) {
    super(scope, id)
    const stackName = stackNameOf(props.org)
    new Dashboard(this, 'Dashboard', {
      dashboardName: stackName,
      defaultInterval: Duration.days(1),
      widgets: [
        [
          new TextWidget({
            width: WIDTH,
            height: 2,
            markdown: `**${stackName}**: the license gateway of ${props.org.orgName}. Each alarm has a section of its name in docs/operations.md. Logs are searched by the saved queries in the folder \`${stackName}\` of Logs Insights.`,
          }),
        ],
        [
          new AlarmStatusWidget({
            title: 'Alarms',
            width: WIDTH,
            height: 4,
            alarms: props.alarms.slice(0, MAX_ALARMS),
          }),
        ],
        rowOf(requestsOf(props), latencyOf(props), limitsOf(stackName)),
        rowOf(endsOf(stackName), openOf(stackName), queuesOf(props)),
        rowOf(genesysOf(stackName), refusalsOf(stackName), tokensOf(stackName)),
        rowOf(
          faultsOf(stackName, props),
          failingOf(props),
          auditOf(stackName),
          ...(props.org.chat ? [chatOf(stackName)] : []),
        ),
      ],
    })
  }
}

interface Graph {
  readonly title: string
  readonly left: readonly IMetric[]
  readonly right?: readonly IMetric[]
  readonly leftLabel: string
  readonly rightLabel?: string
  readonly isStacked?: boolean
  /** A line at this value, and what it means. */
  readonly mark?: { readonly value: number; readonly label: string }
  /** The same on the right. */
  readonly rightMark?: { readonly value: number; readonly label: string }
}

function rowOf(...graphs: readonly Graph[]): IWidget[] {
  return graphs.map(
    ({ title, left, right = [], leftLabel, rightLabel, isStacked = false, mark, rightMark }) =>
      new GraphWidget({
        title,
        width: Math.floor(WIDTH / graphs.length),
        left: [...left],
        right: [...right],
        stacked: isStacked,
        leftYAxis: { min: 0, label: leftLabel, showUnits: false },
        ...(rightLabel && { rightYAxis: { min: 0, label: rightLabel, showUnits: false } }),
        ...(mark && { leftAnnotations: [mark] }),
        ...(rightMark && { rightAnnotations: [rightMark] }),
      }),
  )
}

const count = (stackName: string, name: MetricName, label?: string): Metric =>
  ownMetric(stackName, name).with({ ...(label && { label }) })

const highest = (stackName: string, name: MetricName, label: string): Metric =>
  ownMetric(stackName, name).with({ statistic: Stats.MAXIMUM, label })

function requestsOf({ stages }: GatewayDashboardProps): Graph {
  return {
    title: 'Requests',
    leftLabel: 'in 5 minutes',
    left: Object.entries(stages).flatMap(([name, stage]) => [
      stage.metricCount({ period: PERIOD, statistic: Stats.SUM, label: `${name}: all` }),
      stage.metricClientError({ period: PERIOD, statistic: Stats.SUM, label: `${name}: 4xx` }),
      stage.metricServerError({ period: PERIOD, statistic: Stats.SUM, label: `${name}: 5xx` }),
    ]),
  }
}

function latencyOf({ stages }: GatewayDashboardProps): Graph {
  return {
    title: 'Time to the answer',
    leftLabel: 'ms',
    left: Object.entries(stages).flatMap(([name, stage]) =>
      [50, 95].map((percent) =>
        stage.metricLatency({
          period: PERIOD,
          statistic: Stats.percentile(percent),
          label: `${name}: p${percent}`,
        }),
      ),
    ),
  }
}

function limitsOf(stackName: string): Graph {
  return {
    title: 'Callers told 429, and callers whose token could not be judged',
    leftLabel: 'in 5 minutes',
    left: [ownMetric(stackName, THROTTLED_METRIC), count(stackName, metricNames.keysUnreachable)],
  }
}

function endsOf(stackName: string): Graph {
  return {
    title: 'What became of changes',
    leftLabel: 'in 5 minutes',
    isStacked: true,
    left: Object.entries(endMetrics).map(([state, name]) => count(stackName, name, state)),
  }
}

function openOf(stackName: string): Graph {
  return {
    title: 'Changes that are open, due (as each is tried), and ended undone',
    leftLabel: 'changes',
    rightLabel: 'seconds',
    left: [
      highest(stackName, metricNames.changesOpen, 'open'),
      highest(stackName, metricNames.changesLeft, 'due, and left by the tick'),
      count(stackName, metricNames.changeUndone, 'ended undone'),
      count(stackName, metricNames.tickRan, 'ticks'),
      highest(stackName, metricNames.writesPaused, 'writes paused'),
    ],
    right: [highest(stackName, metricNames.oldestDue, 'the longest due')],
    rightMark: { value: LONG_DUE.toSeconds(), label: 'alarm' },
  }
}

function queuesOf({ deadLetters, lists }: GatewayDashboardProps): Graph {
  const visible = (queue: IQueue, label: string) =>
    queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MAXIMUM, label })
  const oldest = (queue: IQueue, label: string) =>
    queue.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: Stats.MAXIMUM, label })
  return {
    title: 'Dead letters, and turns of lists',
    leftLabel: 'messages',
    rightLabel: 'seconds',
    left: [
      visible(deadLetters, 'dead letters'),
      visible(lists.deadLetters, 'turns given up'),
      visible(lists.queue, 'turns that wait'),
    ],
    right: [oldest(deadLetters, 'the oldest letter'), oldest(lists.queue, 'the oldest turn')],
  }
}

function genesysOf(stackName: string): Graph {
  const latency = ownMetric(stackName, metricNames.upstreamLatency)
  return {
    title: "Genesys's rate limit, and how long it takes",
    leftLabel: 'requests in its minute',
    rightLabel: 'ms',
    left: [
      highest(stackName, metricNames.rateLimitUsed, 'used'),
      highest(stackName, metricNames.rateLimitAllowed, 'allowed'),
    ],
    right: [50, 95].map((percent) =>
      latency.with({ statistic: Stats.percentile(percent), label: `p${percent}` }),
    ),
  }
}

function refusalsOf(stackName: string): Graph {
  return {
    title: 'What Genesys refused, and what was asked again',
    leftLabel: 'in 5 minutes',
    left: [
      count(stackName, metricNames.upstreamUnauthorized, 'token refused (401)'),
      count(stackName, metricNames.upstreamForbidden, 'permission refused (403)'),
      count(stackName, metricNames.upstreamRetries, 'asked again'),
      count(stackName, metricNames.upstreamUnasked, 'answered for pairs that were not sent'),
    ],
  }
}

function tokensOf(stackName: string): Graph {
  return {
    title: 'Age of the access tokens, and of the last whole reading',
    leftLabel: 'seconds',
    rightLabel: 'in 5 minutes',
    left: [
      highest(stackName, metricNames.readTokenAge, 'for reads'),
      highest(stackName, metricNames.writeTokenAge, 'for writes'),
      highest(stackName, metricNames.readingAge, 'of the last whole reading'),
    ],
    right: [count(stackName, metricNames.rotationFailed, 'rotations failed for good')],
    mark: { value: OLD.toSeconds(), label: 'alarm' },
  }
}

function faultsOf(stackName: string, { functions }: GatewayDashboardProps): Graph {
  return {
    title: 'Faults that nobody foresaw, and invocations that Lambda throttled',
    leftLabel: 'in 5 minutes',
    left: [
      count(stackName, metricNames.unforeseen, 'unforeseen'),
      count(stackName, metricNames.answersAbandoned, 'answers that nobody took to their end'),
      ...Object.entries(functions).map(([name, fn]) =>
        fn.metricThrottles({ period: PERIOD, statistic: Stats.SUM, label: `throttled: ${name}` }),
      ),
    ],
  }
}

function failingOf({ functions }: GatewayDashboardProps): Graph {
  return {
    title: 'Failed invocations by function',
    leftLabel: 'in 5 minutes',
    left: Object.entries(functions).map(([name, fn]) =>
      fn.metricErrors({ period: PERIOD, statistic: Stats.SUM, label: name }),
    ),
  }
}

function auditOf(stackName: string): Graph {
  return {
    title: 'Since the first day without an audit file began',
    leftLabel: 'seconds',
    left: [highest(stackName, metricNames.auditAge, 'age')],
    right: [count(stackName, metricNames.auditMet, 'files met under the key of a day')],
    mark: { value: LATE.toSeconds(), label: 'alarm' },
  }
}

function chatOf(stackName: string): Graph {
  return {
    title: 'Chat: lost, and delivered to nobody',
    leftLabel: 'in 5 minutes',
    left: CHAT_METRICS.map((name) => ownMetric(stackName, name)),
  }
}
