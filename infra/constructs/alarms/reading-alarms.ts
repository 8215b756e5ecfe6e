import { Duration } from 'aws-cdk-lib'
import { type Alarm, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import { metricNames } from '../../../lib/observe/metric-names.ts'
import type { OrgFile } from '../../orgs/org-file.ts'
import type { EventFunctions } from '../functions/event-functions.ts'
import { stackNameOf } from '../names.ts'
import { type AlarmNotices, addAlarms, ownMetric } from './add-alarms.ts'

/** A quarter of an hour, as of the tokens: a ledger that cannot be reached for some minutes is over by then. */
const PERIODS = 3

/** One is due each night: by then a whole night went by without one, and the half of a day in which somebody could ask. */
const OLD = Duration.hours(36)

export interface ReadingAlarmsProps {
  readonly org: OrgFile
  readonly events: EventFunctions
  /** Of the stack's other alarms. */
  readonly notices: AlarmNotices
}

/** Wakes somebody where nobody has read the whole org for long: seats, histories and what is told of them grow old. */
export class ReadingAlarms extends Construct {
  readonly alarms: readonly Alarm[]

  constructor(scope: Construct, id: string, { org, events, notices }: ReadingAlarmsProps) {
    super(scope, id)
    const stackName = stackNameOf(org)
    this.alarms = addAlarms(this, {
      stackName,
      notices,
      alarms: {
        ReadingOld: {
          metric: ownMetric(stackName, metricNames.readingAge).with({ statistic: Stats.MAXIMUM }),
          threshold: OLD.toSeconds(),
          isSilenceBad: true,
          periods: PERIODS,
          after: events,
          means:
            'Nobody has read the whole organization for 36 hours, though it is read each night, or nobody tells when: the log of take-inventory says why (reading.stretch, reading.ended)',
        },
      },
    })
  }
}
