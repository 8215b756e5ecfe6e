/** What chat adds to a stack: an API of its own, two functions that can hand on and no more, and one that carries out. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { BuildError } from '../../../../infra/build/build-error.ts'
import { codeOf } from '../../../../infra/build/code-of.ts'
import { Policy } from '../../../../lib/changes/model/policy.ts'
import { CHAT_DELIVERED, CHAT_SOURCE } from '../../../../lib/chat/webhook/queued.ts'
import {
  DELIVERY_MAX_AGE_SECONDS,
  DELIVERY_MAX_RETRIES,
  EVENT_SOURCE,
} from '../../../../lib/events/contract.ts'
import { orgs } from '../../orgs/test-orgs.ts'
import { at, flat, listOf, Synthesized } from '../../synthesized.ts'

const stack = new Synthesized('chat')
const withSlackAlone = new Synthesized('slack')

const api = apiOf(stack)
const idOf = (name: string) => `<${stack.lambda(name).id}>`
const queue = `<${stack.queue('deadLetters').id}>`
const bus = `<${stack.only('AWS::Events::EventBus').id}>`
const key = `<${stack.only('AWS::KMS::Key').id}>`
const secret = (name: string) => `<${stack.secret(name)}>`

function apiOf(of: Synthesized): string {
  const [id] = [...of.ofType('AWS::ApiGateway::RestApi')].find(([, { Properties }]) =>
    String(Properties['Name']).endsWith('-chat'),
  ) ?? ['none']
  return id
}

/** What belongs to the API of chat. */
function ofChat(type: string, of = stack) {
  return [...of.ofType(type).values()].filter(
    ({ Properties }) => flat(Properties['RestApiId']) === `<${apiOf(of)}>`,
  )
}

function routes(of = stack): string[] {
  const paths = new Map(
    [...of.ofType('AWS::ApiGateway::Resource')].map(([id, { Properties }]) => [
      `<${id}>`,
      Properties['PathPart'],
    ]),
  )
  return ofChat('AWS::ApiGateway::Method', of)
    .map(({ Properties }) => `${Properties['HttpMethod']} /${paths.get(flat(Properties['ResourceId']))}`)
    .sort()
}

