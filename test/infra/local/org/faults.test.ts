import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { OrgFault } from '../../../../infra/local/org/faults/faults.ts'
import { callerOf, firstPerson, orgForTest } from './org-client.ts'

const USERS = '/api/v2/license/users'
const ORGANIZATION = '/api/v2/license/organization'

async function start(fault?: OrgFault['do'], path = USERS) {
  const org = await orgForTest({ users: 3, toggles: 'legacy' })
  const caller = await callerOf(org)
  if (fault) org.addFaults([{ match: { path }, do: fault }])
  const first = firstPerson(org)
  const give = { assignments: [{ licenseId: 'wallboardUser', userIdsAdd: [first.id], userIdsRemove: [] }] }
  return { org, caller, first, give }
}

const lastStatus = (org: Awaited<ReturnType<typeof orgForTest>>) => org.requests().at(-1)?.status

describe('a fault', () => {
  it('happens as often as it says, after as many as it lets through', async () => {
    const { org, caller } = await start()
    org.addFaults([{ match: { path: USERS }, skip: 1, times: 2, do: { status: 503 } }])
    const statuses = []
    for (let n = 0; n < 5; n++) statuses.push((await caller.get('/users')).status)
    expect(statuses).toEqual([200, 503, 503, 200, 200])
  })

  it('matches by method and exact path, and the first that matches wins', async () => {
    const { org, caller } = await start()
    org.addFaults([
      { match: { method: 'POST', path: USERS }, do: { status: 500 } },
      { match: { path: `${USERS}/x%2Fy` }, do: { status: 502 } },
      { match: { path: USERS }, do: { status: 503 } },
      { match: {}, do: { status: 504 } },
    ])
    expect((await caller.get('/users?pageSize=1')).status).toBe(503)
    expect((await caller.get('/users/x%2Fy')).status).toBe(502)
    expect((await caller.get('/users')).status).toBe(504)
    expect((await caller.post('/users', [])).status).toBe(500)
    expect((await caller.get('/users')).status).toBe(200)
  })

  it('of the login matches too', async () => {
    const { org } = await start({ status: 503 }, '/oauth/token')
    expect((await fetch(`${org.url}/oauth/token`, { method: 'POST' })).status).toBe(503)
  })

  it('answers a status with headers and a raw, a JSON or no body', async () => {
    const { org, caller } = await start()
    const answers: OrgFault['do'][] = [
      { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<html>' },
      { status: 429, headers: { 'retry-after': 12 }, body: { code: 'x' } },
      { status: 200, body: null },
      { status: 204 },
      { status: 200, bodyBase64: 'AAEC' },
    ]
    org.addFaults(answers.map((each) => ({ match: { path: USERS }, do: each })))
    const seen = []
    for (const _ of answers) {
      const answer = await fetch(org.url + USERS)
      const { headers } = answer
      seen.push([answer.status, headers.get('content-type'), headers.get('retry-after'), await answer.text()])
    }
    expect(seen).toEqual([
      [200, 'text/html', null, '<html>'],
      [429, 'application/json', '12', '{"code":"x"}'],
      [200, 'application/json', null, 'null'],
      [204, 'application/json', null, ''],
      [200, 'application/json', null, '\u0000\u0001\u0002'],
    ])
    expect((await caller.get('/users')).status).toBe(200)
  })

  it('that delays holds one request back while others are served', async () => {
    const { org, caller } = await start({ delayMs: 600_000 })
    const held = caller.get('/users').catch(() => 'never answered')
    await expect.poll(org.faults).toEqual([])
    expect((await caller.get('/users')).status).toBe(200)
    expect(org.requests().map(({ status }) => status)).toEqual([200, null, 200])
    await org.close()
    expect(await held).toBe('never answered')
  })

  it('that delays serves afterwards', async () => {
    const { caller, first, give } = await start({ delayMs: 1 }, ORGANIZATION)
    expect((await caller.post('/organization', give)).status).toBe(200)
    expect(first.licenses()).toContain('wallboardUser')
  })

  it('that delays, or drops to apply later, does neither once the org was reset', async () => {
    const { org, caller, first, give } = await start({ delayMs: 600_000 }, ORGANIZATION)
    org.addFaults([{ match: { path: ORGANIZATION }, do: { dropThenApplyAfterMs: 600_000 } }])
    const held = caller.post('/organization', give).catch(() => 'never answered')
    await expect(caller.post('/organization', give)).rejects.toThrow()
    org.reset()
    org.letGo()
    expect(first.licenses()).toEqual(['cloudCX2'])
    await org.close()
    expect(await held).toBe('never answered')
  })

  it('that resets answers nothing and applies nothing', async () => {
    const { org, caller, first, give } = await start({ reset: true }, ORGANIZATION)
    await expect(caller.post('/organization', give)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
    expect(first.licenses()).toEqual(['cloudCX2'])
    expect(lastStatus(org)).toBeNull()
  })

  it('that applies and resets answers nothing and applies', async () => {
    const { org, caller, first, give } = await start({ applyThenReset: true }, ORGANIZATION)
    await expect(caller.post('/organization', give)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
    expect(first.licenses()).toEqual(['cloudCX2', 'wallboardUser'])
    expect(lastStatus(org)).toBeNull()
  })

  it('that drops applies later', async () => {
    const { org, caller, first, give } = await start({ dropThenApplyAfterMs: 600_000 }, ORGANIZATION)
    await expect(caller.post('/organization', give)).rejects.toThrow()
    expect(first.licenses()).toEqual(['cloudCX2'])
    org.letGo()
    expect(first.licenses()).toEqual(['cloudCX2', 'wallboardUser'])
    expect(lastStatus(org)).toBeNull()
  })

  it.each([0, 10])('that truncates announces the whole length and cuts after %i bytes', async (bytes) => {
    const { org, caller } = await start({ truncateAtByte: bytes })
    const { text, end, announced } = await readRaw(org.url + USERS, caller.authorization)
    expect(text).toBe('{"entities":[{'.slice(0, bytes))
    expect(announced).toBeGreaterThan(bytes)
    expect(end).toBe('ECONNRESET')
    expect(lastStatus(org)).toBe(200)
  })

  it('that stalls sends so many bytes and keeps the connection open', async () => {
    const { org, caller } = await start({ stallAfterBytes: 4 })
    const { text, end } = await readRaw(org.url + USERS, caller.authorization, (received) => {
      if (received === '{"en') org.close()
    })
    expect([text, end]).toEqual(['{"en', 'ECONNRESET'])
  })

  it('that makes reads stale hides the last write for so long', async () => {
    let now = 0
    const org = await orgForTest({ users: 3, toggles: 'legacy', now: () => now })
    const caller = await callerOf(org)
    const { id } = firstPerson(org)
    org.addFaults([
      { match: { method: 'POST', path: '/api/v2/license/toggles/wallboards' }, do: { staleReadMs: 5000 } },
    ])
    expect((await caller.post('/toggles/wallboards')).json.enabled).toBe(false)
    const read = async () => (await caller.get('/toggles/wallboards')).json.enabled
    expect(await read()).toBe(true)
    expect(org.truth().toggles['wallboards']).toBe(false)
    const give = { licenseId: 'gcSTAupgrade', userIdsAdd: [id], userIdsRemove: [] }
    await caller.post('/organization', { assignments: [give] })
    expect(await read()).toBe(false)
    const held = async () => (await caller.post('/users', [id])).json[id].licenses
    expect(await held()).toEqual(['cloudCX2'])
    now = 5000
    expect(await held()).toEqual(['cloudCX2', 'gcSTAupgrade'])
  })

  it('that revokes the token answers 401 now and from then on', async () => {
    const { caller } = await start({ revokeToken: true })
    expect((await caller.get('/users')).json).toMatchObject({ status: 401, code: 'bad.credentials' })
    expect((await caller.get('/users')).status).toBe(401)
  })
})

/** Reads an answer byte by byte until its connection ends, however it ends. */
function readRaw(url: string, authorization: string, onText: (text: string) => void = () => {}) {
  return new Promise<{ text: string; announced: number; end: unknown }>((resolve, reject) => {
    const outgoing = request(url, { headers: { authorization, 'user-agent': 'test' } }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part) => {
        text += part
        onText(text)
      })
      const announced = Number(answer.headers['content-length'])
      answer.on('end', () => resolve({ text, announced, end: 'end' }))
      answer.on('error', (error) => resolve({ text, announced, end: 'code' in error && error.code }))
    })
    outgoing.on('error', reject).end()
  })
}
