import { describe, expect, it } from 'vitest'
import type { Operation } from '../../../../lib/operation.ts'
import {
  at,
  eventFunctionNames,
  flat,
  listOf,
  operationNames,
  type Statement,
  Synthesized,
  statementsIn,
} from '../../synthesized.ts'

const stack = new Synthesized('jwt')
const [readToken, writeToken] = ['read-token', 'write-token'].map((name) => `<${stack.secret(name)}>`)
const [readClient, writeClient] = ['read-client-credentials', 'write-client-credentials'].map(
  (name) => `<${stack.secret(name)}>`,
)
const key = `<${[...stack.ofType('AWS::KMS::Key').keys()][0]}>`
const rotation = `<${stack.lambda('rotate-token').id}>`
const table = `<${stack.only('AWS::DynamoDB::Table').id}>`
const bus = `<${stack.only('AWS::Events::EventBus').id}>`
const deadLetters = `<${stack.queue('deadLetters').id}>`
const turns = `<${stack.queue('lists').id}>`
const schedulesOfThisStack =
  'arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/genesys-license-jwt/*'

/** The role with which Scheduler fires. */
const [scheduleRole = ''] = [...stack.ofType('AWS::IAM::Role')]
  .filter(([, { Properties }]) => JSON.stringify(Properties).includes('scheduler.amazonaws.com'))
  .map(([id]) => id)

/** What each action of a function's role may touch. */
function grants(name: string): Readonly<Record<string, readonly string[]>> {
  const byAction: Record<string, string[]> = {}
  for (const { actions, resources } of stack.statementsOf(name)) {
    for (const action of actions) byAction[action] = [...new Set([...(byAction[action] ?? []), ...resources])]
  }
  return byAction
}

const traces = { 'xray:PutTelemetryRecords': ['*'], 'xray:PutTraceSegments': ['*'] }

function ownLog(name: string) {
  const log = `<${flat(at(stack.lambda(name).properties, 'LoggingConfig', 'LogGroup')).slice(1, -1)}>`
  return { 'logs:CreateLogStream': [log], 'logs:PutLogEvents': [log] }
}

function useOf(token: string | undefined) {
  return {
    'secretsmanager:GetSecretValue': [token],
    'secretsmanager:RotateSecret': [token],
    'lambda:InvokeFunction': [rotation],
    'kms:Decrypt': [key],
  }
}

/** Reading the ledger, and putting into it where `puts`. */
function ledger({ puts }: { readonly puts: boolean }) {
  const keyUses = ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'ReEncryptTo']
  return {
    'dynamodb:BatchGetItem': [table],
    'dynamodb:GetItem': [table],
    'dynamodb:Query': [table, `${table}/index/due`, `${table}/index/list`],
    ...(puts ? { 'dynamodb:PutItem': [table] } : {}),
    ...Object.fromEntries(keyUses.map((use) => [`kms:${use}`, [key]])),
  }
}

/** What walks over the whole organization share: single items by their keys, in no list. */
const { 'dynamodb:Query': _query, ...onShared } = ledger({ puts: true })

const applies = {
  ...useOf(writeToken),
  ...ledger({ puts: true }),
  'events:PutEvents': [bus],
  'sqs:SendMessage': [turns],
}

/** What an operation's function may do beside its log and its traces. */
function wantedOf({
  id,
  effect,
  method,
}: Operation): Readonly<Record<string, readonly (string | undefined)[]>> {
  const onRecord = ledger({ puts: method !== 'GET' })
  switch (effect) {
    case 'read':
      return useOf(readToken)
    case 'walk':
      return { ...useOf(readToken), ...onShared }
    case 'write':
      return applies
    case 'plan':
      return { ...useOf(readToken), ...onRecord }
    case 'record':
    case 'inventory':
      return onRecord
    case 'schedule':
      return id === 'createSchedule'
        ? {
            ...onRecord,
            'scheduler:CreateSchedule': [schedulesOfThisStack],
            'iam:PassRole': [`<${scheduleRole}>`],
          }
        : { ...onRecord, 'scheduler:DeleteSchedule': [schedulesOfThisStack] }
    case 'local':
      return {}
  }
}