describe("chat's API", () => {
  it('has the routes of the platforms that the org file has, and no other', () => {
    expect(routes()).toEqual(['POST /slack', 'POST /teams'])
    expect(routes(withSlackAlone)).toEqual(['POST /slack'])
    expect(withSlackAlone.lambdaNames()).not.toContain('teams')
  })

  it('is not there without chat in the org file, nor are its functions and secrets', () => {
    const without = new Synthesized('jwtPrivate')
    expect(without.ofType('AWS::ApiGateway::RestApi').size).toBe(1)
    for (const name of ['slack', 'teams', 'run-command']) expect(without.lambdaNames()).not.toContain(name)
    expect(without.ofType('AWS::SecretsManager::Secret').size).toBe(4)
  })

  it('asks for no credentials, since Slack and Teams have none but their signature', () => {
    for (const { Properties } of ofChat('AWS::ApiGateway::Method')) {
      expect(Properties['AuthorizationType']).toBe('NONE')
      expect(Properties['AuthorizerId']).toBeUndefined()
    }
  })

  it('can be called from the internet beside a private one, and hands bodies on as bytes (L11)', () => {
    const { Properties } = stack.ofType('AWS::ApiGateway::RestApi').get(api) ?? {}
    expect(at(Properties, 'EndpointConfiguration', 'Types')).toEqual(['REGIONAL'])
    expect(at(Properties, 'BinaryMediaTypes')).toEqual(['*/*'])
    expect(at(Properties, 'Policy')).toBeUndefined()
  })

  it('has a throttle of its own, logs who called what, and nothing that was sent', () => {
    const [stage, ...others] = ofChat('AWS::ApiGateway::Stage')
    expect(others).toEqual([])
    expect(at(stage, 'Properties', 'MethodSettings')).toEqual([
      {
        HttpMethod: '*',
        ResourcePath: '/*',
        ThrottlingRateLimit: 10,
        ThrottlingBurstLimit: 20,
        LoggingLevel: 'ERROR',
        DataTraceEnabled: false,
        MetricsEnabled: false,
      },
    ])
    const format = String(at(stage, 'Properties', 'AccessLogSetting', 'Format'))
    expect(Object.keys(JSON.parse(format))).toContain('route')
    expect(format).not.toContain('header')
  })

  it("answers by itself in the gateway's form", () => {
    const all = stack.ofType('AWS::ApiGateway::GatewayResponse')
    expect(ofChat('AWS::ApiGateway::GatewayResponse').length).toBe(all.size / 2)
  })

  it('has a web ACL that counts, and does not block, what looks for words that people write', () => {
    const acls = [...stack.ofType('AWS::WAFv2::WebACL')]
    const [id, acl] = acls.find(([each]) => each.startsWith('Chat')) ?? []
    expect(acls).toHaveLength(2)
    const common = listOf(at(acl, 'Properties', 'Rules')).find(
      (rule) => at(rule, 'Name') === 'aws-common-rules',
    )
    const overrides = listOf(at(common, 'Statement', 'ManagedRuleGroupStatement', 'RuleActionOverrides'))
    expect(overrides.map((each) => at(each, 'Name'))).toContain('CrossSiteScripting_BODY')
    for (const each of overrides) expect(at(each, 'ActionToUse')).toEqual({ Count: {} })
    const associations = [...stack.ofType('AWS::WAFv2::WebACLAssociation').values()]
    const own = associations.find(({ Properties }) => flat(Properties['ResourceArn']).includes(`<${api}>`))
    expect(flat(own?.Properties['WebACLArn'])).toBe(`<${id}>`)
    expect(withSlackAlone.ofType('AWS::WAFv2::WebACLAssociation').size).toBe(0)
  })
})

