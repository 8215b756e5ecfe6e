import { describe, expect, it } from 'vitest'
import { definitions } from '../../../../infra/local/org/definitions.ts'
import { callerOf, firstPerson, orgForTest } from './org-client.ts'

async function start(options?: Parameters<typeof orgForTest>[0]) {
  const org = await orgForTest(options)
  return { org, caller: await callerOf(org), first: firstPerson(org) }
}

describe('definitions', () => {
  it('are fifteen real licenses, each also by id', async () => {
    const { caller } = await start()
    const { status, json } = await caller.get('/definitions')
    expect(status).toBe(200)
    expect(json.map(({ id }: { id: string }) => id).sort()).toEqual(
      [
        'agentAssistLicense agentAssistOmniLicense cloudCX1 cloudCX2 cloudCX3 collaborate collaboratePro communicate',
        'cxCloudSF cxCloudSN gc1WEMupgrade gc2WEMupgrade gcSTAupgrade predictiveEngagementLicense wallboardUser',
      ]
        .join(' ')
        .split(' '),
    )
    for (const { id } of definitions) {
      const { json: one } = await caller.get(`/definitions/${id}`)
      expect(one).toEqual(definitions.find((each) => each.id === id))
      expect(one.permissions.ids.length).toBeGreaterThan(0)
    }
  })

  it('lack permissions in the list that they have by id, for one license', async () => {
    const { caller } = await start()
    const { json } = await caller.get('/definitions')
    const bare = json.filter((each: { permissions: { ids: string[] } }) => each.permissions.ids.length === 0)
    expect(bare.map(({ id }: { id: string }) => id)).toEqual(['cxCloudSN'])
  })

  it('of an unknown license are 404', async () => {
    const { caller } = await start()
    expect((await caller.get('/definitions/cloudCX9')).json).toMatchObject({ status: 404, code: 'not.found' })
  })
})

describe('users', () => {
  it('come 25 a page, page by page what the truth says', async () => {
    const { org, caller } = await start({ users: 60 })
    const pages = [await caller.get('/users'), await caller.get('/users?pageNumber=2')]
    pages.push(await caller.get('/users?pageNumber=3'))
    expect(pages.map(({ json }) => [json.entities.length, json.pageNumber])).toEqual([
      [25, 1],
      [25, 2],
      [10, 3],
    ])
    expect(pages[2]?.json).toMatchObject({ pageSize: 25, total: 60, pageCount: 3 })
    const entities = pages.flatMap(({ json }) => json.entities)
    const seen = entities.map(({ id, licenses }: { id: string; licenses: string[] }) => [id, licenses])
    expect(Object.fromEntries(seen)).toEqual(org.truth().users)
  })

  it('past the last page are none', async () => {
    const { caller } = await start({ users: 3 })
    const { json } = await caller.get('/users?pageSize=2&pageNumber=3')
    expect(json).toEqual({ entities: [], pageSize: 2, pageNumber: 3, total: 3, pageCount: 2 })
  })

  it.each(['pageSize=0', 'pageSize=101', 'pageSize=-1', 'pageSize=x', 'pageNumber=0', 'pageSize='])(
    'with %s are 400 that names the field',
    async (query) => {
      const { caller } = await start({ users: 3 })
      const { status, json } = await caller.get(`/users?${query}`)
      expect(status).toBe(400)
      expect(json.details).toEqual([{ errorCode: 'invalid.value', fieldName: query.split('=')[0] }])
    },
  )

  it('one by one have full definitions', async () => {
    const { caller, first } = await start()
    const { json } = await caller.get(`/users/${first.id}`)
    const cx2 = definitions.find(({ id }) => id === 'cloudCX2')
    expect(json).toEqual({
      id: first.id,
      licenses: [cx2],
      selfUri: `/api/v2/license/users/${first.id}`,
    })
  })

  it('asked for by id leave out the unknown', async () => {
    const { caller, first } = await start()
    const { json } = await caller.post('/users', [first.id, '00000000-0000-4000-8000-000000000000'])
    expect(json).toEqual({
      [first.id]: { id: first.id, licenses: ['cloudCX2'], selfUri: `/api/v2/license/users/${first.id}` },
    })
  })

  it.each(['../definitions', '00000000-0000-4000-8000-000000000000'])('named %s are unknown', async (id) => {
    const { caller } = await start()
    const { status, json } = await caller.get(`/users/${encodeURIComponent(id)}`)
    expect([status, json.code]).toEqual([404, 'not.found'])
  })
})

