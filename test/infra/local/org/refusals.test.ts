import { describe, expect, it } from 'vitest'
import { callerOf, firstPerson, orgForTest, requestToken } from './org-client.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

describe('the login', () => {
  it('gives a token that lives as long as the org or the client says', async () => {
    const org = await orgForTest({ tokenSeconds: 7200, clients: { writer: { tokenSeconds: 3600 } } })
    const read = async (client = org.clients.reader) => (await requestToken(org, client)).json()
    expect(await read()).toEqual({ access_token: expect.any(String), token_type: 'bearer', expires_in: 7200 })
    expect(await read(org.clients.writer)).toMatchObject({ expires_in: 3600 })
  })

  it('refuses an unknown client and a wrong secret as documented', async () => {
    const org = await orgForTest()
    const unknown = await requestToken(org, { ...org.clients.reader, clientId: 'nobody' })
    expect([unknown.status, await unknown.json()]).toEqual([
      400,
      { error: 'invalid_client', description: 'client not found' },
    ])
    const wrong = await requestToken(org, { ...org.clients.reader, clientSecret: 'wrong' })
    expect([wrong.status, await wrong.json()]).toEqual([
      401,
      { error: 'invalid_client', description: 'authentication failed' },
    ])
  })

  it('refuses another grant and another method', async () => {
    const org = await orgForTest()
    const url = `${org.url}/oauth/token`
    expect((await fetch(url)).status).toBe(405)
    expect((await fetch(url, { method: 'POST' })).status).toBe(400)
    const body = new URLSearchParams({ grant_type: 'password' })
    expect(await (await fetch(url, { method: 'POST', body })).json()).toMatchObject({
      error: 'unsupported_grant_type',
    })
  })

  it('knows further clients with permissions of their own', async () => {
    const org = await orgForTest({ clients: { stranger: { permissions: [] } } })
    const { stranger } = org.clients
    expect(stranger && (await callerOf(org, stranger)).authorization).toMatch(/^Bearer /)
  })
})

describe('a token', () => {
  it('is needed, must be known and must not have expired', async () => {
    let now = 0
    const org = await orgForTest({ now: () => now, tokenSeconds: 60 })
    const caller = await callerOf(org)
    const codeWith = async (headers: Record<string, string>) => {
      const answer = await fetch(`${org.url}/api/v2/license/users`, { headers })
      return [answer.status, Object(await answer.json()).code]
    }
    expect(await codeWith({})).toEqual([401, 'authentication.required'])
    expect(await codeWith({ authorization: 'Bearer unknown' })).toEqual([401, 'bad.credentials'])
    now = 59_999
    expect((await caller.get('/users')).status).toBe(200)
    now = 60_000
    expect(await codeWith({ authorization: caller.authorization })).toEqual([401, 'credentials.expired'])
  })

  it('of the reader cannot write, and of a stranger can only do what needs no permission', async () => {
    const org = await orgForTest({ clients: { stranger: { permissions: [] } } })
    const reader = await callerOf(org)
    expect((await reader.get('/definitions')).status).toBe(200)
    const { json } = await (await callerOf(org, org.clients.reader)).post('/organization', {
      assignments: [],
    })
    expect(json).toMatchObject({
      status: 403,
      code: 'missing.any.permissions',
      message: expect.stringContaining('[authorization:grant:add]'),
      messageParams: { permissions: '[authorization:grant:add]' },
    })
    const stranger = await callerOf(org, org.clients['stranger'])
    const user = firstPerson(org).id
    const statuses = []
    for (const [method, path] of [
      ['GET', '/users'],
      ['POST', '/infer'],
      ['GET', '/toggles/wallboards'],
      ['POST', '/toggles/wallboards'],
      ['GET', '/definitions'],
      ['GET', '/definitions/cloudCX1'],
      ['GET', `/users/${user}`],
      ['POST', '/users'],
      ['POST', '/infer/permissions'],
      ['POST', '/organization'],
    ] as const) {
      statuses.push((await stranger.call(method, path)).status)
    }
    expect(statuses).toEqual([200, 200, 200, 200, 403, 403, 403, 403, 403, 403])
  })
})

describe('an error', () => {
  it('is an ErrorBody whose contextId is the correlation id', async () => {
    const org = await orgForTest()
    const { headers, json } = await (await callerOf(org)).get('/definitions/none')
    expect(headers.get('ININ-Correlation-Id')).toMatch(UUID)
    expect(json).toEqual({
      message: expect.any(String),
      code: 'not.found',
      status: 404,
      messageWithParams: expect.any(String),
      messageParams: {},
      contextId: headers.get('ININ-Correlation-Id'),
      details: [],
      errors: [],
    })
  })

  it('names an unknown path and a wrong method apart', async () => {
    const caller = await callerOf(await orgForTest())
    for (const path of ['/nothing', '/users/', '/users/a/b', '/Users', '/users/%zz', '//users']) {
      expect([path, (await caller.get(path)).status]).toEqual([path, 404])
    }
    const wrong = await caller.call('DELETE', '/users')
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, POST'])
    expect((await caller.call('POST', '/definitions')).status).toBe(405)
  })

  it('tells a wrong media type, malformed JSON and a body over the limit apart', async () => {
    const org = await orgForTest()
    const { authorization } = await callerOf(org)
    const post = async (type: string, body: string) => {
      const headers = { authorization, 'content-type': type }
      const answer = await fetch(`${org.url}/api/v2/license/users`, { method: 'POST', headers, body })
      return [answer.status, Object(await answer.json()).code]
    }
    expect(await post('text/plain', '[]')).toEqual([415, 'unsupported.media.type'])
    expect(await post('application/json; charset=utf-8', '[]')).toEqual([200, undefined])
    expect(await post('application/json', '[')).toEqual([400, 'bad.request'])
    expect(await post('application/json', `["${'a'.repeat(511_996)}"]`)).toEqual([200, undefined])
    expect(await post('application/json', `["${'a'.repeat(511_997)}"]`)).toEqual([
      413,
      'request.entity.too.large',
    ])
  })
})

describe('the rate limit', () => {
  it('counts per token in windows of a minute and says so in headers', async () => {
    let now = 1_000
    const org = await orgForTest({ now: () => now, requestsPerMinute: 2 })
    const [caller, other] = [await callerOf(org), await callerOf(org)]
    const seen = async () => {
      const { status, headers } = await caller.get('/users?pageSize=1')
      return [status, ...['count', 'allowed', 'reset'].map((name) => headers.get(`inin-ratelimit-${name}`))]
    }
    expect(await seen()).toEqual([200, '1', '2', '60'])
    now += 20_500
    expect(await seen()).toEqual([200, '2', '2', '40'])
    const { status, headers, json } = await caller.get('/users')
    expect([status, headers.get('retry-after')]).toEqual([429, '40'])
    expect(json).toMatchObject({
      code: 'too.many.requests.retry.after',
      message: 'Rate limit exceeded the maximum. Retry the request in [40] seconds',
    })
    expect((await other.get('/users')).status).toBe(200)
    now += 39_500
    expect(await seen()).toEqual([200, '1', '2', '60'])
  })
})
