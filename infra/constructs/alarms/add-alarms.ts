/** The one way to make an alarm, and the metrics that alarms look at. */
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
import { FilterPattern, type IFilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { Construct, IDependable } from 'constructs'
import { METRIC_DIMENSION, METRIC_NAMESPACE } from '../../../lib/observe/metric-names.ts'

/** What alarms count in, unless they say otherwise. */
export const PERIOD = Duration.minutes(5)

/** One thing that wakes somebody. */
export interface AlarmRow {
  readonly metric: IMetric
  /** In the metric's own unit, and most often a count in one period. */
  readonly threshold: number
  /** What it means, and where to look, without a full stop. The mail says this, and where the rest is written. */
  readonly means: string
  /** Reaching the threshold is bad news, unless this: then falling short of it is. */
  readonly isLeast?: boolean
  /** Silence is good news, unless this. */
  readonly isSilenceBad?: boolean
  /** How many periods on end it must be so. Default: one. */
  readonly periods?: number
  /** What must be there before the metric can be told. */
  readonly after?: IDependable
}

/** By the alarm's name, which the stack's name goes before. */
export type AlarmTable = Readonly<Record<string, AlarmRow>>

export interface AddAlarmsProps {
  readonly stackName: string
  /** Where whoever is to be woken listens. */
  readonly notices: AlarmNotices
  readonly alarms: AlarmTable
}

/** Whom alarms tell, and of what. */
export interface AlarmNotices {
  readonly topic: ITopic
  /** Also that an alarm is over. */
  readonly hasOkNotices: boolean
}

/** @returns the alarms, in the order of the table. */
export function addAlarms(scope: Construct, { stackName, notices, alarms }: AddAlarmsProps): Alarm[] {
  const action = new SnsAction(notices.topic)
  return Object.entries(alarms).map(([name, row]) => {
    const alarm = new Alarm(scope, name, {
      alarmName: `${stackName}-${name}`,
      alarmDescription: `${row.means}. What to do: ${runbookOf(name)}`,
      metric: row.metric,
      threshold: row.threshold,
      comparisonOperator: row.isLeast
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: row.periods ?? 1,
      treatMissingData: row.isSilenceBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    })
    alarm.addAlarmAction(action)
    if (notices.hasOkNotices) alarm.addOkAction(action)
    if (row.after) alarm.node.addDependency(row.after)
    return alarm
  })
}

/** The heading in docs/operations.md about an alarm, of several that are numbered the one that is about all. */
export const sectionOf = (alarmName: string): string => alarmName.replace(/\d+$/, '')

/** In this repository, as it was deployed: the anchor is the one that GitHub and others make of the heading. */
const runbookOf = (alarmName: string): string =>
  `docs/operations.md#${sectionOf(alarmName).toLowerCase()} of genesys-license-gateway`

/** A metric that the functions of this stack put; a sum, unless it is made another. */
export function ownMetric(stackName: string, metricName: string): Metric {
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { [METRIC_DIMENSION]: stackName },
    statistic: Stats.SUM,
    period: PERIOD,
  })
}

export interface CountedLines {
  /** The ids of the filters, and their log groups. */
  readonly logs: Readonly<Record<string, ILogGroup>>
  readonly pattern: IFilterPattern
}

/** A metric of this stack made of the lines of its logs, each of which names the stack. */
export function lineCountMetric(
  scope: Construct,
  stackName: string,
  metricName: string,
  { logs, pattern }: CountedLines,
): Metric {
  for (const [id, logGroup] of Object.entries(logs)) {
    new MetricFilter(scope, id, {
      logGroup,
      filterPattern: pattern,
      metricNamespace: METRIC_NAMESPACE,
      metricName,
      metricValue: '1',
      dimensions: { [METRIC_DIMENSION]: `$.${METRIC_DIMENSION.toLowerCase()}` },
    })
  }
  return ownMetric(stackName, metricName)
}

/** The pattern of lines whose members have these values. */
export function linesWith(members: Readonly<Record<string, string>>): IFilterPattern {
  const patterns = Object.entries(members).map(([name, value]) =>
    FilterPattern.stringValue(`$.${name}`, '=', value),
  )
  const [only, ...others] = patterns
  return only !== undefined && others.length === 0 ? only : FilterPattern.all(...patterns)
}

/** Answers of 5xx, of API Gateway and the functions alike. */
export function serverErrorsOf(stage: Stage): Metric {
  return stage.metricServerError({ period: PERIOD, statistic: Stats.SUM })
}
