/**
 * What services of AWS ask in this stack's name, each call derived from the resource that makes it: a rule fires its target,
 * API Gateway calls the functions of its methods, Scheduler takes its role, CloudWatch tells its topic.
 */
import { at, listOf } from '../synthesized.ts'
import type { Deployed } from './deployed.ts'
import type { Call, Context } from './evaluate.ts'
import { type Requests, requestsOf } from './requests.ts'
import { ACCOUNT, arnOf } from './resource-names.ts'

export interface ServiceCall {
  /** Who asks, and why. */
  readonly title: string
  readonly call: Call
  /** The same call of somebody else's: another rule, another account, another stage. */
  readonly neighbours: readonly Call[]
}

/** @param id e.g. `events.amazonaws.com` */
function byService(id: string, { request }: Requests) {
  return (action: string, resource: string, context: Context): Call => ({
    principal: { kind: 'service', id },
    ...request(action, resource, context),
  })
}

export function serviceCallsOf(deployed: Deployed): readonly ServiceCall[] {
  const r = requestsOf(deployed)
  return [
    ...assumedRoles(deployed, r),
    ...firedRules(deployed, r),
    ...servedMethods(deployed, r),
    ...rotations(deployed, r),
    ...alarms(deployed, r),
    ...logGroups(deployed, r),
  ]
}

function assumedRoles(deployed: Deployed, r: Requests): ServiceCall[] {
  const lambda = byService('lambda.amazonaws.com', r)
  const scheduler = byService('scheduler.amazonaws.com', r)
  const events = byService('events.amazonaws.com', r)
  const assume = 'sts:AssumeRole'
  const functions = deployed.stack.lambdaNames().map((name) => {
    const role = deployed.roleArnOf(name)
    return {
      title: `Lambda takes the role of ${name}`,
      call: lambda(assume, role, {}),
      neighbours: [events(assume, role, {}), scheduler(assume, role, {})],
    }
  })
  const role = deployed.scheduleRole()
  const group = deployed.arnOfOnly('AWS::Scheduler::ScheduleGroup')
  const from = (account: string, source: string) =>
    scheduler(assume, role, { 'aws:SourceAccount': account, 'aws:SourceArn': source })
  return [
    ...functions,
    {
      title: 'Scheduler takes its role for the group of this stack',
      call: from(ACCOUNT, group),
      neighbours: [
        from(ACCOUNT, arnOf('scheduler', 'schedule-group/default')),
        from('999988887777', group),
        scheduler(assume, role, {}),
        lambda(assume, role, {}),
      ],
    },
  ]
}

function firedRules(deployed: Deployed, r: Requests): ServiceCall[] {
  const events = byService('events.amazonaws.com', r)
  return [...deployed.stack.ofType('AWS::Events::Rule')].flatMap(([id, { Properties }]) =>
    listOf(Properties['Targets']).flatMap((target) => {
      const rule = deployed.arn(id)
      const functionArn = deployed.resolve(at(target, 'Arn'))
      const queue = at(target, 'DeadLetterConfig', 'Arn')
      const asked = (action: string, resource: string, what: string): ServiceCall => ({
        title: `EventBridge ${what} by the rule ${id}`,
        call: events(action, resource, { 'aws:SourceArn': rule }),
        neighbours: [
          events(action, resource, { 'aws:SourceArn': arnOf('events', 'rule/other') }),
          events(action, resource, { 'aws:SourceArn': rule.replace(`:${ACCOUNT}:`, ':999988887777:') }),
          byService('sns.amazonaws.com', r)(action, resource, { 'aws:SourceArn': rule }),
        ],
      })
      return [
        asked('lambda:InvokeFunction', functionArn, 'invokes'),
        ...(queue === undefined
          ? []
          : [asked('sqs:SendMessage', deployed.resolve(queue), 'puts dead letters')]),
      ]
    }),
  )
}

