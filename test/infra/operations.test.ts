import { App } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { ArtifactMetadataEntryType } from 'aws-cdk-lib/cloud-assembly-schema'
import { describe, expect, it } from 'vitest'
import { defineOrg, type OrgFile } from '../../infra/orgs/define-org.ts'
import { addStacks } from '../../infra/stacks/add-stacks.ts'
import { METRIC_NAMESPACE, metricNames } from '../../lib/observe/metric-names.ts'
import {
  at,
  eventFunctionNames,
  flat,
  listOf,
  operationNames,
  orgs,
  Synthesized,
  statementsIn,
} from './fixtures.ts'

const stack = new Synthesized('jwt')
const key = `<${[...stack.ofType('AWS::KMS::Key').keys()][0]}>`
const alarms = [...stack.ofType('AWS::CloudWatch::Alarm').values()].map(({ Properties }) => Properties)
const alarm = (name: string) => alarms.find(({ AlarmName }) => AlarmName === `genesys-license-jwt-${name}`)

describe('the functions', () => {
  it('are one for each operation, each event, the tick, the rotation and the authorizer', () => {
    const expected = [
      ...operationNames.map(({ name }) => name),
      ...eventFunctionNames,
      'authorize',
      'rotate-token',
    ]
    expect([...stack.lambdaNames()].sort()).toEqual(expected.sort())
  })

  it('run on Node 24 and arm64 with 256 MB, log JSON and trace', () => {
    for (const { Properties } of stack.ofType('AWS::Lambda::Function').values()) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        MemorySize: 256,
        Handler: 'index.handler',
        TracingConfig: { Mode: 'Active' },
      })
      expect(at(Properties, 'LoggingConfig', 'LogFormat')).toBe('JSON')
    }
  })

  it('live longer than the 14 s deadline of an operation, and no longer than 30 s, which the quiet period relies on', () => {
    for (const name of [...operationNames.map((each) => each.name), ...eventFunctionNames]) {
      expect(stack.lambda(name).properties['Timeout']).toBe(28)
    }
    for (const { Properties } of stack.ofType('AWS::Lambda::Function').values()) {
      expect(Number(Properties['Timeout'])).toBeLessThanOrEqual(30)
    }
  })
})

describe('the logs', () => {
  const logs = (of: Synthesized) => [...of.ofType('AWS::Logs::LogGroup').values()]

  it('are kept for a while and encrypted, each of them, those that API Gateway writes too', () => {
    for (const { Properties } of logs(stack)) {
      expect(Properties['RetentionInDays']).toBe(90)
      expect(flat(Properties['KmsKeyId'])).toBe(key)
    }
    const names = logs(stack).map(({ Properties }) => flat(Properties['LogGroupName']))
    expect(names).toContain('/genesys-license-gateway/jwt/access')
    expect(names.some((name) => /^API-Gateway-Execution-Logs_<\w+>\/live$/.test(name))).toBe(true)
    expect(names).toHaveLength(stack.lambdaNames().length + 2)
  })

  it('are kept for as long as the org file says', () => {
    for (const { Properties } of logs(new Synthesized('jwtPrivate')))
      expect(Properties['RetentionInDays']).toBe(365)
  })

  it('are there before the stage writes to them', () => {
    const [stage] = [...stack.ofType('AWS::ApiGateway::Stage').values()]
    expect(listOf(stage?.DependsOn).some((id) => String(id).startsWith('ApiExecutionLog'))).toBe(true)
  })

  it('outlive the stack where they say who used the gateway, and so does their key', () => {
    const access = logs(stack).find(({ Properties }) =>
      String(Properties['LogGroupName']).endsWith('/access'),
    )
    expect(access?.DeletionPolicy).toBe('RetainExceptOnCreate')
    expect([...stack.ofType('AWS::KMS::Key').values()][0]?.DeletionPolicy).toBe('RetainExceptOnCreate')
  })
})