describe('the organization', () => {
  it('cannot be read any more', async () => {
    const { caller } = await start()
    expect((await caller.get('/organization')).json).toMatchObject({ status: 404, code: 'not.found' })
  })

  it('takes assignments, answers for each pair and keeps the truth', async () => {
    const { org, caller, first } = await start()
    const second = org.people(2)[1]?.id ?? ''
    const { json } = await caller.post('/organization', {
      assignments: [
        { licenseId: 'wallboardUser', userIdsAdd: [first.id, second], userIdsRemove: [] },
        { licenseId: 'cloudCX2', userIdsAdd: [], userIdsRemove: [first.id] },
      ],
    })
    expect(json).toEqual([
      { userId: first.id, licenseId: 'wallboardUser', result: 'SUCCESS' },
      { userId: second, licenseId: 'wallboardUser', result: 'SUCCESS' },
      { userId: first.id, licenseId: 'cloudCX2', result: 'SUCCESS' },
    ])
    expect(first.licenses()).toEqual(['wallboardUser'])
    expect((await caller.post('/users', [first.id])).json[first.id].licenses).toEqual(['wallboardUser'])
  })

  it('fails an unknown user or license alone', async () => {
    const { caller, first } = await start()
    const nobody = '00000000-0000-4000-8000-000000000000'
    const { json } = await caller.post('/organization', {
      assignments: [
        { licenseId: 'wallboardUser', userIdsAdd: [nobody, first.id], userIdsRemove: [] },
        { licenseId: 'nothing', userIdsAdd: [first.id], userIdsRemove: [] },
      ],
    })
    expect(json.map(({ result }: { result: string }) => result)).toEqual([
      'FAILURE: user not found',
      'SUCCESS',
      'FAILURE: license not found',
    ])
    expect(first.licenses()).toEqual(['cloudCX2', 'wallboardUser'])
  })
})

describe('optional bodies', () => {
  it.each([
    ['/organization', []],
    ['/users', {}],
    ['/infer', []],
    ['/infer/permissions', []],
  ])('of POST %s may be empty or null', async (path, value) => {
    const { caller } = await start()
    expect((await caller.post(path)).json).toEqual(value)
    expect((await caller.post(path, 'null')).json).toEqual(value)
  })

  it('that are not what the contract says are 400 that names the field', async () => {
    const { caller } = await start()
    const { json } = await caller.post('/organization', { assignments: [{ licenseId: 'x', userIdsAdd: [] }] })
    expect(json).toMatchObject({ status: 400, details: [{ fieldName: 'assignments.0.userIdsRemove' }] })
    expect((await caller.post('/infer', { a: 1 })).json).toMatchObject({ details: [{ fieldName: 'body' }] })
  })
})

describe('toggles', () => {
  it('today are always on and cannot be switched', async () => {
    const { org, caller } = await start()
    const names = Object.keys(org.truth().toggles)
    expect(names.length).toBeGreaterThanOrEqual(5)
    for (const featureName of names) {
      const on = { featureName, enabled: true }
      expect((await caller.get(`/toggles/${featureName}`)).json).toEqual(on)
      expect((await caller.post(`/toggles/${featureName}`)).json).toEqual(on)
    }
    expect(Object.values(org.truth().toggles)).not.toContain(false)
  })

  it('in legacy mode are switched by each POST', async () => {
    const { org, caller } = await start({ toggles: 'legacy' })
    expect(new Set(Object.values(org.truth().toggles))).toEqual(new Set([true, false]))
    const values = []
    for (const method of ['GET', 'POST', 'GET', 'POST', 'GET']) {
      values.push((await caller.call(method, '/toggles/wallboards')).json.enabled)
    }
    expect(values).toEqual([true, false, false, true, true])
  })

  it('of an unknown name are 404', async () => {
    const { caller } = await start()
    expect((await caller.get('/toggles/nothing')).status).toBe(404)
    expect((await caller.post('/toggles/nothing')).status).toBe(404)
  })
})

describe('infer', () => {
  const cases: [roles: string[], licenses: string[]][] = [
    [['Employee'], ['collaborate']],
    [['Employee', 'Voice agent'], ['cloudCX1']],
    [
      ['Voice agent', 'Digital agent', 'Wallboard viewer'],
      ['cloudCX2', 'wallboardUser'],
    ],
    [['Planner'], ['cloudCX1', 'gc1WEMupgrade']],
    [
      ['Planner', 'Digital agent', 'Speech analyst'],
      ['cloudCX2', 'gc2WEMupgrade'],
    ],
    [
      ['Voice agent', 'Speech analyst'],
      ['cloudCX1', 'gcSTAupgrade'],
    ],
    [['Screen reviewer', 'Planner'], ['cloudCX3']],
    [['Assisted agent'], ['cloudCX1', 'agentAssistOmniLicense']],
  ]

  it.each(cases)('from the roles %j gives %j', async (names, licenses) => {
    const { org, caller } = await start()
    const wanted = org.roles().filter(({ name }) => names.includes(name))
    expect((await caller.post('/infer', [...wanted.map(({ id }) => id), 'unknown'])).json).toEqual(licenses)
    const permissions = wanted.flatMap((role) => role.permissions)
    expect((await caller.post('/infer/permissions', permissions)).json).toEqual(licenses)
  })

  it('gives speech and text analytics where workforce engagement cannot be held', async () => {
    const { caller } = await start()
    expect((await caller.post('/infer/permissions', ['wfm:schedule:view'])).json).toEqual(['gcSTAupgrade'])
  })

  it('understands wildcards and passes over unknown permissions', async () => {
    const { caller } = await start()
    const answer = await caller.post('/infer/permissions', ['journey:*:*', 'no:such:thing', 'nonsense'])
    expect(answer.json).toEqual(['predictiveEngagementLicense'])
  })
})