describe('the functions of chat', () => {
  function grants(name: string): Readonly<Record<string, readonly string[]>> {
    const byAction: Record<string, string[]> = {}
    for (const { actions, resources } of stack.statementsOf(name)) {
      for (const action of actions) byAction[action] = [...(byAction[action] ?? []), ...resources]
    }
    return byAction
  }
  const rest = (name: string) => {
    const { 'logs:CreateLogStream': _, 'logs:PutLogEvents': __, ...others } = grants(name)
    return others
  }
  const traces = { 'xray:PutTelemetryRecords': ['*'], 'xray:PutTraceSegments': ['*'] }

  it('slack: reads its one secret and puts events, touches no table and no credential of Genesys', () => {
    expect(rest('slack')).toEqual({
      'secretsmanager:GetSecretValue': [secret('slack-signing')],
      'kms:Decrypt': [key],
      'events:PutEvents': [bus],
      ...traces,
    })
  })

  it('slack: puts deliveries of chat alone, so that it can ask for no toggle', () => {
    const putting = stack.statementsOf('slack').filter(({ actions }) => actions.includes('events:PutEvents'))
    expect(putting.map(({ condition }) => condition)).toEqual([
      {
        'ForAllValues:StringEquals': {
          'events:source': [CHAT_SOURCE],
          'events:detail-type': [CHAT_DELIVERED],
        },
        Null: { 'events:source': 'false', 'events:detail-type': 'false' },
      },
    ])
  })

  it('teams: reads its one secret and invokes run-command, touches no table and no credential of Genesys', () => {
    expect(rest('teams')).toEqual({
      'secretsmanager:GetSecretValue': [secret('teams-keys')],
      'kms:Decrypt': [key],
      'lambda:InvokeFunction': [idOf('run-command')],
      ...traces,
    })
  })

  it('run-command: may what the functions that events call may, and read the three secrets of chat', () => {
    const asFlipToggle = rest('flip-toggle')
    const {
      'secretsmanager:GetSecretValue': secrets = [],
      'kms:Decrypt': __,
      ...others
    } = rest('run-command')
    const { 'secretsmanager:GetSecretValue': token = [], 'kms:Decrypt': ___, ...wanted } = asFlipToggle
    expect(others).toEqual(wanted)
    const ofChatAlone = ['slack-signing', 'slack-bot-token', 'teams-keys'].map(secret)
    expect([...secrets].sort()).toEqual([...token, ...ofChatAlone].sort())
    expect(Object.values(others).flat()).not.toContain(secret('write-client-credentials'))
  })

  it('decrypt no secret but those that they read', () => {
    for (const [name, own] of [
      ['slack', 'slack-signing'],
      ['teams', 'teams-keys'],
    ] as const) {
      const decrypting = stack.statementsOf(name).filter(({ actions }) => actions.includes('kms:Decrypt'))
      const secrets = decrypting.flatMap(({ condition }) =>
        listOf(at(condition, 'StringEquals', 'kms:EncryptionContext:SecretARN')).map(flat),
      )
      expect(secrets, name).toEqual([secret(own)])
    }
  })

  it('are told where these are, and no more (I24)', () => {
    const variablesOf = (name: string) => {
      const variables = at(stack.lambda(name).properties, 'Environment', 'Variables') ?? {}
      return Object.fromEntries(Object.entries(variables).map(([variable, value]) => [variable, flat(value)]))
    }
    const { SLACK_SIGNING_SECRET, EVENT_BUS, POLICY_FILE } = variablesOf('slack')
    expect(Object.keys(variablesOf('slack'))).toHaveLength(5 + 3)
    expect([SLACK_SIGNING_SECRET, EVENT_BUS, POLICY_FILE]).toEqual([
      secret('slack-signing'),
      bus,
      '/opt/policy.json',
    ])
    const { TEAMS_KEYS_SECRET, RUN_COMMAND_FUNCTION } = variablesOf('teams')
    expect(Object.keys(variablesOf('teams'))).toHaveLength(5 + 3)
    expect([TEAMS_KEYS_SECRET, RUN_COMMAND_FUNCTION]).toEqual([secret('teams-keys'), idOf('run-command')])
    expect(variablesOf('run-command')).toMatchObject({
      SLACK_SIGNING_SECRET: secret('slack-signing'),
      SLACK_BOT_SECRET: secret('slack-bot-token'),
      TEAMS_KEYS_SECRET: secret('teams-keys'),
      WRITE_TOKEN_SECRET: secret('write-token'),
      EVENT_BUS: bus,
      POLICY_FILE: '/opt/policy.json',
    })
  })

  it('are watched: their errors, what they could not hand on, and what their API answers', () => {
    const alarms = [...stack.ofType('AWS::CloudWatch::Alarm').values()]
    const watched = JSON.stringify(alarms.map(({ Properties }) => Properties['Metrics']))
    for (const name of ['slack', 'teams']) expect(watched).toContain(stack.lambda(name).id)
    // It fails to be tried again, and counts itself what nobody foresaw.
    expect(watched).not.toContain(stack.lambda('run-command').id)
    const names = alarms.map(({ Properties }) => Properties['AlarmName'])
    expect(names).toContain('genesys-license-talk-ChatServerErrors')
    expect(names).toContain('genesys-license-talk-ChatDeliveryLost')
    const filters = [...stack.ofType('AWS::Logs::MetricFilter').values()].filter(
      ({ Properties }) => at(Properties, 'MetricTransformations', 0, 'MetricName') === 'ChatDeliveryLost',
    )
    expect(filters).toHaveLength(2)
  })

  it('are watched: what run-command had to say and nobody got, as its log says', () => {
    const names = [...stack.ofType('AWS::CloudWatch::Alarm').values()].map(
      ({ Properties }) => Properties['AlarmName'],
    )
    expect(names).toContain('genesys-license-talk-ChatUndelivered')
    const [filter, ...others] = [...stack.ofType('AWS::Logs::MetricFilter').values()].filter(
      ({ Properties }) => at(Properties, 'MetricTransformations', 0, 'MetricName') === 'ChatUndelivered',
    )
    expect(others).toEqual([])
    expect(flat(filter?.Properties['LogGroupName'])).toContain('runcommand')
    expect(filter?.Properties['FilterPattern']).toBe(
      '{ ($.code = "chat.undelivered") && ($.level = "ERROR") }',
    )
    expect(at(filter, 'Properties', 'MetricTransformations', 0, 'Dimensions')).toEqual([
      { Key: 'Stack', Value: '$.stack' },
    ])
  })

  it('are made of files: without one of them, synth fails', () => {
    expect(() => codeOf([])('run-command')).toThrow(BuildError)
  })
})