describe('a function may', () => {
  it.each(operationNames.map((each) => [each.name, each.operation.effect, each.operation] as const))(
    '%s: what its effect, %s, needs, write its own log and traces, and nothing else',
    (name, _effect, operation) => {
      expect(grants(name)).toEqual({ ...wantedOf(operation), ...ownLog(name), ...traces })
    },
  )

  it('be of each effect, so that each row above is tried', () => {
    expect(new Set(operationNames.map(({ operation }) => operation.effect)).size).toBe(8)
  })

  it.each(['flip-toggle', 'fire-schedule'])(
    '%s: apply changes, put dead letters, and nothing else',
    (name) => {
      expect(grants(name)).toEqual({
        ...applies,
        'sqs:SendMessage': [deadLetters, turns],
        ...ownLog(name),
        ...traces,
      })
    },
  )

  it('take-turns: apply changes, take messages of the queue of turns, put dead letters, and nothing else', () => {
    const name = 'take-turns'
    expect(grants(name)).toEqual({
      ...applies,
      'sqs:SendMessage': [deadLetters, turns],
      'sqs:ReceiveMessage': [turns],
      'sqs:DeleteMessage': [turns],
      'sqs:ChangeMessageVisibility': [turns],
      'sqs:GetQueueUrl': [turns],
      'sqs:GetQueueAttributes': [turns],
      ...ownLog(name),
      ...traces,
    })
  })

  it('advance-due-changes: apply changes, see when the secrets were changed, and nothing else', () => {
    const name = 'advance-due-changes'
    expect(grants(name)).toEqual({
      ...applies,
      'secretsmanager:DescribeSecret': [readClient, readToken, writeClient, writeToken],
      ...ownLog(name),
      ...traces,
    })
  })

  it('take-inventory: read Genesys, put on record what it read, tell of it, and nothing else', () => {
    const name = 'take-inventory'
    expect(grants(name)).toEqual({
      ...useOf(readToken),
      ...ledger({ puts: true }),
      'events:PutEvents': [bus],
      ...ownLog(name),
      ...traces,
    })
  })

  it('write-audit: read the ledger, put the head of the chain there and files under their prefix, and nothing else', () => {
    const bucket = stack.only('AWS::S3::Bucket').id
    const { 'dynamodb:Query': _all, ...onItems } = ledger({ puts: true })
    expect(grants('write-audit')).toEqual({
      ...onItems,
      'dynamodb:Query': [table],
      's3:PutObject': [`<${bucket}>/audit/*`],
      ...ownLog('write-audit'),
      ...traces,
    })
  })

  it.each(['get-open-api', 'authorize'])('%s: touch no secret at all', (name) => {
    expect(grants(name)).toEqual({ ...ownLog(name), ...traces })
  })

  it('rotate-token: read the client secrets and renew the tokens', () => {
    expect(grants('rotate-token')).toEqual({
      'secretsmanager:DescribeSecret': [readToken, writeToken],
      'secretsmanager:GetSecretValue': [readToken, writeToken, readClient, writeClient],
      'secretsmanager:PutSecretValue': [readToken, writeToken],
      'secretsmanager:UpdateSecretVersionStage': [readToken, writeToken],
      'kms:Decrypt': [key],
      'kms:GenerateDataKey': [key],
      ...ownLog('rotate-token'),
      ...traces,
    })
  })
})