describe('the key', () => {
  const [properties] = [...stack.ofType('AWS::KMS::Key').values()].map(({ Properties }) => Properties)
  const statements = statementsIn(properties?.['KeyPolicy'])
  const service = (name: string) =>
    statements.find(({ principal }) => flat(at(principal, 'Service')).startsWith(name))

  it('is rotated', () => {
    expect(properties?.['EnableKeyRotation']).toBe(true)
  })

  it('serves CloudWatch Logs for the log groups of this stack, and alarms of this account', () => {
    expect(
      listOf(at(service('logs.')?.condition, 'ArnLike', 'kms:EncryptionContext:aws:logs:arn')).map(flat),
    ).toEqual([
      'arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:/genesys-license-gateway/jwt/*',
      'arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:API-Gateway-Execution-Logs_*',
    ])
    expect(flat(at(service('cloudwatch.')?.condition, 'StringEquals', 'aws:SourceAccount'))).toBe(
      '<AWS::AccountId>',
    )
  })

  it('is open to nobody outside the account', () => {
    for (const { principal } of statements) {
      const account = at(principal, 'AWS')
      if (account !== undefined) expect(flat(account)).toBe('arn:<AWS::Partition>:iam::<AWS::AccountId>:root')
    }
  })
})

it('each function’s variables fit into the 4 kB that Lambda takes, with the longest names', () => {
  for (const { Properties } of stack.ofType('AWS::Lambda::Function').values()) {
    const variables = Object.entries(at(Properties, 'Environment', 'Variables') ?? {}).map(
      // What is known at deployment alone is an ARN or a name at most.
      ([name, value]) => [name, typeof value === 'string' ? value : 'x'.repeat(160)],
    )
    const bytes = Buffer.byteLength(JSON.stringify(Object.fromEntries(variables)))
    expect(bytes + 4 * 200).toBeLessThan(4096)
  }
})

describe('an org file that leaves its place out', () => {
  const arn = 'arn:aws:wafv2:eu-west-1:000000000000:regional/webacl/x/00000000-0000-4000-8000-000000000000'
  const errorsAt = (region: string, account?: string, aws?: OrgFile['aws']) => {
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } })
    const org = defineOrg({ ...orgs.iam, waf: { webAclArn: arn }, ...(aws ? { aws } : {}) })
    const codeOf = () => Code.fromInline('exports.handler = async () => ({})')
    const [made] = addStacks(app, { orgs: [org], operations: [], codeOf, deployer: { region, account } })
    if (!made) throw new Error('no stack was made')
    return made.node.metadata
      .filter(({ type }) => type === ArtifactMetadataEntryType.ERROR)
      .map(({ data }) => data)
  }

  it('is held against where the credentials of the deployment point', () => {
    expect(errorsAt('eu-west-1')).toEqual([])
    expect(errorsAt('us-east-1')).toEqual(
      ['customDomain.certificateArn', 'waf.webAclArn'].map(
        (field) =>
          `Org file 'iam': ${field} must be of the region us-east-1, where your AWS credentials point, not of eu-west-1.`,
      ),
    )
    expect(errorsAt('eu-west-1', '111111111111')).toHaveLength(2)
    expect(errorsAt('cn-north-1')).toEqual([
      expect.stringContaining(
        "aws.region must be one of AWS's commercial or GovCloud regions, not cn-north-1",
      ),
    ])
  })

  it('is not, where it says its own', () => {
    expect(errorsAt('us-east-1', '111111111111', { account: '000000000000', region: 'eu-west-1' })).toEqual(
      [],
    )
  })
})

