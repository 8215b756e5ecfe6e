import { Duration } from 'aws-cdk-lib'
import { type Alarm, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import { metricNames } from '../../../lib/observe/metric-names.ts'
import type { OrgFile } from '../../orgs/org-file.ts'
import type { AuditFunction } from '../functions/audit-function.ts'
import { stackNameOf } from '../names.ts'
import { type AlarmNotices, addAlarms, ownMetric } from './add-alarms.ts'

/**
 * A file is written an hour after its day is over, so that the first day without one has begun 25 hours ago at most. With
 * what two hours of silence add, 36 hours are a night in which every try has failed.
 */
export const LATE = Duration.hours(36)

/** Hours on end; the function tells once in each. */
const PERIODS = 2

export interface AuditAlarmsProps {
  readonly org: OrgFile
  readonly audit: AuditFunction
  /** Of the stack's other alarms. */
  readonly notices: AlarmNotices
}

/** Wakes somebody where a day gets no file, or nobody tells, since silence is bad news here; and where another was faster. */
export class AuditAlarms extends Construct {
  readonly alarms: readonly Alarm[]

  constructor(scope: Construct, id: string, { org, audit, notices }: AuditAlarmsProps) {
    super(scope, id)
    const stackName = stackNameOf(org)
    const alarms = {
      AuditLate: {
        metric: ownMetric(stackName, metricNames.auditAge).with({
          statistic: Stats.MAXIMUM,
          period: Duration.hours(1),
        }),
        threshold: LATE.toSeconds(),
        isSilenceBad: true,
        periods: PERIODS,
        after: audit,
        means:
          'A day that is over has no file in the audit bucket, or nobody tells whether it has: the log of write-audit says why (invocation.failed, function.failed). What is missing is written, in order, as soon as it can be',
      },
      AuditMet: {
        metric: ownMetric(stackName, metricNames.auditMet),
        threshold: 1,
        means:
          'Under the key of a day that was over something was in the audit bucket before write-audit put its file, which is there beside it: the line audit.met names it, and npm run verify-audit says whether it is the same',
      },
    }
    this.alarms = addAlarms(this, { stackName, notices, alarms })
  }
}
