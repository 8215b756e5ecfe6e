/** The official JavaScript SDK through the gateway: each answer is what the org itself answers, and what is true. */
import { describe, expect, it } from 'vitest'
import { definitions } from '../../infra/local/org/definitions.ts'
import { callerOf } from '../infra/local/org/org-client.ts'
import { giving, userAt } from '../support/changes/license-requests.ts'
import { gatewayForTests } from '../support/gateway.ts'
import { postsOf } from '../support/requests.ts'
import { rejection, sdkAs } from '../support/sdk.ts'

const stack = await gatewayForTests({ org: { users: 250 } })
const { org } = stack
const direct = await callerOf(org)
const user = userAt(stack, 0)

const asViewer = () => sdkAs(stack, 'viewer').api
const asOperator = () => sdkAs(stack, 'operator').api

describe('reads', () => {
  it('getLicenseDefinitions', async () => {
    const answer = await asViewer().getLicenseDefinitions()
    expect(answer).toHaveLength(15)
    expect(answer).toEqual((await direct.get('/definitions')).json)
  })

  it.each(definitions.map(({ id }) => id))('getLicenseDefinition of %s', async (id) => {
    expect(await asViewer().getLicenseDefinition(id)).toEqual((await direct.get(`/definitions/${id}`)).json)
  })

  it('getLicenseOrganization, which upstream has no more', async () => {
    const answer = await sdkAs(stack, 'viewer').getLicenseOrganization()
    const users = Object.entries(org.truth().users)
    const licenses = Object.fromEntries(
      definitions.flatMap(({ id: license }) => {
        const holders = users.filter(([, held]) => held.includes(license))
        return holders.length === 0
          ? []
          : [[license, holders.map(([id]) => ({ id, selfUri: `/api/v2/license/users/${id}` }))]]
      }),
    )
    expect(answer).toEqual({
      id: process.env['GENESYS_ORG_ID'],
      name: 'Embedded org',
      licenses,
      selfUri: '/api/v2/license/organization',
    })
  })

  it.each(Object.keys(org.truth().toggles))('getLicenseToggle of %s', async (name) => {
    const answer = await asViewer().getLicenseToggle(name)
    expect(answer).toEqual({ featureName: name, enabled: org.truth().toggles[name] })
    expect(answer).toEqual((await direct.get(`/toggles/${name}`)).json)
  })

  it('getLicenseUser', async () => {
    const answer = await asViewer().getLicenseUser(user)
    expect(answer.licenses?.map(({ id }) => id)).toEqual(org.truth().users[user])
    expect(answer).toEqual((await direct.get(`/users/${user}`)).json)
  })

  it.each([
    [undefined, ''],
    [{}, ''],
    [{ pageSize: 100 }, '?pageSize=100'],
    [{ pageSize: 7, pageNumber: 3 }, '?pageSize=7&pageNumber=3'],
    [{ pageSize: 100, pageNumber: 9 }, '?pageSize=100&pageNumber=9'],
  ])('getLicenseUsers with %j', async (options, query) => {
    expect(await asViewer().getLicenseUsers(options)).toEqual((await direct.get(`/users${query}`)).json)
  })

  it('getLicenseUsers by pageCount, as its callers page', async () => {
    const seen: [string | undefined, unknown][] = []
    let pageCount = 1
    for (let pageNumber = 1; pageNumber <= pageCount; pageNumber++) {
      const page = await asViewer().getLicenseUsers({ pageSize: 100, pageNumber })
      pageCount = page.pageCount ?? 0
      for (const { id, licenses } of page.entities ?? []) seen.push([id, licenses])
    }
    expect(pageCount).toBe(3)
    expect(Object.fromEntries(seen)).toEqual(org.truth().users)
  })

  it.each([
    ['some users', [user, userAt(stack, 249)]],
    ['an unknown user', [user, '00000000-0000-4000-8000-000000000000']],
    ['nobody', []],
    ['no body', undefined],
  ])('postLicenseUsers with %s', async (_name, ids) => {
    const answer = await asViewer().postLicenseUsers(ids && { body: ids })
    expect(answer).toEqual((await direct.post('/users', ids)).json)
  })

  it.each(org.roles().map(({ name, id }) => [name, id]))(
    'postLicenseInfer of the role %s',
    async (_name, id) => {
      expect(await asViewer().postLicenseInfer({ body: [id] })).toEqual(
        (await direct.post('/infer', [id])).json,
      )
    },
  )

  it('postLicenseInfer of all roles and of none', async () => {
    const all = org.roles().map(({ id }) => id)
    expect(await asViewer().postLicenseInfer({ body: all })).toEqual((await direct.post('/infer', all)).json)
    expect(await asViewer().postLicenseInfer()).toEqual([])
  })

  it('postLicenseInferPermissions', async () => {
    const permissions = ['wfm:schedule:*', 'routing:queue:join']
    const answer = await asViewer().postLicenseInferPermissions({ body: permissions })
    expect(answer).toEqual((await direct.post('/infer/permissions', permissions)).json)
    expect(answer).toEqual(['cloudCX1', 'gc1WEMupgrade'])
    expect(await asViewer().postLicenseInferPermissions()).toEqual([])
  })
})

