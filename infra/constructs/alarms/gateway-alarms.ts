import { Duration } from 'aws-cdk-lib'
import type { Stage } from 'aws-cdk-lib/aws-apigateway'
import { type Alarm, type IMetric, MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { metricNames } from '../../../lib/observe/metric-names.ts'
import type { OrgFile } from '../../orgs/org-file.ts'
import { type AccessLog, accessLogFields } from '../api/access-log.ts'
import { stackNameOf } from '../names.ts'
import { alarmTopicOf } from './add-alarm-topic.ts'
import {
  type AlarmNotices,
  type AlarmTable,
  addAlarms,
  lineCountMetric,
  linesWith,
  ownMetric,
  PERIOD,
  serverErrorsOf,
} from './add-alarms.ts'

/** CloudWatch takes at most ten metrics into one alarm's expression. */
const METRICS_PER_ALARM = 10

/** What was put off shows when it is tried again: the longest that a put-off takes, and half of that again. */
const PUT_OFF_PERIOD = Duration.minutes(15)

/** What is due for so long wakes somebody. */
export const LONG_DUE = Duration.minutes(15)

/** A pause that lasts so long wakes somebody; CloudWatch looks back seven days at most where a period is an hour. */
const HOURS_PAUSED = 24

/** Made of the access log, which alone knows the answers of API Gateway and of the functions alike. */
export const THROTTLED_METRIC = 'Throttled'

export interface GatewayAlarmsProps {
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
  /** The same of those that stream their answers: they fail where whoever asked takes no more, and that is none of theirs. */
  readonly streaming: readonly IFunction[]
  readonly deadLetters: IQueue
  /** Turns of lists that were given up. */
  readonly listLetters: IQueue
}

/** What wakes somebody, once for each stack, and whom that tells. */
export class GatewayAlarms extends Construct {
  readonly notices: AlarmNotices
  readonly alarms: readonly Alarm[]

  constructor(scope: Construct, id: string, props: GatewayAlarmsProps) {
    super(scope, id)
    const { org, key, accessLog } = props
    const stackName = stackNameOf(org)
    this.notices = {
      topic: alarmTopicOf(this, org, key),
      hasOkNotices: org.alarms.okNotices ?? false,
    }
    const throttled = lineCountMetric(this, stackName, THROTTLED_METRIC, {
      logs: { ThrottledFilter: accessLog },
      pattern: linesWith({ [accessLogFields.status]: '429' }),
    })
    const alarms = { ...alarmsOfRequests(stackName, throttled, props), ...alarmsOfChanges(stackName, props) }
    this.alarms = addAlarms(this, { stackName, notices: this.notices, alarms })
  }
}

function alarmsOfRequests(
  stackName: string,
  throttled: IMetric,
  { org, stage, functions, streaming }: GatewayAlarmsProps,
): AlarmTable {
  const abandoned = ownMetric(stackName, metricNames.answersAbandoned)
  const errors = [
    ...chunks(functions, METRICS_PER_ALARM).map((group) => errorsOf(group)),
    // Of the stack, not of a group: with a second group either could hide a fault of the other for five minutes.
    ...chunks(streaming, METRICS_PER_ALARM - 1).map((group) => errorsOf(group, abandoned)),
  ]
  const failing = errors.map(
    (metric, index) =>
      [
        `FunctionErrors${index + 1}`,
        {
          metric,
          threshold: 1,
          means: 'A function failed in a way that it does not handle: a wrong setting, no time or no memory',
        },
      ] as const,
  )
  return {
    ServerErrors: {
      metric: serverErrorsOf(stage),
      // One may be upstream's hiccup, which the caller's retry heals.
      threshold: 5,
      means: "The API answers 5xx: look at the access log for the route, then at its function's log",
    },
    Throttled: {
      metric: throttled,
      // A caller that backs off meets the limit a few times; one that does not, at once.
      threshold: 10,
      means: "Callers are told 429, by API Gateway's throttle or by Genesys's rate limit",
    },
    ...Object.fromEntries(failing),
    UnforeseenErrors: {
      metric: ownMetric(stackName, metricNames.unforeseen),
      threshold: 1,
      means:
        "The authorizer, flip-toggle, fire-schedule or run-command failed in a way that it does not handle: its log has a line with code 'function.failed'",
    },
    ...(org.auth.kind === 'jwt' && {
      KeysUnreachable: {
        metric: ownMetric(stackName, metricNames.keysUnreachable),
        // A caller was turned away who may have had every right.
        threshold: 1,
        means:
          "Callers are told 503, since the token issuer's keys cannot be had: the log of authorize says why (code 'keys.unreachable')",
      },
    }),
    RotationFailed: {
      metric: ownMetric(stackName, metricNames.rotationFailed),
      threshold: 1,
      means:
        'An access token was not renewed: rotation.failed in the log of rotate-token says why; the one in force lasts about 12 hours more, or 2 where tokens live for 14',
    },
    UpstreamUnauthorized: {
      metric: ownMetric(stackName, metricNames.upstreamUnauthorized),
      // One is a token renewed in time; three mean that the renewed one is refused too.
      threshold: 3,
      means: 'Genesys refuses the access token again and again: look at the OAuth clients',
    },
    UpstreamForbidden: {
      metric: ownMetric(stackName, metricNames.upstreamForbidden),
      // A missing permission does not mend itself.
      threshold: 1,
      means:
        "An OAuth client lacks a permission in Genesys: the function's log has the operation, and the permission where Genesys names one",
    },
  }
}

function alarmsOfChanges(stackName: string, { deadLetters, listLetters }: GatewayAlarmsProps): AlarmTable {
  return {
    NeedsAttention: {
      metric: ownMetric(stackName, metricNames.changeNeedsAttention),
      threshold: 1,
      means:
        'What a change left in Genesys may not be what was asked: GET /v1/changes?state=NEEDS_ATTENTION has it, POST /v1/changes/{changeId}/settle looks at it; the metric ChangeUndone beside this one counts what ended undone',
    },
    DeadLetters: {
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({
        period: PERIOD,
        statistic: Stats.MAXIMUM,
      }),
      threshold: 1,
      means:
        'An event, a schedule or a chat message could not be carried out: it lies in the dead-letter queue, for 14 days; npm run redrive shows it and sends it back',
    },
    ListLetters: {
      metric: listLetters.metricApproximateNumberOfMessagesVisible({
        period: PERIOD,
        statistic: Stats.MAXIMUM,
      }),
      threshold: 1,
      means:
        "A turn of a list failed fifteen times and was given up; the list's next turn is asked for by the tick. The log of take-turns says why, npm run redrive shows which list",
    },
    TickNotRun: {
      metric: ownMetric(stackName, metricNames.tickRan),
      // Of five that are due in a period. With none, nothing waits, reverts, expires or is told any more.
      threshold: 1,
      isLeast: true,
      isSilenceBad: true,
      means:
        'Changes are not taken further as time passes: look at its rule, and at the log of advance-due-changes, where invocation.failed says why',
    },
    OldestDue: {
      metric: ownMetric(stackName, metricNames.oldestDue).with({
        statistic: Stats.MAXIMUM,
        period: PUT_OFF_PERIOD,
      }),
      // What fails is put off for ten minutes at most, so that it shows again within these.
      threshold: LONG_DUE.toSeconds(),
      means:
        'What time is to do to a change, such as taking it back or telling of it on the event bus, has not come about for a quarter of an hour or longer: change.left in the log of advance-due-changes says of which, and why. Look at the highest value of 15 minutes: what was put off shows only when it is tried, and is 0 in between',
    },
    WritesPaused: {
      metric: ownMetric(stackName, metricNames.writesPaused).with({
        statistic: Stats.MINIMUM,
        period: Duration.hours(1),
      }),
      threshold: 1,
      // Whoever throws the switch knows of it; a day later it may be forgotten.
      periods: HOURS_PAUSED,
      means:
        'Writes to Genesys have been paused for a day, and what was to be taken back in it was not: GET /v1/writes says by whom and why',
    },
  }
}

/** @param excused how many of them are no fault. */
function errorsOf(functions: readonly IFunction[], excused?: IMetric): IMetric {
  const metrics = functions.map(
    (fn, index) => [`f${index}`, fn.metricErrors({ period: PERIOD, statistic: Stats.SUM })] as const,
  )
  return new MathExpression({
    expression: metrics.map(([id]) => `FILL(${id}, 0)`).join(' + ') + (excused ? ' - FILL(excused, 0)' : ''),
    usingMetrics: { ...Object.fromEntries(metrics), ...(excused && { excused }) },
    label: 'Errors of all',
    period: PERIOD,
  })
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}
