import { Duration } from 'aws-cdk-lib'
import { type Alarm, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import { metricNames } from '../../../lib/observe/metric-names.ts'
import type { OrgFile } from '../../orgs/org-file.ts'
import type { EventFunctions } from '../functions/event-functions.ts'
import { stackNameOf } from '../names.ts'
import { type AlarmNotices, type AlarmRow, addAlarms, ownMetric } from './add-alarms.ts'

/** A quarter of an hour: a repeated rotation, or a Secrets Manager that does not tell for some minutes, is over by then. */
const PERIODS = 3

/**
 * A rotation is due every 12 hours and begins within the hour after (Secrets Manager User Guide, "Rotation windows").
 * A token that lives the least that is taken, 14 hours, has 45 minutes left when these alarms come; one of 24, 11 hours.
 */
export const OLD = Duration.hours(13)

export interface TokenAlarmsProps {
  readonly org: OrgFile
  /** The tick among them tells the tokens' ages. */
  readonly events: EventFunctions
  /** Of the stack's other alarms. */
  readonly notices: AlarmNotices
}

/** Wakes somebody where an access token is not rotated, or its age is not told: silence is bad news here. */
export class TokenAlarms extends Construct {
  readonly alarms: readonly Alarm[]

  constructor(scope: Construct, id: string, { org, events, notices }: TokenAlarmsProps) {
    super(scope, id)
    const stackName = stackNameOf(org)
    const rowOf = (metricName: string, use: string): AlarmRow => ({
      metric: ownMetric(stackName, metricName).with({ statistic: Stats.MAXIMUM }),
      threshold: OLD.toSeconds(),
      isSilenceBad: true,
      periods: PERIODS,
      // A stack that is being made has no ages to tell before its tick runs.
      after: events,
      means: `The access token for ${use} was not rotated for 13 hours, though it is every 12, or nobody tells its age: look at the log of rotate-token, at that of advance-due-changes, and at the secret's rotation; 'npm run credentials' makes a token now`,
    })
    const rows = {
      ReadTokenOld: rowOf(metricNames.readTokenAge, 'reads'),
      WriteTokenOld: rowOf(metricNames.writeTokenAge, 'writes'),
    }
    this.alarms = addAlarms(this, { stackName, notices, alarms: rows })
  }
}