function servedMethods(deployed: Deployed, r: Requests): ServiceCall[] {
  const gateway = byService('apigateway.amazonaws.com', r)
  const methods = [...deployed.stack.ofType('AWS::ApiGateway::Method').values()]
  return methods.flatMap(({ Properties }) => {
    const { HttpMethod: method, Integration: integration } = Properties
    const functionArn = deployed.functionOfUri(at(integration, 'Uri'))
    if (functionArn === undefined) return []
    const api = deployed.resolve(Properties['RestApiId'])
    // A value for each parameter, as a request has them.
    const path = deployed.pathOf(Properties['ResourceId']).replaceAll(/\{\w+\}/g, 'value') || '/'
    const from = (source: string) =>
      gateway('lambda:InvokeFunction', functionArn, { 'aws:SourceArn': arnOf('execute-api', source) })
    return {
      title: `API Gateway serves ${method} ${path}`,
      call: from(`${api}/live/${method}${path}`),
      neighbours: [
        from(`${api}/test-invoke-stage/${method}${path}`),
        from(`${api}/live/PATCH${path}`),
        from(`${api}/live/${method === 'GET' ? 'POST' : 'GET'}${path}`),
        from(`other/live/${method}${path}`),
      ],
    }
  })
}

function rotations(deployed: Deployed, r: Requests): ServiceCall[] {
  const manager = byService('secretsmanager.amazonaws.com', r)
  return [...deployed.stack.ofType('AWS::SecretsManager::RotationSchedule').values()].map(
    ({ Properties }) => {
      const secret = deployed.resolve(Properties['SecretId'])
      const functionArn = deployed.resolve(Properties['RotationLambdaARN'])
      const from = (account: string, source: string) =>
        manager('lambda:InvokeFunction', functionArn, {
          'aws:SourceAccount': account,
          'aws:SourceArn': source,
        })
      return {
        title: `Secrets Manager rotates ${secret.split(':').at(-1)}`,
        call: from(ACCOUNT, secret),
        neighbours: [from(ACCOUNT, deployed.secretArn('readClient')), from('999988887777', secret)],
      }
    },
  )
}

function alarms(deployed: Deployed, r: Requests): ServiceCall[] {
  const watch = byService('cloudwatch.amazonaws.com', r)
  const topics = deployed.arnsOf('AWS::SNS::Topic')
  return [...deployed.stack.ofType('AWS::CloudWatch::Alarm').values()].flatMap(({ Properties }) => {
    const name = deployed.resolve(Properties['AlarmName'])
    const actions = ['AlarmActions', 'OKActions'].flatMap((property) =>
      listOf(Properties[property]).map((action) => deployed.resolve(action)),
    )
    // A topic of the operator's own has a policy of the operator's.
    const told = [...new Set(actions)].filter((arn) => topics.includes(arn))
    const from = (action: string, resource: string, alarm: string, account = ACCOUNT) =>
      watch(action, resource, {
        'aws:SourceAccount': account,
        'aws:SourceArn': arnOf('cloudwatch', `alarm:${alarm}`).replace(ACCOUNT, account),
      })
    return told.flatMap((topic) => [
      {
        title: `CloudWatch tells of ${name}`,
        call: from('sns:Publish', topic, name),
        neighbours: [
          from('sns:Publish', topic, 'of-another-stack'),
          from('sns:Publish', topic, name, '999988887777'),
          watch('sns:Publish', topic, {}),
        ],
      },
      ...['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => ({
        title: `CloudWatch uses the key for ${name} by ${action}`,
        call: from(action, r.key, name),
        neighbours: [from(action, r.key, name, '999988887777'), from('kms:Encrypt', r.key, name)],
      })),
    ])
  })
}

function logGroups(deployed: Deployed, r: Requests): ServiceCall[] {
  const logs = byService('logs.eu-west-1.amazonaws.com', r)
  const groups = [...deployed.stack.ofType('AWS::Logs::LogGroup').values()]
    .filter(({ Properties }) => Properties['KmsKeyId'] !== undefined)
    .map(({ Properties }) => deployed.resolve(Properties['LogGroupName']))
  const withContext = (action: string, group: string) =>
    logs(action, r.key, { 'kms:EncryptionContext:aws:logs:arn': arnOf('logs', `log-group:${group}`) })
  return groups.flatMap((group) =>
    ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'].map((action) => ({
      title: `CloudWatch Logs keeps ${group} by ${action}`,
      call: withContext(action, group),
      neighbours: [
        withContext(action, '/aws/lambda/other'),
        logs(action, r.key, {}),
        withContext('kms:CreateGrant', group),
      ],
    })),
  )
}
