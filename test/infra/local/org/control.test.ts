import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startOrg } from '../../../../infra/local/org/server.ts'
import { callerOf, firstPerson, orgForTest } from './org-client.ts'

async function askOrg(url: string, method: string, path: string, body?: unknown) {
  const answer = await fetch(`${url}/__org/${path}`, {
    method,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return { status: answer.status, json: Object(await answer.json()) }
}

describe('the control interface', () => {
  it('tells the truth', async () => {
    const org = await orgForTest({ users: 2 })
    const { json } = await askOrg(org.url, 'GET', 'truth')
    expect(json).toEqual(org.truth())
    expect(Object.keys(json.users)).toEqual(org.people().map(({ id }) => id))
  })

  it('lists every request but its own, in order of arrival', async () => {
    const org = await orgForTest({ now: () => Date.parse('2026-11-22T00:00:00Z') })
    const caller = await callerOf(org)
    await askOrg(org.url, 'GET', 'truth')
    await caller.get('/users/a%2Fb?x=1&y=%20')
    const { headers } = await caller.get('/definitions')
    const { json } = await askOrg(org.url, 'GET', 'requests')
    expect(json).toHaveLength(3)
    expect(json[1]).toMatchObject({ path: '/api/v2/license/users/a%2Fb', query: 'x=1&y=%20', status: 404 })
    expect(json[2]).toEqual({
      method: 'GET',
      path: '/api/v2/license/definitions',
      query: '',
      status: 200,
      at: '2026-11-22T00:00:00.000Z',
      correlationId: headers.get('ININ-Correlation-Id'),
    })
  })

  it('takes everything but tokens back to the beginning', async () => {
    const org = await orgForTest({ users: 5, toggles: 'legacy', requestsPerMinute: 2 })
    const caller = await callerOf(org)
    const before = org.truth()
    const { id } = firstPerson(org)
    await caller.post('/organization', {
      assignments: [{ licenseId: 'cloudCX2', userIdsAdd: [], userIdsRemove: [id] }],
    })
    await caller.post('/toggles/wallboards')
    org.addFaults([{ match: {}, do: { reset: true } }])
    org.movePeople([{ id, state: 'vanished' }])
    expect(org.truth()).not.toEqual(before)
    await askOrg(org.url, 'POST', 'reset')
    expect(org.truth()).toEqual(before)
    expect([org.requests(), org.faults()]).toEqual([[], []])
    const { status, headers } = await caller.get('/users')
    expect([status, headers.get('inin-ratelimit-count')]).toEqual([200, '1'])
  })

  it('adds faults to those that remain, lists and forgets them', async () => {
    const org = await orgForTest()
    const fault = { match: { path: '/x' }, do: { delayMs: 5 } }
    await askOrg(org.url, 'POST', 'faults', [fault])
    const { json } = await askOrg(org.url, 'POST', 'faults', [{ ...fault, skip: 2, times: 3 }])
    expect(json).toEqual([
      { ...fault, skip: 0, times: 1 },
      { ...fault, skip: 2, times: 3 },
    ])
    expect((await askOrg(org.url, 'GET', 'faults')).json).toEqual(json)
    expect((await askOrg(org.url, 'DELETE', 'faults')).json).toEqual([])
    expect(org.faults()).toEqual([])
  })

  it.each([
    ['{', 'The body is not JSON.'],
    [{}, 'The list of faults is refused: must be an array.'],
    [[{ match: {} }], 'Fault 0.do is refused: must be exactly one of'],
    [
      [{ match: {}, do: { reset: true }, once: 1 }],
      'Fault 0 is refused: must be { match, skip?, times?, do }.',
    ],
    [[{ match: {}, do: { reset: true, delayMs: 1 } }], 'Fault 0.do is refused: must be exactly one of'],
    [[{ match: {}, do: { delayMs: -1 } }], 'Fault 0.do.delayMs is refused: must be a whole number from 0.'],
    [[{ match: {}, do: { delayMs: 'x' } }], 'Fault 0.do is refused: must be exactly one of'],
    [
      [{ match: {}, do: { status: 99 } }],
      'Fault 0.do.status is refused: must be a whole number from 200 to 599.',
    ],
    [[{ match: {}, do: { status: 200, headers: { x: 'a\nb' } } }], 'Fault 0.do.headers is refused'],
    [[{ match: { url: '/' }, do: { reset: true } }], 'Fault 0.match is refused: must be { method?, path? }'],
    [[{ match: {}, times: 0, do: { reset: true } }], 'Fault 0.times is refused'],
  ])('refuses the faults %j with a sentence, and adds none', async (faults, sentence) => {
    const org = await orgForTest()
    const { status, json } = await askOrg(org.url, 'POST', 'faults', faults)
    expect(status).toBe(400)
    expect(json.message).toContain(sentence)
    expect(org.faults()).toEqual([])
  })

  it('knows nothing else', async () => {
    const org = await orgForTest()
    expect((await askOrg(org.url, 'GET', 'nothing')).status).toBe(404)
    expect((await askOrg(org.url, 'DELETE', 'truth')).status).toBe(404)
  })
})

describe('an org with a state file', () => {
  function fileForTest(): string {
    const folder = mkdtempSync(join(tmpdir(), 'local-org-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    return join(folder, 'data', 'org.json')
  }

  it('keeps its changes and its tokens over a restart, and only those', async () => {
    const stateFile = fileForTest()
    const options = { stateFile, users: 5, toggles: 'legacy' } as const
    const before = await startOrg(options)
    const caller = await callerOf(before)
    const { id } = firstPerson(before)
    await caller.post('/organization', {
      assignments: [{ licenseId: 'wallboardUser', userIdsAdd: [id], userIdsRemove: [] }],
    })
    await caller.post('/toggles/wallboards')
    const [, gone, left] = before.people()
    before.assign({
      assignments: [{ licenseId: 'cloudCX3', userIdsAdd: [id, left?.id ?? ''], userIdsRemove: [] }],
    })
    before.movePeople([{ id: gone?.id ?? '', state: 'vanished' }])
    before.movePeople([{ id: left?.id ?? '', state: 'inactive', keepsLicenses: true }])
    const truth = before.truth()
    const people = before.people()
    await before.close()
    expect(readdirSync(join(stateFile, '..'))).toEqual(['org.json'])
    expect(Object.keys(JSON.parse(readFileSync(stateFile, 'utf8')).changed)).toEqual([id, left?.id])

    const after = await orgForTest(options)
    expect(after.truth()).toEqual(truth)
    expect(after.people()).toEqual(people)
    expect(after.clients).toEqual(before.clients)
    const answer = await fetch(`${after.url}/api/v2/license/users`, {
      headers: { authorization: caller.authorization },
    })
    expect(answer.status).toBe(200)
  })

  it('starts its toggles anew in another mode', async () => {
    const stateFile = fileForTest()
    await (await startOrg({ stateFile, toggles: 'legacy' })).close()
    const org = await orgForTest({ stateFile, toggles: 'current' })
    expect(new Set(Object.values(org.truth().toggles))).toEqual(new Set([true]))
  })

  it('is not started for another number of people, nor from a damaged file', async () => {
    const stateFile = fileForTest()
    await (await startOrg({ stateFile, users: 5 })).close()
    await expect(startOrg({ stateFile, users: 6 })).rejects.toThrow('has 5 users, but 6 were asked for')
    writeFileSync(stateFile, '{')
    await expect(startOrg({ stateFile, users: 5 })).rejects.toThrow('damaged')
    writeFileSync(stateFile, '{"version":2}')
    await expect(startOrg({ stateFile, users: 5 })).rejects.toThrow('damaged')
  })
})

describe('starting and stopping', () => {
  it('fails where the port is taken', async () => {
    const org = await orgForTest()
    await expect(startOrg({ port: Number(new URL(org.url).port) })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
  })

  it('waits its latency before an answer, but not in the control interface', async () => {
    const org = await orgForTest({ latencyMs: 600_000 })
    const held = fetch(`${org.url}/api/v2/license/users`).catch(() => 'never answered')
    await expect
      .poll(async () => (await askOrg(org.url, 'GET', 'requests')).json)
      .toMatchObject([{ status: null }])
    await org.close()
    expect(await held).toBe('never answered')
  })
})