describe('across all roles', () => {
  const policies = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) => [
    ...stack.ofType(type).values(),
  ])
  const statements = policies.flatMap(({ Properties }) => statementsIn(Properties['PolicyDocument']))

  it('no action has a wildcard, and no resource is * but for X-Ray (N17)', () => {
    for (const { actions, resources } of statements) {
      expect(actions.filter((action) => action.includes('*'))).toEqual([])
      if (resources.includes('*')) expect(actions.every((action) => action.startsWith('xray:'))).toBe(true)
    }
  })

  /** The functions that have a statement on one of these. */
  const usersOf = (...arns: readonly (string | undefined)[]) =>
    stack
      .lambdaNames()
      .filter((name) =>
        stack.statementsOf(name).some(({ resources }) => resources.some((arn) => arns.includes(arn))),
      )
      .sort()
  const whoMay = (action: string) =>
    stack
      .lambdaNames()
      .filter((name) => action in grants(name))
      .sort()
  const named = (matches: (operation: Operation) => boolean) =>
    operationNames.filter(({ operation }) => matches(operation)).map(({ name }) => name)

  it('only the rotation function reads a client secret', () => {
    expect(usersOf(readClient, writeClient)).toEqual(['advance-due-changes', 'rotate-token'])
    const reading = usersOf(readClient, writeClient).filter((name) =>
      [readClient, writeClient].some((arn) =>
        grants(name)['secretsmanager:GetSecretValue']?.includes(arn ?? ''),
      ),
    )
    expect(reading).toEqual(['rotate-token'])
  })

  it('only what applies changes, and the rotation, reads the write token', () => {
    const applying = [
      ...named(({ effect }) => effect === 'write'),
      ...eventFunctionNames.filter((name) => name !== 'take-inventory'),
    ]
    expect(usersOf(writeToken)).toEqual([...applying, 'rotate-token'].sort())
    expect(whoMay('events:PutEvents')).toEqual([...applying, 'take-inventory'].sort())
  })

  it('nobody can delete from the ledger, or write it but by whole items one at a time (J07)', () => {
    const used = statements.flatMap(({ actions }) => actions.filter((each) => each.startsWith('dynamodb:')))
    expect([...new Set(used)].sort()).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
    ])
  })

  it('a walk puts what walks share, and touches no record of a change', () => {
    for (const name of named(({ effect }) => effect === 'walk')) {
      const { condition } =
        stack.statementsOf(name).find(({ actions }) => actions.includes('dynamodb:PutItem')) ?? {}
      expect(condition).toEqual({
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['snapshot#*', 'lease#*'] },
      })
    }
  })

  it('readings put what they keep, whoever asks for one puts that alone, and neither touches a record of a change', () => {
    const putsOf = (name: string) =>
      stack.statementsOf(name).find(({ actions }) => actions.includes('dynamodb:PutItem'))?.condition
    const only = (keys: readonly string[]) => ({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
    })
    expect(putsOf('take-inventory')).toEqual(
      only(['inventory*', 'reading#*', 'difference*', 'billing*', 'notice*']),
    )
    expect(putsOf('create-reading')).toEqual(only(['inventory#ask', 'reading#*']))
  })

  it('nobody who only reads can put into the ledger (N17)', () => {
    for (const name of named(({ method, effect }) => method === 'GET' && effect !== 'walk')) {
      expect(grants(name)['dynamodb:PutItem'], name).toBeUndefined()
    }
  })

  it('a role is passed only where schedules are made: exactly one role, to Scheduler alone', () => {
    expect(whoMay('iam:PassRole')).toEqual(named(({ id }) => id === 'createSchedule'))
    expect(whoMay('scheduler:CreateSchedule')).toEqual(['create-schedule'])
    expect(whoMay('scheduler:DeleteSchedule').sort()).toEqual(['delete-schedule', 'reject-schedule'])
    const passing = statements.filter(({ actions }) => actions.includes('iam:PassRole'))
    expect(passing).toHaveLength(1)
    expect(passing[0]).toMatchObject({
      actions: ['iam:PassRole'],
      resources: [`<${scheduleRole}>`],
      condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    })
  })

  it('each function has a role of its own, without managed policies, that Lambda alone assumes', () => {
    const lambdas = [...stack.ofType('AWS::Lambda::Function').values()]
    expect(new Set(lambdas.map(({ Properties }) => flat(Properties['Role']))).size).toBe(lambdas.length)
    for (const [id, { Properties }] of stack.ofType('AWS::IAM::Role')) {
      expect(Properties['ManagedPolicyArns']).toBeUndefined()
      if (id === scheduleRole) continue
      expect(statementsIn(Properties['AssumeRolePolicyDocument']).map(({ principal }) => principal)).toEqual([
        { Service: 'lambda.amazonaws.com' },
      ])
    }
  })

  it('whoever may ask for a rotation may not change its rules or its function', () => {
    const asking = statements.filter(({ actions }) => actions.includes('secretsmanager:RotateSecret'))
    const holders = named(({ effect }) => ['read', 'walk', 'plan', 'write'].includes(effect))
    expect(asking.length).toBe(holders.length + eventFunctionNames.length)
    for (const { condition } of asking) {
      expect(condition).toEqual({
        BoolIfExists: { 'secretsmanager:ModifyRotationRules': 'false' },
        Null: { 'secretsmanager:RotationLambdaARN': 'true' },
      })
    }
  })

  it('the key is used through DynamoDB, or through Secrets Manager for the secrets that the role may read', () => {
    const using = statements.filter(({ actions }) => actions.some((action) => action.startsWith('kms:')))
    const services = using.map(({ condition }) => flat(at(condition, 'StringEquals', 'kms:ViaService')))
    expect([...new Set(services)].sort()).toEqual([
      'dynamodb.<AWS::Region>.amazonaws.com',
      'secretsmanager.<AWS::Region>.amazonaws.com',
    ])
    for (const [index, statement] of using.entries()) {
      if (services[index]?.startsWith('secretsmanager.')) {
        expect(secretsInContext(statement).length).toBeGreaterThan(0)
      }
    }
    const reader = stack
      .statementsOf('get-license-user')
      .filter(({ actions }) => actions.includes('kms:Decrypt'))
    expect(reader.map(secretsInContext)).toEqual([[readToken]])
  })
})

