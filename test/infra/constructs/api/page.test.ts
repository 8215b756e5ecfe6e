import { describe, expect, it } from 'vitest'
import { at, flat, listOf, Synthesized } from '../../synthesized.ts'

const stack = new Synthesized('chat')
const without = new Synthesized('jwt')

const stageOf = (of: Synthesized) =>
  [...of.ofType('AWS::ApiGateway::Stage')].find(([id]) => id.startsWith('Api'))?.[1].Properties

/** The methods of its function, by their paths. */
function methodsOfPage() {
  const { id } = stack.lambda('get-page')
  const resources = stack.ofType('AWS::ApiGateway::Resource')
  const methods = [...stack.ofType('AWS::ApiGateway::Method').values()].map(({ Properties }) => Properties)
  return new Map(
    methods
      .filter((method) => flat(at(method, 'Integration', 'Uri')).includes(`<${id}>`))
      .map((method) => {
        const resource = resources.get(flat(method['ResourceId']).slice(1, -1))
        return [`/${resource?.Properties['PathPart'] ?? ''}`, method] as const
      }),
  )
}

describe('the page', () => {
  it('is served at the root of the API, and what it is told beside it, to whoever asks, as bytes', () => {
    const methods = methodsOfPage()
    expect([...methods.keys()].sort()).toEqual(['/', '/config.json'])
    for (const method of methods.values()) {
      expect(method).toMatchObject({ HttpMethod: 'GET', AuthorizationType: 'NONE' })
      expect(at(method, 'Integration', 'ResponseTransferMode')).toBe('STREAM')
      expect(flat(at(method, 'Integration', 'Uri'))).toMatch(/\/response-streaming-invocations$/)
    }
  })

  it('is the one thing that asks for no credentials', () => {
    const open = [...stack.ofType('AWS::ApiGateway::Method').values()].filter(
      ({ Properties }) => Properties['AuthorizationType'] === 'NONE',
    )
    const names = open.map(({ Properties }) => Properties['OperationName'])
    expect(names.sort()).toEqual(['getPage', 'getPageConfig', 'slack', 'teams'])
  })

  it('has a throttle of its own on each of the two', () => {
    const settings = listOf(stageOf(stack)?.['MethodSettings'])
    for (const path of ['/', '/~1config.json']) {
      const own = settings.find((each) => at(each, 'ResourcePath') === path)
      expect(own).toMatchObject({
        HttpMethod: 'GET',
        ThrottlingRateLimit: 10,
        ThrottlingBurstLimit: 20,
        LoggingLevel: 'ERROR',
        DataTraceEnabled: false,
      })
    }
  })

  it('is told where people sign in, and nothing that is secret', () => {
    const variables = at(stack.lambda('get-page').properties, 'Environment', 'Variables')
    expect(variables).toEqual({
      ...(at(stack.lambda('authorize').properties, 'Environment', 'Variables') as object),
      JWT_AUDIENCES: undefined,
      JWT_ROLE_CLAIM: undefined,
      JWT_ROLES: undefined,
      PAGE_CLIENT_ID: 'license-page',
      PAGE_SCOPES: '["openid"]',
      PAGE_CONNECT: '["https://auth.example.com"]',
    })
  })

  it('may write its log and trace, and has no other right', () => {
    expect(
      stack
        .statementsOf('get-page')
        .flatMap(({ actions }) => actions)
        .sort(),
    ).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ])
  })

  it('is where an output says, which is what the issuer is told', () => {
    const [output] = Object.entries(stack.template.findOutputs('PageUrl'))
    const [api] = Object.entries(stack.template.findOutputs('ApiUrl'))
    expect(output?.[1]['Value']).toEqual(api?.[1]['Value'])
    expect(JSON.stringify(output?.[1]['Value'])).toMatch(/\/"\]\]\}$/)
  })

  it('is what chat is told, so that messages lead there', () => {
    const told = (of: Synthesized) =>
      at(of.lambda('run-command').properties, 'Environment', 'Variables', 'PAGE_URL')
    const [output] = Object.values(stack.template.findOutputs('PageUrl'))
    expect(told(stack)).toEqual(output?.['Value'])
    expect(told(new Synthesized('slack'))).toBeUndefined()
  })

  it('is not there where the org file has none', () => {
    expect(without.lambdaNames()).not.toContain('get-page')
    expect(without.template.findOutputs('PageUrl')).toEqual({})
    expect(
      listOf(stageOf(without)?.['MethodSettings']).map((each) => at(each, 'ResourcePath')),
    ).not.toContain('/')
  })
})
