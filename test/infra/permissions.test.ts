import { describe, expect, it } from 'vitest'
import { at, flat, listOf, operationNames, type Statement, Synthesized, statementsIn } from './fixtures.ts'

const stack = new Synthesized('jwt')
const [readToken, writeToken] = ['read-token', 'write-token'].map((name) => `<${stack.secret(name)}>`)
const [readClient, writeClient] = ['read-client', 'write-client'].map((name) => `<${stack.secret(name)}>`)
const key = `<${[...stack.ofType('AWS::KMS::Key').keys()][0]}>`
const rotation = `<${stack.lambda('rotate-token').id}>`

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

describe('a function may', () => {
  it.each(operationNames.filter(({ operation }) => operation.effect === 'read').map(({ name }) => name))(
    '%s: read the read token, have it renewed, write its own log and traces, and nothing else',
    (name) => {
      expect(grants(name)).toEqual({ ...useOf(readToken), ...ownLog(name), ...traces })
    },
  )

  it.each(operationNames.filter(({ operation }) => operation.effect === 'write').map(({ name }) => name))(
    '%s: the same with the write token',
    (name) => {
      expect(grants(name)).toEqual({ ...useOf(writeToken), ...ownLog(name), ...traces })
    },
  )

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

  it('no action has a wildcard, and no resource is * but for X-Ray', () => {
    for (const { actions, resources } of statements) {
      expect(actions.filter((action) => action.includes('*'))).toEqual([])
      if (resources.includes('*')) expect(actions.every((action) => action.startsWith('xray:'))).toBe(true)
    }
  })

  it('only the rotation function reads a client secret', () => {
    const readers = stack
      .lambdaNames()
      .filter((name) =>
        stack
          .statementsOf(name)
          .some(({ resources }) => resources.some((arn) => [readClient, writeClient].includes(arn))),
      )
    expect(readers).toEqual(['rotate-token'])
  })

  it('each function has a role of its own, without managed policies, that Lambda alone assumes', () => {
    const lambdas = [...stack.ofType('AWS::Lambda::Function').values()]
    expect(new Set(lambdas.map(({ Properties }) => flat(Properties['Role']))).size).toBe(lambdas.length)
    for (const { Properties } of stack.ofType('AWS::IAM::Role').values()) {
      expect(Properties['ManagedPolicyArns']).toBeUndefined()
      expect(statementsIn(Properties['AssumeRolePolicyDocument']).map(({ principal }) => principal)).toEqual([
        { Service: 'lambda.amazonaws.com' },
      ])
    }
  })

  it('whoever may ask for a rotation may not change its rules or its function', () => {
    const asking = statements.filter(({ actions }) => actions.includes('secretsmanager:RotateSecret'))
    expect(asking.length).toBe(operationNames.filter(({ operation }) => operation.effect !== 'local').length)
    for (const { condition } of asking) {
      expect(condition).toEqual({
        BoolIfExists: { 'secretsmanager:ModifyRotationRules': 'false' },
        Null: { 'secretsmanager:RotationLambdaARN': 'true' },
      })
    }
  })

  it('the key is used through Secrets Manager alone, for the secrets that the role may read', () => {
    const using = statements.filter(({ actions }) => actions.some((action) => action.startsWith('kms:')))
    expect(using.length).toBeGreaterThan(0)
    for (const { condition } of using) {
      expect(flat(at(condition, 'StringEquals', 'kms:ViaService'))).toBe(
        'secretsmanager.<AWS::Region>.amazonaws.com',
      )
      expect(listOf(at(condition, 'StringEquals', 'kms:EncryptionContext:SecretARN')).length).toBeGreaterThan(
        0,
      )
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

  it('name a service and the one source it may come from', () => {
    for (const { Properties } of permissions) {
      expect(Properties['Principal']).toMatch(/^(apigateway|secretsmanager)\.amazonaws\.com$/)
      expect(flat(Properties['SourceArn'])).toMatch(
        /^(<\w+Token\w*>|arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<\w+>\/.+)$/,
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
      'genesys-license-gateway/jwt/read-client',
      'genesys-license-gateway/jwt/read-token',
      'genesys-license-gateway/jwt/write-client',
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

  it('are in no environment: a function is told ARNs, and only those it may use', () => {
    const variablesOf = (name: string) => at(stack.lambda(name).properties, 'Environment', 'Variables')
    const common = ['GATEWAY_AUTH', 'GATEWAY_STACK', 'GENESYS_ORG_ID', 'GENESYS_ORG_NAME', 'GENESYS_REGION']
    const names = (name: string) => Object.keys(variablesOf(name) ?? {}).sort()
    const tokens = {
      read: ['READ_TOKEN_SECRET', readToken],
      write: ['WRITE_TOKEN_SECRET', writeToken],
      local: [],
    }
    for (const { operation, name } of operationNames) {
      const [variable, token] = tokens[operation.effect]
      expect(names(name)).toEqual(variable === undefined ? common : [...common, variable])
      if (variable !== undefined) expect(flat(at(variablesOf(name), variable))).toBe(token)
    }
    expect(names('authorize')).toEqual([
      ...common,
      'JWT_AUDIENCE',
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