describe('writes', () => {
  it('postLicenseOrganization gives and takes, and says what the org says', async () => {
    const other = userAt(stack, 1)
    const batch = {
      assignments: [
        { licenseId: 'wallboardUser', userIdsAdd: [user], userIdsRemove: [] },
        { licenseId: 'cloudCX1', userIdsAdd: [], userIdsRemove: [other] },
      ],
    }
    const answer = await asOperator().postLicenseOrganization({ body: batch })
    const truth = org.truth()
    expect(truth.users[user]).toContain('wallboardUser')
    expect(truth.users[other]).not.toContain('cloudCX1')
    org.reset()
    const { json } = await direct.post('/organization', batch)
    const asRead = json.map((status: object) => ({ ...status, outcome: 'applied' }))
    expect(answer).toHaveLength(2)
    expect(answer).toEqual(expect.arrayContaining(asRead))
    expect(org.truth()).toEqual(truth)
  })

  it('postLicenseToggle answers as upstream does today: on, and nothing changed', async () => {
    const before = org.truth()
    for (const name of Object.keys(before.toggles)) {
      const answer = await asOperator().postLicenseToggle(name)
      expect(answer).toEqual({ featureName: name, enabled: true })
      expect(answer).toEqual((await direct.post(`/toggles/${name}`)).json)
    }
    expect(org.truth()).toEqual(before)
  })

  it('goes out once for each call', async () => {
    await asOperator().postLicenseToggle('wallboards')
    await asOperator().postLicenseOrganization({ body: giving(user) })
    expect(postsOf(stack).map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/v2/license/toggles/wallboards',
      'POST /api/v2/license/organization',
    ])
  })
})

describe("what the org refuses is the org's own ErrorBody", () => {
  it.each([
    [
      'a user',
      () => asViewer().getLicenseUser('00000000-0000-4000-8000-000000000000'),
      '/users/00000000-0000-4000-8000-000000000000',
    ],
    ['a definition', () => asViewer().getLicenseDefinition('cloudCX9'), '/definitions/cloudCX9'],
    ['a toggle', () => asViewer().getLicenseToggle('unheardOf'), '/toggles/unheardOf'],
  ])('404 for %s', async (_name, call, path) => {
    const error = Object(await rejection(call()))
    expect(error).toMatchObject({ status: 404, code: 'not.found', details: [], errors: [] })
    expect(error.contextId).toBe(org.requests()[0]?.correlationId)
    const { contextId: _ours, ...rest } = error
    const { contextId: _direct, ...said } = (await direct.get(path)).json
    expect(rest).toEqual(said)
  })

  it.each([
    [400, 'invalid.value'],
    [413, 'request.entity.too.large'],
    [415, 'unsupported.media.type'],
  ])('%i with all its fields', async (status, code) => {
    const said = {
      message: 'The value of x is not valid.',
      code,
      status,
      messageWithParams: 'The value of {field} is not valid.',
      messageParams: { field: 'x' },
      contextId: 'c0ffee',
      details: [{ errorCode: code, fieldName: 'x', entityId: 'y', entityName: 'z' }],
      errors: [{ message: 'inner', code, status }],
      limit: { key: 'a', namespace: 'platform.api', value: 5 },
      entityId: 'e',
      entityName: 'n',
      ofTomorrow: true,
    }
    const path = '/api/v2/license/infer'
    org.addFaults([{ match: { method: 'POST', path }, do: { status, body: said } }])
    expect(await rejection(asViewer().postLicenseInfer({ body: [] }))).toEqual(said)
  })
})