function secretsInContext({ condition }: Statement): readonly string[] {
  return listOf(at(condition, 'StringEquals', 'kms:EncryptionContext:SecretARN')).map(flat)
}

describe('Lambda permissions', () => {
  const permissions = [...stack.ofType('AWS::Lambda::Permission').values()]

  it('name a service and the one source it may come from (N13)', () => {
    for (const { Properties } of permissions) {
      expect(Properties['Principal']).toMatch(/^(apigateway|secretsmanager|events)\.amazonaws\.com$/)
      expect(flat(Properties['SourceArn'])).toMatch(
        /^(<\w+Token\w*>|<(Events|Audit)\w+>|arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<\w+>\/.+)$/,
      )
    }
  })

  it('let Secrets Manager rotate the two tokens of this account', () => {
    const rotating = permissions.filter(
      ({ Properties }) => Properties['Principal'] === 'secretsmanager.amazonaws.com',
    )
    expect(rotating.map(({ Properties }) => flat(Properties['SourceArn'])).sort()).toEqual(
      [readToken, writeToken].sort(),
    )
    for (const { Properties } of rotating) {
      expect(flat(Properties['SourceAccount'])).toBe('<AWS::AccountId>')
      expect(flat(Properties['FunctionName'])).toBe(rotation)
    }
  })

  it('let EventBridge in where a rule of this stack is its source, and nobody into what Scheduler fires (G08, N13)', () => {
    const ofEvents = permissions
      .filter(({ Properties }) => Properties['Principal'] === 'events.amazonaws.com')
      .map(({ Properties }) => [flat(Properties['FunctionName']), flat(Properties['SourceArn'])])
    const rules = [...stack.ofType('AWS::Events::Rule')].map(([id, { Properties }]) => [
      flat(at(Properties, 'Targets', 0, 'Arn')),
      `<${id}>`,
    ])
    expect(ofEvents.sort()).toEqual(rules.sort())
    // Its role lets Scheduler in.
    const fired = `<${stack.lambda('fire-schedule').id}>`
    expect(permissions.map(({ Properties }) => flat(Properties['FunctionName']))).not.toContain(fired)
  })

  it('open each operation to its own method and stage', () => {
    for (const { operation, name } of operationNames) {
      const own = permissions.filter(
        ({ Properties }) => flat(Properties['FunctionName']) === `<${stack.lambda(name).id}>`,
      )
      const pattern = `${operation.method}${operation.path.replaceAll(/\{\w+\}/g, '*')}`
      expect(
        own.map(({ Properties }) => flat(Properties['SourceArn']).split('/').slice(2).join('/')),
      ).toEqual([pattern])
    }
  })
})

