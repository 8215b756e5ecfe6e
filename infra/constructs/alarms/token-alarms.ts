import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { METRIC_DIMENSION, METRIC_NAMESPACE, metricNames } from '../../../lib/observe/metric-names.ts'
import type { OrgFile } from '../../orgs/org-file.ts'
import type { EventFunctions } from '../functions/event-functions.ts'
import { stackNameOf } from '../names.ts'

const PERIOD = Duration.minutes(5)

/** A quarter of an hour: a repeated rotation, or a Secrets Manager that does not tell for some minutes, is over by then. */
const PERIODS = 3

/**
 * A rotation is due every 12 hours and begins within the hour after (Secrets Manager User Guide, "Rotation windows").
 * A token that lives the least that is taken, 14 hours, has 45 minutes left when these alarms come; one of 24, 11 hours.
 */
const OLD = Duration.hours(13)

export interface TokenAlarmsProps {
  readonly org: OrgFile
  /** The tick among them tells the tokens' ages. */
  readonly events: EventFunctions
  /** Of the stack's other alarms. */
  readonly topic: ITopic
}

/** Wakes somebody where an access token is not rotated, or its age is not told: silence is bad news here. */
export class TokenAlarms extends Construct {
  constructor(scope: Construct, id: string, { org, events, topic }: TokenAlarmsProps) {
    super(scope, id)
    const stackName = stackNameOf(org)
    const tokens = [
      ['ReadTokenOld', metricNames.readTokenAge, 'reads'],
      ['WriteTokenOld', metricNames.writeTokenAge, 'writes'],
    ] as const
    for (const [name, metricName, use] of tokens) {
      const alarm = new Alarm(this, name, {
        alarmName: `${stackName}-${name}`,
        alarmDescription: `The access token for ${use} was not rotated for 13 hours, though it is every 12, or nobody tells its age: look at the log of rotate-token, at that of advance-due-changes, and at the secret's rotation; 'npm run credentials' makes a token now`,
        metric: new Metric({
          namespace: METRIC_NAMESPACE,
          metricName,
          dimensionsMap: { [METRIC_DIMENSION]: stackName },
          statistic: Stats.MAXIMUM,
          period: PERIOD,
        }),
        threshold: OLD.toSeconds(),
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: PERIODS,
        treatMissingData: TreatMissingData.BREACHING,
      })
      alarm.addAlarmAction(new SnsAction(topic))
      // A stack that is being made has no ages to tell before its tick runs.
      alarm.node.addDependency(events)
    }
  }
}
