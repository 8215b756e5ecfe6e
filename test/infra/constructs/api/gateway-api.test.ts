import { describe, expect, it } from 'vitest'
import { responsesFor } from '../../../../infra/constructs/api/gateway-responses.ts'
import { gatewayResponses } from '../../../../lib/http/gateway-responses.ts'
import { securityHeaders } from '../../../../lib/http/security-headers.ts'
import { operations } from '../../../../lib/operations/index.ts'
import {
  at,
  flat,
  type Kind,
  kinds,
  listOf,
  operationNames,
  Synthesized,
  statementsIn,
} from '../../synthesized.ts'

const stacks = Object.fromEntries(kinds.map((kind) => [kind, new Synthesized(kind)])) as Readonly<
  Record<Kind, Synthesized>
>

/** `GET /api/v2/...` -> the method's properties. */
function routes(stack: Synthesized) {
  const resources = stack.ofType('AWS::ApiGateway::Resource')
  const pathOf = (id: string): string => {
    const properties = resources.get(id)?.Properties
    if (properties === undefined) return ''
    return `${pathOf(flat(properties['ParentId']).slice(1, -1))}/${properties['PathPart']}`
  }
  return new Map(
    [...stack.ofType('AWS::ApiGateway::Method').values()].map(({ Properties }) => [
      `${Properties['HttpMethod']} ${pathOf(flat(Properties['ResourceId']).slice(1, -1))}`,
      Properties,
    ]),
  )
}

/** Written apart from the stack's own rule: GETs and POSTs that only ask Genesys are no writes. */
const writes = operations.filter(
  ({ method, effect }) => method !== 'GET' && !(method === 'POST' && effect === 'read'),
)

const routeOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`
const only = (stack: Synthesized, type: string) => [...stack.ofType(type).values()][0]?.Properties

describe.each(kinds)('the routes (%s)', (kind) => {
  const stack = stacks[kind]

  it('are those of the registry, no more and no fewer, without CORS', () => {
    expect([...routes(stack).keys()].sort()).toEqual(operations.map(routeOf).sort())
  })

  it('stream where their operation has files, and has 120 s for it, and else hand on whole answers', () => {
    for (const operation of operations) {
      const integration = routes(stack).get(routeOf(operation))?.['Integration']
      const uri = flat(at(integration, 'Uri'))
      const how = [
        at(integration, 'ResponseTransferMode'),
        at(integration, 'TimeoutInMillis'),
        uri.includes('lambda:path/2021-11-15/functions/'),
        uri.endsWith('/response-streaming-invocations'),
      ]
      const expected = operation.files
        ? ['STREAM', 120_000, true, true]
        : [undefined, undefined, false, false]
      expect([operation.id, ...how]).toEqual([operation.id, ...expected])
    }
    expect(operations.some(({ files }) => files)).toBe(true)
  })

  it('each call the function of their operation', () => {
    for (const { operation, name } of operationNames) {
      const method = routes(stack).get(routeOf(operation))
      expect(method?.['OperationName']).toBe(operation.id)
      expect(at(method, 'Integration', 'Type')).toBe('AWS_PROXY')
      expect(flat(at(method, 'Integration', 'Uri'))).toContain(`<${stack.lambda(name).id}>`)
    }
  })

  it('each ask for credentials, and no API key stands in for them (N02)', () => {
    for (const method of routes(stack).values()) {
      expect(method['AuthorizationType']).toBe(kind.startsWith('iam') ? 'AWS_IAM' : 'CUSTOM')
      expect(method['ApiKeyRequired'] ?? false).toBe(false)
    }
  })
})

describe('the authorizer', () => {
  const authorizers = (stack: Synthesized) => stack.ofType('AWS::ApiGateway::Authorizer')
  const cacheOf = (stack: Synthesized, route: string) =>
    at(
      authorizers(stack).get(flat(routes(stack).get(route)?.['AuthorizerId']).slice(1, -1)),
      'Properties',
      'AuthorizerResultTtlInSeconds',
    )

  it('is asked by the Authorization header, which is also all that its cache knows', () => {
    for (const { Properties } of authorizers(stacks.jwt).values()) {
      expect(Properties['Type']).toBe('REQUEST')
      expect(Properties['IdentitySource']).toBe('method.request.header.Authorization')
    }
  })

  it('may be remembered for 5 minutes at most on reads, and never on what plans, decides or writes (N07)', () => {
    for (const [kind, seconds] of [
      ['jwt', 300],
      ['jwtPrivate', 60],
    ] as const) {
      for (const operation of operations) {
        expect(cacheOf(stacks[kind], routeOf(operation))).toBe(writes.includes(operation) ? 0 : seconds)
      }
    }
  })

  it('is asked every time by each route that changes anything, whatever its effect', () => {
    expect(writes.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        'putToggle',
        'createChange',
        'rejectChange',
        'deleteSchedule',
        'approveSchedule',
      ]),
    )
    expect(writes.map(({ id }) => id)).not.toContain('getCapabilities')
  })

  it('is told issuer, audience and the table of roles', () => {
    const variables = at(stacks.jwtPrivate.lambda('authorize').properties, 'Environment', 'Variables')
    expect(variables).toMatchObject({
      JWT_ISSUER: 'https://login.example.com/',
      JWT_AUDIENCES: '["gateway"]',
      JWT_ROLE_CLAIM: '["scope"]',
      JWT_ROLES: '{"license:view":"viewer","license:operate":"operator"}',
      JWT_JWKS_URI: 'https://login.example.com/keys',
    })
  })

  it('is not there with iam', () => {
    expect(authorizers(stacks.iam).size).toBe(0)
    expect(stacks.iam.lambdaNames()).not.toContain('authorize')
  })
})

describe.each(['jwt', 'iam'] as const)("API Gateway's own answers (%s)", (kind) => {
  const made = [...stacks[kind].ofType('AWS::ApiGateway::GatewayResponse').values()].map(
    ({ Properties }) => Properties,
  )

  it('cover every type there is a row for', () => {
    const types = Object.values(gatewayResponses).map(({ type }) => type)
    expect(made.map((response) => response['ResponseType']).sort()).toEqual([...types].sort())
  })

  it('are an ErrorBody whose status is the answer’s, with the request id as contextId', () => {
    for (const row of responsesFor(kind)) {
      const response = made.find((other) => other['ResponseType'] === row.type)
      const body = String(at(response, 'ResponseTemplates', 'application/json'))
      const hint = kind === 'jwt' && row.type === 'ACCESS_DENIED' ? '$context.authorizer.hint' : ''
      expect(JSON.parse(body.replaceAll('$context.requestId', 'request-1'))).toEqual({
        status: row.status,
        code: row.code,
        message: `${row.message}${hint}`,
        contextId: 'request-1',
        details: [],
        errors: [],
      })
      expect(response?.['StatusCode']).toBe(String(row.status))
    }
  })

  it('carry the security headers as static values, and Retry-After where waiting helps', () => {
    for (const response of made) {
      const headers = Object.fromEntries(
        Object.entries(response['ResponseParameters'] ?? {}).map(([name, value]) => [
          name.replace('gatewayresponse.header.', ''),
          /^'([^']*)'$/.exec(String(value))?.[1],
        ]),
      )
      expect(headers).toEqual({
        ...securityHeaders,
        ...(response['ResponseType'] === 'THROTTLED' ? { 'retry-after': '1' } : {}),
        ...(String(response['ResponseType']).startsWith('AUTHORIZER_') ? { 'retry-after': '5' } : {}),
      })
    }
  })

  it('are 503 where it cannot be known whether a token is good: nothing was done, and a later try may do better', () => {
    const failed = made.filter((response) => String(response['ResponseType']).startsWith('AUTHORIZER_'))
    expect(failed.map((response) => response['StatusCode'])).toEqual(['503', '503'])
  })

  it('of a denial say which role would do, or where to look it up', () => {
    const denied = made.find((response) => response['ResponseType'] === 'ACCESS_DENIED')
    const said = String(at(denied, 'ResponseTemplates', 'application/json'))
    expect(said).toContain(
      kind === 'jwt' ? 'operation$context.authorizer.hint"' : 'x-role in GET /v1/openapi',
    )
  })

  it('tell an unsigned caller to sign, where callers sign', () => {
    const unknown = made.find((response) => response['ResponseType'] === 'MISSING_AUTHENTICATION_TOKEN')
    expect(unknown?.['StatusCode']).toBe(kind === 'iam' ? '401' : '404')
  })
})

describe('the stage', () => {
  const settings = (stack: Synthesized) => listOf(only(stack, 'AWS::ApiGateway::Stage')?.['MethodSettings'])

  it('throttles, and writes more strictly (N16)', () => {
    const limits = settings(stacks.jwt).map((setting) => [
      `${at(setting, 'HttpMethod')} ${String(at(setting, 'ResourcePath')).replace(/^\//, '').replaceAll('~1', '/')}`,
      at(setting, 'ThrottlingRateLimit'),
      at(setting, 'ThrottlingBurstLimit'),
    ])
    expect(limits).toEqual([['* *', 50, 100], ...writes.map((write) => [routeOf(write), 2, 5])])
    expect(
      settings(stacks.jwtPrivate)
        .slice(1)
        .map((setting) => at(setting, 'ThrottlingRateLimit')),
    ).toEqual(writes.map(() => 1))
  })

  it('traces, logs errors without what was sent, and has no metrics a method, which cost and which nothing reads', () => {
    expect(only(stacks.jwt, 'AWS::ApiGateway::Stage')?.['TracingEnabled']).toBe(true)
    for (const setting of settings(stacks.jwt)) {
      expect(setting).toMatchObject({ LoggingLevel: 'ERROR', DataTraceEnabled: false, MetricsEnabled: false })
    }
  })

  it('logs each access as one JSON object without headers, query string or the path as sent', () => {
    const format = String(at(only(stacks.jwt, 'AWS::ApiGateway::Stage'), 'AccessLogSetting', 'Format'))
    const fields: unknown = JSON.parse(format)
    expect(Object.keys(fields ?? {})).toEqual(
      expect.arrayContaining(['requestId', 'route', 'status', 'principal', 'sourceIp']),
    )
    expect(format).not.toMatch(/\$input|requestOverride|userAgent|header|querystring|\$context\.path\b/i)
    const iamFormat = String(at(only(stacks.iam, 'AWS::ApiGateway::Stage'), 'AccessLogSetting', 'Format'))
    expect(iamFormat).toContain('"principal":"$context.identity.userArn"')
  })
})