describe('the secrets', () => {
  it('are four, under the org, encrypted by our key, and hold nothing usable before the operator puts it', () => {
    const secrets = [...stack.ofType('AWS::SecretsManager::Secret').values()]
    expect(secrets.map(({ Properties }) => Properties['Name']).sort()).toEqual([
      'genesys-license-gateway/jwt/read-client-credentials',
      'genesys-license-gateway/jwt/read-token',
      'genesys-license-gateway/jwt/write-client-credentials',
      'genesys-license-gateway/jwt/write-token',
    ])
    for (const { Properties } of secrets) {
      expect(flat(Properties['KmsKeyId'])).toBe(key)
      expect(Properties['SecretString']).toBe('{}')
      expect(Properties['GenerateSecretString']).toBeUndefined()
    }
  })

  it('are rotated every 12 hours where they hold tokens, and not before the client credentials are put', () => {
    const schedules = [...stack.ofType('AWS::SecretsManager::RotationSchedule').values()]
    expect(schedules.map(({ Properties }) => flat(Properties['SecretId'])).sort()).toEqual(
      [readToken, writeToken].sort(),
    )
    for (const { Properties } of schedules) {
      expect(Properties['RotationRules']).toEqual({ ScheduleExpression: 'rate(12 hours)' })
      expect(Properties['RotateImmediatelyOnUpdate']).toBe(false)
      expect(flat(Properties['RotationLambdaARN'])).toBe(rotation)
    }
  })

  it('are in no environment: a function is told ARNs, and only those it may use (I24)', () => {
    const variablesOf = (name: string) => at(stack.lambda(name).properties, 'Environment', 'Variables')
    const common = ['GATEWAY_AUTH', 'GATEWAY_STACK', 'GENESYS_ORG_ID', 'GENESYS_ORG_NAME', 'GENESYS_REGION']
    const names = (name: string) => Object.keys(variablesOf(name) ?? {}).sort()
    const onRecord = ['LEDGER_TABLE', 'POLICY_FILE']
    const applying = ['EVENT_BUS', 'LIST_QUEUE_URL', ...onRecord, 'WRITE_TOKEN_SECRET']
    const own = {
      read: ['READ_TOKEN_SECRET'],
      walk: ['LEDGER_TABLE', 'READ_TOKEN_SECRET'],
      write: applying,
      plan: [...onRecord, 'READ_TOKEN_SECRET'],
      record: onRecord,
      inventory: onRecord,
      schedule: [
        ...onRecord,
        'SCHEDULE_DEAD_LETTER_ARN',
        'SCHEDULE_GROUP',
        'SCHEDULE_ROLE_ARN',
        'SCHEDULE_TARGET_ARN',
      ],
      local: [],
    }
    for (const { operation, name } of operationNames) {
      expect(names(name)).toEqual([...common, ...own[operation.effect]].sort())
    }
    expect(names('flip-toggle')).toEqual([...common, ...applying, 'DEAD_LETTER_URL'].sort())
    expect(names('take-turns')).toEqual([...common, ...applying, 'DEAD_LETTER_URL'].sort())
    expect(names('fire-schedule')).toEqual([...common, ...applying, 'DEAD_LETTER_URL'].sort())
    const fourSecrets = ['READ_CLIENT_SECRET', 'READ_TOKEN_SECRET', 'WRITE_CLIENT_SECRET']
    expect(names('advance-due-changes')).toEqual([...common, ...applying, ...fourSecrets].sort())
    for (const [name, variable, value] of [
      ['get-license-user', 'READ_TOKEN_SECRET', readToken],
      ['create-change', 'READ_TOKEN_SECRET', readToken],
      ['apply-change', 'WRITE_TOKEN_SECRET', writeToken],
      ['apply-change', 'LEDGER_TABLE', table],
      ['apply-change', 'EVENT_BUS', bus],
      ['flip-toggle', 'DEAD_LETTER_URL', deadLetters],
      ['create-schedule', 'SCHEDULE_GROUP', 'genesys-license-jwt'],
      ['create-schedule', 'SCHEDULE_TARGET_ARN', `<${stack.lambda('fire-schedule').id}>`],
      ['create-schedule', 'SCHEDULE_ROLE_ARN', `<${scheduleRole}>`],
      ['create-schedule', 'SCHEDULE_DEAD_LETTER_ARN', deadLetters],
      ['get-change', 'POLICY_FILE', '/opt/policy.json'],
    ] as const) {
      expect(flat(at(variablesOf(name), variable)), name).toBe(value)
    }
    expect(names('authorize')).toEqual([
      ...common,
      'JWT_AUDIENCES',
      'JWT_ISSUER',
      'JWT_ROLES',
      'JWT_ROLE_CLAIM',
    ])
    expect(names('rotate-token')).toEqual([
      ...common,
      'READ_CLIENT_SECRET',
      'READ_TOKEN_SECRET',
      'WRITE_CLIENT_SECRET',
      'WRITE_TOKEN_SECRET',
    ])
    expect(JSON.stringify(stack.template.toJSON())).not.toContain('{{resolve:secretsmanager')
  })
})
