import { describe, expect, it } from 'vitest'
import { METRIC_NAMESPACE, metricNames } from '../../../../lib/observe/metric-names.ts'
import { operations } from '../../../../lib/operations/index.ts'
import { at, flat, listOf, Synthesized, statementsIn } from '../../synthesized.ts'

const stack = new Synthesized('jwt')
const key = `<${stack.only('AWS::KMS::Key').id}>`
const alarms = [...stack.ofType('AWS::CloudWatch::Alarm').values()].map(({ Properties }) => Properties)
const alarm = (name: string) => alarms.find(({ AlarmName }) => AlarmName === `genesys-license-jwt-${name}`)

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

  const alarmsOfErrors = alarms.filter(({ AlarmName }) => String(AlarmName).includes('FunctionErrors'))
  const metricsIn = (metrics: unknown) =>
    listOf(metrics).flatMap((metric) => at(metric, 'MetricStat', 'Metric') ?? [])
  const functionsIn = (metrics: unknown) =>
    metricsIn(metrics)
      .filter((metric) => at(metric, 'Namespace') === 'AWS/Lambda')
      .map((metric) => flat(at(metric, 'Dimensions', 0, 'Value')))

  const byDesign = ['rotate-token', 'authorize', 'flip-toggle', 'fire-schedule', 'write-audit']

  it('watch the errors of every function but those that fail by design, at most ten in one alarm', () => {
    const groups = alarmsOfErrors.map(({ Metrics }) => functionsIn(Metrics))
    for (const { Metrics } of alarmsOfErrors) expect(metricsIn(Metrics).length).toBeLessThanOrEqual(10)
    const watched = groups.flat().sort()
    const expected = stack
      .lambdaNames()
      .filter((name) => !byDesign.includes(name))
      .map((name) => `<${stack.lambda(name).id}>`)
    expect(watched).toEqual(expected.sort())
  })

  it('are not set off by a client that takes no more of a streamed answer, and by all other errors of what streams (O12)', () => {
    const streaming = operations
      .filter(({ files }) => files)
      .map(({ id }) => id.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`))
      .map((name) => `<${stack.lambda(name).id}>`)
    const excusing = alarmsOfErrors.filter(({ Metrics }) =>
      metricsIn(Metrics).some((each) => at(each, 'MetricName') === metricNames.answersAbandoned),
    )
    expect(excusing.map(({ Metrics }) => functionsIn(Metrics).sort())).toEqual([streaming.sort()])
    const [sum] = listOf(excusing[0]?.['Metrics'])
      .map((each) => at(each, 'Expression'))
      .filter(Boolean)
    expect(sum).toBe(`${streaming.map((_, index) => `FILL(f${index}, 0)`).join(' + ')} - FILL(excused, 0)`)
  })

  it('read no metric of single methods, which API Gateway does not keep here, nor does the dashboard', () => {
    const widgets = [...stack.ofType('AWS::CloudWatch::Dashboard').values()]
    expect(widgets.length).toBeGreaterThan(0)
    const text = JSON.stringify([alarms, widgets])
    expect(text).toContain('AWS/ApiGateway')
    expect(text).not.toMatch(/AWS\/ApiGateway[^\]]*?(\\?"Method\\?"|\\?"Resource\\?",)/)
    const dimensions = alarms
      .filter(({ Namespace }) => Namespace === 'AWS/ApiGateway')
      .flatMap(({ Dimensions }) => listOf(Dimensions).map((each) => at(each, 'Name')))
    expect(new Set(dimensions)).toEqual(new Set(['ApiName', 'Stage']))
  })

  it('wake somebody at the first change that needs attention, dead letter in either queue, and fault nobody foresaw', () => {
    for (const name of [
      'NeedsAttention',
      'DeadLetters',
      'ListLetters',
      'UnforeseenErrors',
      'KeysUnreachable',
    ]) {
      expect(alarm(name)).toMatchObject({
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        EvaluationPeriods: 1,
      })
    }
    for (const [name, queue] of [
      ['DeadLetters', 'deadLetters'],
      ['ListLetters', 'listLetters'],
    ] as const) {
      expect(alarm(name)).toMatchObject({
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Statistic: 'Maximum',
      })
      expect(listOf(alarm(name)?.['Dimensions']).map((each) => flat(at(each, 'Value')))).toEqual([
        `<${stack.queue(queue).id}>`,
      ])
    }
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

  it('wake somebody when writes have been paused for a day on end', () => {
    expect(alarm('WritesPaused')).toMatchObject({
      Namespace: METRIC_NAMESPACE,
      MetricName: metricNames.writesPaused,
      Statistic: 'Minimum',
      Period: 3600,
      EvaluationPeriods: 24,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
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

  it('wake somebody when a day has had no audit file for 36 hours, or nobody tells, for two hours on end', () => {
    expect(alarm('AuditLate')).toMatchObject({
      Namespace: METRIC_NAMESPACE,
      MetricName: metricNames.auditAge,
      Statistic: 'Maximum',
      Period: 3600,
      Threshold: 36 * 3600,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 2,
      TreatMissingData: 'breaching',
    })
  })

  it('wake somebody when something was there before the audit file of a day', () => {
    expect(alarm('AuditMet')).toMatchObject({
      MetricName: metricNames.auditMet,
      Statistic: 'Sum',
      Threshold: 1,
      EvaluationPeriods: 1,
    })
  })

  it('are silent without data, those aside that time must feed, and tell the topic otherwise', () => {
    const topic = `<${[...stack.ofType('AWS::SNS::Topic').keys()][0]}>`
    const streaming = operations.filter(({ files }) => files).length
    const others = stack.lambdaNames().length - byDesign.length - streaming
    const groups = Math.ceil(others / 10) + Math.ceil(streaming / 9)
    const fed = ['TickNotRun', 'ReadTokenOld', 'WriteTokenOld', 'ReadingOld', 'AuditLate'].map(alarm)
    expect(alarms).toHaveLength(18 + groups)
    for (const properties of alarms) {
      expect(properties['TreatMissingData']).toBe(fed.includes(properties) ? 'breaching' : 'notBreaching')
      expect(listOf(properties['AlarmActions']).map(flat)).toEqual([topic])
      expect(properties['OKActions']).toBeUndefined()
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

describe('a topic of the operator’s own, and notices that an alarm is over', () => {
  const own = new Synthesized('iamPrivate')

  it('are what every alarm has, and no topic is made, mailed or let near the key', () => {
    const arn = 'arn:aws:sns:eu-west-1:111111111111:on-call'
    for (const { Properties } of own.ofType('AWS::CloudWatch::Alarm').values())
      expect([Properties['AlarmActions'], Properties['OKActions']]).toEqual([[arn], [arn]])
    for (const type of ['Topic', 'TopicPolicy', 'Subscription'])
      expect(own.ofType(`AWS::SNS::${type}`).size).toBe(0)
    const statements = statementsIn(own.only('AWS::KMS::Key').Properties['KeyPolicy'])
    expect(statements.map(({ principal }) => flat(at(principal, 'Service')))).not.toContain(
      'cloudwatch.amazonaws.com',
    )
  })
})