describe('the network', () => {
  const api = (kind: Kind) => only(stacks[kind], 'AWS::ApiGateway::RestApi')

  it.each(kinds)('hands files on byte for byte, and every other body as text (%s)', (kind) => {
    const [rest] = [...stacks[kind].ofType('AWS::ApiGateway::RestApi').values()].filter(({ Properties }) =>
      String(Properties['Description']).startsWith('Genesys Cloud licenses of'),
    )
    expect(rest?.Properties['BinaryMediaTypes']).toEqual(['text/csv'])
  })
  const endpoints = ['vpce-00000000000000001', 'vpce-00000000000000002']

  it('is regional without a policy, unless other accounts call', () => {
    expect(api('jwt')?.['EndpointConfiguration']).toEqual({ Types: ['REGIONAL'] })
    expect(api('jwt')?.['Policy']).toBeUndefined()
  })

  it.each(['jwtPrivate', 'iamPrivate'] as const)(
    'is private by the org file: only its VPC endpoints get in (%s) (N11)',
    (kind) => {
      expect(api(kind)?.['EndpointConfiguration']).toEqual({ Types: ['PRIVATE'], VpcEndpointIds: endpoints })
      const [allow, deny, ...others] = statementsIn(api(kind)?.['Policy'])
      expect(others).toEqual([])
      expect(allow).toMatchObject({
        effect: 'Allow',
        condition: { StringEquals: { 'aws:SourceVpce': endpoints } },
      })
      expect(deny).toMatchObject({
        effect: 'Deny',
        actions: ['execute-api:Invoke'],
        resources: ['execute-api:/*'],
        principal: { AWS: '*' },
        condition: { StringNotEquals: { 'aws:SourceVpce': endpoints } },
      })
    },
  )

  it('never allows every IAM principal by itself: with iam the policy names the account, whose policies decide (N09)', () => {
    const [allow] = statementsIn(api('iamPrivate')?.['Policy'])
    expect(flat(at(allow?.principal, 'AWS'))).toBe('arn:<AWS::Partition>:iam::<AWS::AccountId>:root')
  })

  it('closes the default endpoint when the API has a name of its own, and only then', () => {
    for (const kind of kinds) expect(api(kind)?.['DisableExecuteApiEndpoint'] ?? false).toBe(kind === 'iam')
    expect(only(stacks.iam, 'AWS::ApiGateway::DomainName')).toMatchObject({
      DomainName: 'licenses.example.com',
      SecurityPolicy: 'TLS_1_2',
      EndpointConfiguration: { Types: ['REGIONAL'] },
    })
    expect(flat(only(stacks.iam, 'AWS::ApiGateway::BasePathMapping')?.['Stage'])).toMatch(
      /^<ApiDeploymentStage/,
    )
    expect(at(stacks.iam.template.toJSON(), 'Outputs', 'ApiUrl', 'Value')).toBe(
      'https://licenses.example.com/',
    )
    expect(JSON.stringify(stacks.iam.template.findOutputs('*'))).not.toContain('.execute-api.')
  })
})