describe('run-command', () => {
  const rules = [...stack.ofType('AWS::Events::Rule').values()].filter(
    ({ Properties }) => flat(at(Properties, 'Targets', 0, 'Arn')) === idOf('run-command'),
  )

  it('hears of deliveries and of what became of changes, by rules on the bus', () => {
    expect(rules.map(({ Properties }) => Properties['EventPattern'])).toEqual(
      expect.arrayContaining([
        { source: [CHAT_SOURCE], 'detail-type': [CHAT_DELIVERED] },
        { source: [EVENT_SOURCE] },
      ]),
    )
    expect(rules).toHaveLength(2)
    for (const { Properties } of rules) expect(flat(Properties['EventBusName'])).toBe(bus)
  })

  it('is given each for 15 minutes at most, after which it is a dead letter', () => {
    for (const { Properties } of rules) {
      expect(at(Properties, 'Targets', 0, 'RetryPolicy')).toEqual({
        MaximumEventAgeInSeconds: DELIVERY_MAX_AGE_SECONDS,
        MaximumRetryAttempts: DELIVERY_MAX_RETRIES,
      })
      expect(flat(at(Properties, 'Targets', 0, 'DeadLetterConfig', 'Arn'))).toBe(queue)
    }
    const config = [...stack.ofType('AWS::Lambda::EventInvokeConfig').values()].find(
      ({ Properties }) => flat(Properties['FunctionName']) === idOf('run-command'),
    )?.Properties
    expect(config).toMatchObject({
      MaximumEventAgeInSeconds: DELIVERY_MAX_AGE_SECONDS,
      MaximumRetryAttempts: DELIVERY_MAX_RETRIES,
    })
    expect(flat(at(config, 'DestinationConfig', 'OnFailure', 'Destination'))).toBe(queue)
  })
})

describe('the secrets of chat', () => {
  it('are each their own, encrypted by our key, and hold nothing before the operator puts it', () => {
    const secrets = [...stack.ofType('AWS::SecretsManager::Secret').values()]
    const ofChatAlone = secrets.filter(({ Properties }) => /slack|teams/.test(String(Properties['Name'])))
    expect(ofChatAlone.map(({ Properties }) => Properties['Name']).sort()).toEqual([
      'genesys-license-gateway/talk/slack-bot-token',
      'genesys-license-gateway/talk/slack-signing',
      'genesys-license-gateway/talk/teams-keys',
    ])
    for (const { Properties } of ofChatAlone) {
      expect(Properties['SecretString']).toBe('{}')
      expect(flat(Properties['KmsKeyId'])).toBe(key)
    }
  })
})

describe('the settings of chat', () => {
  it('reach the functions as the file they read', () => {
    const content = Policy.parse(JSON.parse(readFileSync(stack.policyFile(), 'utf8')))
    const { people, tools, approvals, approvalHours, reasons, limits, chat } = orgs.chat
    expect(content).toMatchObject({ people, tools, approvals, approvalHours, reasons, limits, chat })
  })
})