describe('what the gateway refuses has the same shape', () => {
  it('400 for an id, its field named', async () => {
    expect(await rejection(asViewer().getLicenseUser('a/b'))).toMatchObject({
      status: 400,
      code: 'bad.request',
      message: expect.stringContaining('userId'),
      contextId: expect.any(String),
      details: [{ errorCode: 'INVALID_VALUE', fieldName: 'userId' }],
      errors: [{ status: 400, messageParams: { fieldName: 'userId' } }],
    })
    expect(org.requests()).toEqual([])
  })

  it('400 for a page of nothing, which the SDK does send', async () => {
    expect(await rejection(asViewer().getLicenseUsers({ pageSize: 0, pageNumber: 0 }))).toMatchObject({
      status: 400,
      details: [{ fieldName: 'pageSize' }, { fieldName: 'pageNumber' }],
    })
  })

  it('400 for a batch without a body', async () => {
    expect(await rejection(asOperator().postLicenseOrganization())).toMatchObject({
      status: 400,
      details: [{ errorCode: 'INVALID_BODY', fieldName: '$' }],
    })
  })

  it('401 for a token that is none', async () => {
    const { api } = sdkAs({ ...stack, tokens: { ...stack.tokens, viewer: 'none' } }, 'viewer')
    expect(await rejection(api.getLicenseDefinitions())).toMatchObject({
      status: 401,
      code: 'authentication.required',
    })
  })

  it("403 for a viewer's write", async () => {
    for (const call of [
      asViewer().postLicenseToggle('wallboards'),
      asViewer().postLicenseOrganization({ body: giving(user) }),
    ]) {
      expect(await rejection(call)).toMatchObject({
        status: 403,
        code: 'not.authorized',
        message: expect.any(String),
        contextId: expect.any(String),
        details: [],
        errors: [],
      })
    }
    expect(org.requests()).toEqual([])
  })

  it('413 for more than 500 pairs', async () => {
    const users = Array.from({ length: 501 }, () => user)
    const body = { assignments: [{ licenseId: 'cloudCX1', userIdsAdd: users, userIdsRemove: [] }] }
    expect(await rejection(asOperator().postLicenseOrganization({ body }))).toMatchObject({
      status: 413,
      code: 'request.entity.too.large',
    })
  })

  it('429 passed on', async () => {
    const path = '/api/v2/license/definitions'
    org.addFaults([{ match: { path }, do: { status: 429, headers: { 'retry-after': 60 } } }])
    expect(await rejection(asViewer().getLicenseDefinitions())).toMatchObject({
      status: 429,
      code: 'too.many.requests.retry.after',
      message: 'Rate limit exceeded the maximum. Retry the request in [60] seconds',
      contextId: org.requests()[0]?.correlationId,
    })
  })

  it.each([
    [
      'an error of upstream',
      { status: 500, body: 'java.lang.NullPointerException' },
      502,
      'upstream.bad.response',
    ],
    [
      'a permission our client lacks',
      { status: 403, body: { code: 'missing.any.permissions' } },
      502,
      'upstream.forbidden',
    ],
    ['a page of a proxy', { status: 200, body: '<html>' }, 502, 'upstream.bad.response'],
    ['a redirect', { status: 302, headers: { location: '/elsewhere' } }, 502, 'upstream.bad.response'],
  ])('502 for %s, nothing of it told', async (_name, action, status, code) => {
    org.addFaults([{ match: { path: '/api/v2/license/definitions' }, do: action }])
    const error = await rejection(asViewer().getLicenseDefinitions())
    expect(error).toMatchObject({ status, code, contextId: org.requests()[0]?.correlationId })
    expect(JSON.stringify(error)).not.toMatch(/java|html|elsewhere/)
  })
})