describe('the web ACL', () => {
  it('is made where the org file asks for one: a rate limit for each address and the common rules (N16)', () => {
    for (const [kind, limit] of [
      ['jwt', 2000],
      ['iam', 500],
    ] as const) {
      const acl = only(stacks[kind], 'AWS::WAFv2::WebACL')
      expect(at(acl, 'Rules', 0, 'Statement', 'RateBasedStatement')).toEqual({
        AggregateKeyType: 'IP',
        Limit: limit,
      })
      expect(at(acl, 'Rules', 0, 'Action')).toEqual({ Block: {} })
      expect(at(acl, 'Rules', 1, 'Statement', 'ManagedRuleGroupStatement', 'Name')).toBe(
        'AWSManagedRulesCommonRuleSet',
      )
      expect(flat(only(stacks[kind], 'AWS::WAFv2::WebACLAssociation')?.['ResourceArn'])).toMatch(
        /\/stages\/<ApiDeploymentStage/,
      )
    }
  })

  it('counts, and does not block, batches over 8 kB, long codes of an issuer, what free text may hold, and who names no User-Agent', () => {
    const group = at(
      only(stacks.jwt, 'AWS::WAFv2::WebACL'),
      'Rules',
      1,
      'Statement',
      'ManagedRuleGroupStatement',
    )
    const overrides = listOf(at(group, 'RuleActionOverrides'))
    const names = overrides.map((each) => at(each, 'Name'))
    expect(names).toEqual(
      expect.arrayContaining([
        'SizeRestrictions_BODY',
        'SizeRestrictions_QUERYSTRING',
        'CrossSiteScripting_BODY',
        'GenericLFI_QUERYARGUMENTS',
        'NoUserAgent_HEADER',
      ]),
    )
    expect(names).not.toContain('UserAgent_BadBots_HEADER')
    expect(names.filter((name) => String(name).endsWith('_URIPATH'))).toEqual([])
    for (const each of overrides) expect(at(each, 'ActionToUse')).toEqual({ Count: {} })
  })

  it('samples requests, so that one that was blocked is found, without credentials, query or body', () => {
    const acl = only(stacks.jwt, 'AWS::WAFv2::WebACL')
    for (const holder of [acl, ...listOf(acl?.['Rules'])]) {
      expect(at(holder, 'VisibilityConfig', 'SampledRequestsEnabled')).toBe(true)
    }
    const hidden = listOf(at(acl, 'DataProtectionConfig', 'DataProtections'))
    expect(hidden.map((each) => at(each, 'Action'))).toEqual(hidden.map(() => 'SUBSTITUTION'))
    expect(hidden.map((each) => at(each, 'Field', 'FieldType'))).toEqual([
      'SINGLE_HEADER',
      'QUERY_STRING',
      'BODY',
    ])
    expect(at(hidden[0], 'Field', 'FieldKeys')).toEqual(
      expect.arrayContaining(['authorization', 'x-amz-security-token']),
    )
  })

  it('is not made where it does not', () => {
    expect(stacks.jwtPrivate.ofType('AWS::WAFv2::WebACL').size).toBe(0)
  })
})