describe('the alarms (N24)', () => {
  it.each([
    ['ServerErrors', 'AWS/ApiGateway', '5XXError'],
    ['Throttled', METRIC_NAMESPACE, 'Throttled'],
    ['UnforeseenErrors', METRIC_NAMESPACE, metricNames.unforeseen],
    ['KeysUnreachable', METRIC_NAMESPACE, metricNames.keysUnreachable],
    ['RotationFailed', METRIC_NAMESPACE, metricNames.rotationFailed],
    ['UpstreamUnauthorized', METRIC_NAMESPACE, metricNames.upstreamUnauthorized],
    ['UpstreamForbidden', METRIC_NAMESPACE, metricNames.upstreamForbidden],
    ['NeedsAttention', METRIC_NAMESPACE, metricNames.changeNeedsAttention],
    ['TickNotRun', METRIC_NAMESPACE, metricNames.tickRan],
  ])('%s watches %s %s of this stack', (name, namespace, metric) => {
    expect(alarm(name)).toMatchObject({
      Namespace: namespace,
      MetricName: metric,
      Statistic: 'Sum',
      Period: 300,
    })
    const dimensions = listOf(alarm(name)?.['Dimensions']).map((dimension) => at(dimension, 'Value'))
    expect(dimensions).toContain('genesys-license-jwt')
  })

  it('watch the errors of every function but those that fail by design, at most ten in one alarm', () => {
    const groups = alarms
      .filter(({ AlarmName }) => String(AlarmName).includes('FunctionErrors'))
      .map(({ Metrics }) =>
        listOf(Metrics).flatMap((metric) =>
          listOf(at(metric, 'MetricStat', 'Metric', 'Dimensions', 0, 'Value')),
        ),
      )
    for (const group of groups) expect(group.length).toBeLessThanOrEqual(10)
    const watched = groups.flat().map(flat).sort()
    const expected = stack
      .lambdaNames()
      .filter((name) => !['rotate-token', 'authorize', 'flip-toggle', 'fire-schedule'].includes(name))
      .map((name) => `<${stack.lambda(name).id}>`)
    expect(watched).toEqual(expected.sort())
  })

  it('wake somebody at the first change that needs attention, dead letter in the only queue, and fault nobody foresaw', () => {
    for (const name of ['NeedsAttention', 'DeadLetters', 'UnforeseenErrors', 'KeysUnreachable']) {
      expect(alarm(name)).toMatchObject({
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        EvaluationPeriods: 1,
      })
    }
    expect(alarm('DeadLetters')).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Statistic: 'Maximum',
    })
    expect(listOf(alarm('DeadLetters')?.['Dimensions']).map((each) => flat(at(each, 'Value')))).toEqual([
      `<${stack.only('AWS::SQS::Queue').id}>`,
    ])
  })

  it('wake somebody when no tick ran in 5 minutes, also when nothing is heard of it at all', () => {
    expect(alarm('TickNotRun')).toMatchObject({
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      EvaluationPeriods: 1,
      TreatMissingData: 'breaching',
    })
  })

  it('wake somebody when what is due has not come about for a quarter of an hour', () => {
    expect(alarm('OldestDue')).toMatchObject({
      Namespace: METRIC_NAMESPACE,
      MetricName: metricNames.oldestDue,
      Statistic: 'Maximum',
      Period: 900,
      Threshold: 900,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    })
  })

  it('wake somebody when a token grew older than its rotation allows, or its age is not told, for three periods', () => {
    for (const [name, metric] of [
      ['ReadTokenOld', metricNames.readTokenAge],
      ['WriteTokenOld', metricNames.writeTokenAge],
    ] as const) {
      expect(alarm(name)).toMatchObject({
        Namespace: METRIC_NAMESPACE,
        MetricName: metric,
        Statistic: 'Maximum',
        Period: 300,
        Threshold: 13 * 3600,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        EvaluationPeriods: 3,
        TreatMissingData: 'breaching',
      })
    }
  })

  it('are silent without data, those aside that time must feed, and tell the topic otherwise', () => {
    const topic = `<${[...stack.ofType('AWS::SNS::Topic').keys()][0]}>`
    const groups = Math.ceil((stack.lambdaNames().length - 4) / 10)
    const fed = ['TickNotRun', 'ReadTokenOld', 'WriteTokenOld'].map(alarm)
    expect(alarms).toHaveLength(13 + groups)
    for (const properties of alarms) {
      expect(properties['TreatMissingData']).toBe(fed.includes(properties) ? 'breaching' : 'notBreaching')
      expect(listOf(properties['AlarmActions']).map(flat)).toEqual([topic])
      expect(String(properties['AlarmDescription']).length).toBeGreaterThan(30)
    }
  })

  it('count what callers are told 429 from the access log, by stack', () => {
    const [filter] = [...stack.ofType('AWS::Logs::MetricFilter').values()].map(({ Properties }) => Properties)
    expect(filter?.['FilterPattern']).toBe('{ $.status = "429" }')
    expect(at(filter, 'MetricTransformations', 0)).toMatchObject({
      MetricNamespace: METRIC_NAMESPACE,
      MetricName: 'Throttled',
      Dimensions: [{ Key: 'Stack', Value: '$.stack' }],
    })
    const [stage] = [...stack.ofType('AWS::ApiGateway::Stage').values()]
    const format: unknown = JSON.parse(String(at(stage?.Properties, 'AccessLogSetting', 'Format')))
    expect(format).toMatchObject({ stack: 'genesys-license-jwt', status: '$context.status' })
  })
})

