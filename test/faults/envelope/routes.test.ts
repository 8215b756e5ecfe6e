/** Group A of the fault catalogue: paths, methods and event shapes. */
import { describe, expect, it } from 'vitest'
import { operations } from '../../../lib/operations/index.ts'
import { userAt } from '../../support/changes/license-requests.ts'
import { invoke, restEvent } from '../../support/events.ts'
import { gatewayForTests, sendRaw } from '../../support/gateway.ts'
import { expectBadRequest, expectError, expectUntouched } from '../../support/refusals.ts'

const stack = await gatewayForTests()
const user = userAt(stack, 0)

describe('a path that is no route', () => {
  it.each([
    '/api/v2/license/definitions/',
    `/api/v2/license/users/${user}/`,
    '/api/v2//license/definitions',
    '//api/v2/license/definitions',
    '/api/v2/license//users',
    '/api/v2/License/definitions',
    '/API/V2/LICENSE/DEFINITIONS',
    '/api/v2/license/definitions;v=1',
    '/api/v2/license/./definitions',
    '/api/v2/license/toggles/x/../../definitions',
    '/api/v2/license%2Fdefinitions',
    '/api/v2/license/unknown',
  ])('%s is not found (A23)', async (path) => {
    expectError(await sendRaw(stack, { path }), { status: 404, code: 'not.found' })
    expectUntouched(stack)
  })
})

describe('a request target of the absolute form', () => {
  it('leads where its path leads', async () => {
    const plain = await sendRaw(stack, { path: '/api/v2/license/users?pageSize=1' })
    expect(plain.status).toBe(200)
    const { port } = new URL(stack.gateway)
    for (const origin of [stack.gateway, `HTTP://localhost:${port}`]) {
      const answer = await sendRaw(stack, { path: `${origin}/api/v2/license/users?pageSize=1` })
      expect([answer.status, answer.json]).toEqual([200, plain.json])
    }
  })

  it('is no route where its path is none', async () => {
    for (const path of [stack.gateway, `${stack.gateway}?x=/v1/changes`]) {
      expectError(await sendRaw(stack, { path, method: 'PUT' }), { status: 404, code: 'not.found' })
    }
    expectUntouched(stack)
  })

  it('is the same in each form of the request target, with the stage and without', async () => {
    const { host } = new URL(stack.gateway)
    for (const before of ['', '/live', `http://${host}`, `http://${host}/live`]) {
      const answer = await sendRaw(stack, { path: `${before}/api/v2/license/users?pageSize=1` })
      expect([before, answer.status]).toEqual([before, 200])
    }
  })

  it('is refused where it names another host, whatever the Host header says', async () => {
    const path = 'http://api.example.com/api/v2/license/users?pageSize=1'
    const answer = await sendRaw(stack, { path })
    expect([answer.status, answer.json]).toEqual([403, expect.objectContaining({ code: 'not.from.here' })])
    expectUntouched(stack)
  })
})

describe('a method that is none of the route', () => {
  it.each(['PUT', 'DELETE', 'PATCH'])(
    '%s is not found, and does not reach another handler (A24)',
    async (method) => {
      for (const path of [
        '/api/v2/license/organization',
        '/api/v2/license/toggles/wallboards',
        '/v1/changes',
        '/v1/changes/0123456789abcdefghjk/apply',
      ]) {
        const answer = await sendRaw(stack, {
          method,
          path,
          headers: ['Content-Type', 'application/json'],
          body: '{}',
        })
        expectError(answer, { status: 404, code: 'not.found' })
      }
      expectUntouched(stack)
    },
  )

  it.each(['HEAD', 'OPTIONS'])('%s does nothing and opens nothing to other origins (A26)', async (method) => {
    const foreign = ['Origin', 'https://evil.example.net', 'Access-Control-Request-Method', 'POST']
    for (const [headers, status] of [
      [[], 404],
      [foreign, 403],
    ] as const) {
      const answer = await sendRaw(stack, { method, path: '/api/v2/license/organization', headers })
      expect(answer.status).toBe(status)
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    }
    expectUntouched(stack)
  })

  it.each(operations.map(({ id }) => id))('is refused by the function of %s too (A24)', async (id) => {
    for (const changes of [
      { httpMethod: 'PATCH' },
      { httpMethod: 'get' },
      { httpMethod: 'HEAD' },
      { resource: '/{proxy+}' },
      { resource: '/api/v2/license/other' },
    ]) {
      expectError(await invoke(id, restEvent(id, changes)), { status: 404, code: 'not.found' })
    }
    expectUntouched(stack)
  })
})

const version2 = {
  version: '2.0',
  routeKey: 'GET /api/v2/license/definitions',
  rawPath: '/api/v2/license/definitions',
  rawQueryString: '',
  headers: { 'content-type': 'application/json' },
  requestContext: {
    requestId: 'id=',
    http: { method: 'GET', path: '/api/v2/license/definitions' },
    authorizer: { lambda: { role: 'approver' } },
  },
  isBase64Encoded: false,
}

/** Events of everything else that can invoke a function. */
const foreign: readonly (readonly [string, unknown])[] = [
  ['of an HTTP API (payload version 2.0) (A02, A31)', version2],
  [
    'of a Function URL (A31)',
    {
      ...version2,
      routeKey: '$default',
      requestContext: { ...version2.requestContext, domainName: 'x.lambda-url' },
    },
  ],
  [
    'of a load balancer (A31)',
    {
      requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:0:targetgroup/x/y' } },
      httpMethod: 'GET',
      path: '/api/v2/license/definitions',
      queryStringParameters: {},
      headers: { host: 'x' },
      body: '',
      isBase64Encoded: false,
    },
  ],
  ['that is empty (A32)', {}],
  ['of a queue (A32)', { Records: [{ messageId: '1', body: '{}', eventSource: 'aws:sqs' }] }],
  ['of a schedule (A32)', { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} }],
  ['that is null (A32)', null],
  ['that is a string (A32)', 'warm up'],
  ['that is a number (A32)', 1],
  ['that is a list (A32)', [restEvent('getLicenseDefinitions')]],
  ['without a request context (A32)', { ...restEvent('getLicenseDefinitions'), requestContext: undefined }],
  ['with a body that is no text (A32)', { ...restEvent('getLicenseDefinitions'), body: { a: 1 } }],
  [
    'with headers that are no strings (A32)',
    { ...restEvent('getLicenseDefinitions'), multiValueHeaders: { a: 'b' } },
  ],
]

describe('an event', () => {
  it.each(foreign)('%s is refused by every function', async (_name, event) => {
    for (const { id } of operations) {
      const answer = await invoke(id, event)
      expectBadRequest(stack, answer, ['$event', 'UNSUPPORTED_EVENT'])
    }
    expect(stack.logged).toHaveLength(operations.length)
  })

  it('of a REST API (payload version 1.0) is what the functions answer (A31)', async () => {
    const event = restEvent('getLicenseDefinition', { pathParameters: { licenseId: 'cloudCX1' } })
    expect((await invoke('getLicenseDefinition', event)).json).toMatchObject({ id: 'cloudCX1' })
  })

  it('of a REST API with single-valued fields alone is served the same (A31)', async () => {
    const event = restEvent('getLicenseUsers', {
      multiValueHeaders: undefined,
      queryStringParameters: { pageSize: '2' },
      multiValueQueryStringParameters: undefined,
    })
    expect((await invoke('getLicenseUsers', event)).json).toMatchObject({ pageSize: 2 })
  })
})
