/**
 * What a function might ask of AWS beside what it must: every action that comes near, on everything that the stack has and on
 * what others have. Of these a function may do what its calls are, and nothing else.
 */
import {
  each,
  foreign,
  onBuckets,
  onBuses,
  onKeys,
  onQueues,
  onSecrets,
  onTables,
} from './data-neighbours.ts'
import type { Deployed } from './deployed.ts'
import type { Request, Requests } from './requests.ts'
import { ACCOUNT, arnOf } from './resource-names.ts'

export function neighboursOf(deployed: Deployed, r: Requests): readonly Request[] {
  return [
    ...onSecrets(deployed, r),
    ...onKeys(deployed, r),
    ...onTables(r),
    ...onBuckets(r),
    ...onBuses(r),
    ...onQueues(r),
    ...onFunctions(deployed, r),
    ...onSchedules(r),
    ...onRoles(deployed, r),
    ...onLogs(deployed, r),
    ...elsewhere(deployed, r),
  ]
}

function onFunctions(deployed: Deployed, r: Requests): Request[] {
  const own = deployed.stack.lambdaNames().map((name) => deployed.functionArn(name))
  const others = [arnOf('lambda', 'function:other'), foreign(own[0] ?? '')]
  return [
    ...each(r, 'lambda', ['InvokeFunction'], [...own, ...others]),
    ...each(
      r,
      'lambda',
      [
        'UpdateFunctionCode',
        'UpdateFunctionConfiguration',
        'AddPermission',
        'GetFunction',
        'InvokeFunctionUrl',
      ],
      own,
    ),
    ...each(r, 'lambda', ['GetLayerVersion'], [arnOf('lambda', 'layer:any:1')]),
  ]
}

function onSchedules(r: Requests): Request[] {
  const actions = ['CreateSchedule', 'DeleteSchedule', 'UpdateSchedule', 'GetSchedule']
  return [
    ...actions.flatMap((name) =>
      [r.scheduleGroup, 'default', 'other'].map((group) => r.schedule(`scheduler:${name}`, group)),
    ),
    ...each(
      r,
      'scheduler',
      ['DeleteScheduleGroup'],
      [arnOf('scheduler', `schedule-group/${r.scheduleGroup}`)],
    ),
    ...each(r, 'scheduler', ['ListSchedules'], ['*']),
  ]
}

function onRoles(deployed: Deployed, r: Requests): Request[] {
  const roles = [...new Set(deployed.arnsOf('AWS::IAM::Role')), `arn:aws:iam::${ACCOUNT}:role/Admin`]
  return [
    ...roles.flatMap((role) => [
      r.request('iam:PassRole', role),
      r.passing(role, 'lambda.amazonaws.com'),
      r.passing(role, 'scheduler.amazonaws.com'),
    ]),
    ...each(
      r,
      'iam',
      ['PutRolePolicy', 'AttachRolePolicy', 'UpdateAssumeRolePolicy', 'CreateRole'],
      [deployed.scheduleRole(), `arn:aws:iam::${ACCOUNT}:role/Admin`],
    ),
    ...each(r, 'sts', ['AssumeRole'], roles),
  ]
}

function onLogs(deployed: Deployed, r: Requests): Request[] {
  const groups = [...deployed.logGroups(), '/aws/lambda/other']
  return groups.flatMap((group) =>
    ['CreateLogStream', 'PutLogEvents', 'GetLogEvents', 'DeleteLogStream'].map((name) =>
      r.log(`logs:${name}`, group),
    ),
  )
}

function elsewhere(deployed: Deployed, r: Requests): Request[] {
  return [
    ...each(r, 'sns', ['Publish', 'Subscribe', 'DeleteTopic'], deployed.arnsOf('AWS::SNS::Topic')),
    ...each(
      r,
      'logs',
      ['CreateLogGroup', 'DeleteLogGroup', 'PutRetentionPolicy', 'StartQuery'],
      [...deployed.logGroups().map((group) => arnOf('logs', `log-group:${group}:*`))],
    ),
    ...each(r, 'xray', ['PutTraceSegments', 'PutTelemetryRecords', 'GetTraceSummaries'], ['*']),
    ...each(r, 'cloudwatch', ['PutMetricData', 'DisableAlarmActions'], ['*']),
    ...each(r, 's3', ['GetObject', 'PutObject'], ['arn:aws:s3:::any/key']),
    ...each(r, 'ssm', ['GetParameter'], [arnOf('ssm', 'parameter/any')]),
    ...each(r, 'execute-api', ['Invoke'], [arnOf('execute-api', 'any/live/GET/v1/changes')]),
    ...each(r, 'cloudformation', ['UpdateStack', 'DeleteStack'], [arnOf('cloudformation', 'stack/any/1')]),
  ]
}