describe("the alarms' topic", () => {
  it('is encrypted, takes TLS alone, lets this account’s alarms in and mails the operator', () => {
    const [topic] = [...stack.ofType('AWS::SNS::Topic').values()]
    expect(flat(topic?.Properties['KmsMasterKeyId'])).toBe(key)
    const [policy] = [...stack.ofType('AWS::SNS::TopicPolicy').values()]
    const statements = statementsIn(policy?.Properties['PolicyDocument'])
    expect(statements.find(({ effect }) => effect === 'Deny')?.condition).toEqual({
      Bool: { 'aws:SecureTransport': 'false' },
    })
    const allowed = statements.filter(({ effect }) => effect === 'Allow')
    expect(allowed.map(({ principal }) => principal)).toEqual([{ Service: 'cloudwatch.amazonaws.com' }])
    expect(flat(at(allowed[0]?.condition, 'StringEquals', 'aws:SourceAccount'))).toBe('<AWS::AccountId>')
    const [subscription] = [...stack.ofType('AWS::SNS::Subscription').values()]
    expect(subscription?.Properties).toMatchObject({ Protocol: 'email', Endpoint: 'platform@example.com' })
  })
})

describe('the outputs', () => {
  it('tell where events go, where changes are kept and where dead letters lie', () => {
    const outputs = stack.template.findOutputs('*')
    const value = (name: string) => flat(at(outputs[name], 'Value'))
    const [table, bus, queue] = ['AWS::DynamoDB::Table', 'AWS::Events::EventBus', 'AWS::SQS::Queue'].map(
      (type) => `<${stack.only(type).id}>`,
    )
    expect([value('EventBusName'), value('EventBusArn')]).toEqual([bus, bus])
    expect(value('TableName')).toBe(table)
    expect(value('DeadLetterQueueUrl')).toBe(queue)
  })

  it('tell the address, the secrets to fill and the topic', () => {
    const outputs = Object.values(stack.template.findOutputs('*')).map((output) => flat(at(output, 'Value')))
    expect(outputs).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^https:\/\/<\w+>\.execute-api\.<AWS::Region>\.<AWS::URLSuffix>\/<\w+>\/$/),
        'genesys-license-gateway/jwt/read-client',
        'genesys-license-gateway/jwt/write-client',
      ]),
    )
    expect(
      Object.keys(new Synthesized('iam').template.findOutputs('*')).filter((id) => id.includes('PolicyArn')),
    ).toHaveLength(3)
  })
})

describe('the template', () => {
  it('fits: CloudFormation takes 500 resources and 1 MB', () => {
    const template = stack.template.toJSON()
    expect(Object.keys(at(template, 'Resources') ?? {}).length).toBeLessThan(480)
    expect(JSON.stringify(template).length).toBeLessThan(900_000)
  })
})
