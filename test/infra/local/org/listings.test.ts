/** Who is in the listings: people who leave, pages that lie, what is told of logins. */
import { describe, expect, it } from 'vitest'
import type { FaultAction } from '../../../../infra/local/org/faults/faults.ts'
import type { OrgOptions } from '../../../../infra/local/org/server.ts'
import { fakeClock } from '../../../support/fake-clock.ts'
import { callerOf, orgForTest } from './org-client.ts'

async function start(options: OrgOptions = {}) {
  const clock = fakeClock()
  const org = await orgForTest({ users: 30, now: clock.nowMs, ...options })
  const caller = await callerOf(org, org.clients.reader, '/api/v2')
  const people = org.people(1_000)
  return { org, caller, clock, people, ids: people.map(({ id }) => id) }
}

const idsOf = (listing: { readonly entities: readonly { readonly id: string }[] }) =>
  listing.entities.map(({ id }) => id)

async function tell(url: string, path: string, body: unknown) {
  const answer = await fetch(`${url}/__org/${path}`, { method: 'POST', body: JSON.stringify(body) })
  return { status: answer.status, json: Object(await answer.json()) }
}

describe('somebody who leaves', () => {
  it('is listed as inactive or deleted, without licenses unless they are kept', async () => {
    const { org, caller, ids } = await start()
    const [gone = '', idle = '', kept = ''] = ids
    await tell(org.url, 'people', [
      { id: gone, state: 'deleted' },
      { id: idle, state: 'inactive' },
      { id: kept, state: 'deleted', keepsLicenses: true },
    ])
    const { json } = await caller.get('/users?state=any&pageSize=100')
    expect(json.total).toBe(30)
    expect(json.entities.slice(0, 3).map((each: { state: string }) => each.state)).toEqual([
      'deleted',
      'inactive',
      'deleted',
    ])
    const users = (await caller.get('/license/users?pageSize=100')).json.entities
    expect(users.slice(0, 2)).toMatchObject([{ licenses: [] }, { licenses: [] }])
    expect(users[2].licenses).not.toEqual([])
    expect((await caller.get('/users?state=deleted')).json.total).toBe(2)
  })

  it('may vanish from every listing, and come back as before', async () => {
    const { org, caller, ids } = await start()
    const [first = '', ...others] = ids
    const before = org.truth()
    const vanished = [first, others[10] ?? '']
    org.movePeople(vanished.map((id) => ({ id, state: 'vanished' })))
    const left = ids.filter((id) => !vanished.includes(id))
    for (const path of ['/users?state=any&', '/license/users?']) {
      const pages = [1, 2, 3].map(
        async (page) => (await caller.get(`${path}pageSize=10&pageNumber=${page}`)).json,
      )
      const read = await Promise.all(pages)
      expect(read.flatMap(idsOf)).toEqual(left)
      expect(read[0]).toMatchObject({ total: 28, pageCount: 3 })
    }
    expect((await caller.get(`/license/users/${first}`)).status).toBe(404)
    expect(idsOf((await caller.get(`/users?state=any&id=${first}`)).json)).toEqual([])
    expect(Object.keys(org.truth().users)).toEqual(left)
    org.movePeople(vanished.map((id) => ({ id, state: 'active' })))
    expect(org.truth()).toEqual(before)
  })

  it.each([
    [[{ id: 'nobody', state: 'deleted' }], 'Nobody has the id nobody.'],
    [[{ id: 'x', state: 'asleep' }], '0.state is refused'],
    [{}, 'The body is refused: must be an array.'],
  ])('is refused as %j with a sentence', async (moves, sentence) => {
    const { org } = await start()
    const { status, json } = await tell(org.url, 'people', moves)
    expect([status, json.message]).toEqual([400, expect.stringContaining(sentence)])
  })
})

describe("an assignment in Genesys's own pages", () => {
  it('changes the truth with no request to the API, and says of each pair what became of it', async () => {
    const { org, ids } = await start()
    const [id = ''] = ids
    const { json } = await tell(org.url, 'assignments', {
      assignments: [{ licenseId: 'wallboardUser', userIdsAdd: [id, 'nobody'], userIdsRemove: [] }],
    })
    expect(json).toMatchObject([{ userId: id, result: 'SUCCESS' }, { result: 'FAILURE: user not found' }])
    expect(org.truth().users[id]).toContain('wallboardUser')
    expect(org.requests().filter(({ path }) => path.startsWith('/api/'))).toEqual([])
  })

  it.each([{}, { assignments: [{ licenseId: 'cloudCX1' }] }])('is refused as %j', async (batch) => {
    const { org } = await start()
    expect((await tell(org.url, 'assignments', batch)).status).toBe(400)
  })
})

describe('a page that lies', () => {
  const PATHS = ['/api/v2/license/users', '/api/v2/users'] as const

  it.each<readonly [string, FaultAction, (ids: readonly string[]) => readonly string[], object]>([
    ['is cut short', { lie: { cutBy: 4 } }, (ids) => ids.slice(10, 16), { total: 30, pageCount: 3 }],
    ['skips who moved up', { lie: { shiftBy: 2 } }, (ids) => ids.slice(12, 22), { total: 30 }],
    ['repeats the one before', { lie: { shiftBy: -10 } }, (ids) => ids.slice(0, 10), { pageNumber: 2 }],
    [
      'tells another total and count of pages',
      { lie: { totalBy: -7, pageCountBy: 1 } },
      (ids) => ids.slice(10, 20),
      { total: 23, pageCount: 4 },
    ],
  ])('%s', async (_what, fault, shown, counts) => {
    const { org, caller, ids } = await start()
    org.addFaults(PATHS.map((path) => ({ match: { path, pageNumber: 2 }, do: fault })))
    for (const path of ['/license/users?', '/users?state=any&']) {
      const read = async (page: number) => (await caller.get(`${path}pageSize=10&pageNumber=${page}`)).json
      expect(idsOf(await read(1))).toEqual(ids.slice(0, 10))
      const second = await read(2)
      expect(idsOf(second)).toEqual(shown(ids))
      expect(second).toMatchObject(counts)
      // Once, and then as it is.
      expect(idsOf(await read(2))).toEqual(ids.slice(10, 20))
    }
  })
})

describe('what is told of logins', () => {
  interface Active {
    readonly dateLastLogin?: string
    readonly lastTokenIssued?: string | { readonly dateIssued: string }
  }

  it('is asked for, and missing of some', async () => {
    const { caller, clock } = await start({ users: 100 })
    const read = async (expand: string): Promise<readonly Active[]> =>
      (await caller.get(`/users?state=any&pageSize=100${expand}`)).json.entities
    const [none, login, both] = [
      await read(''),
      await read('&expand=dateLastLogin'),
      await read('&expand=dateLastLogin,lasttokenissued'),
    ]
    expect(none.some((each) => each.dateLastLogin ?? each.lastTokenIssued)).toBe(false)
    const told = login.flatMap(({ dateLastLogin }) => dateLastLogin ?? [])
    expect(told.length).toBeGreaterThan(60)
    expect(told.length).toBeLessThan(95)
    for (const each of told) expect(Date.parse(each)).toBeLessThanOrEqual(clock.nowMs())
    expect(login.some(({ lastTokenIssued }) => lastTokenIssued !== undefined)).toBe(false)
    // Single sign-on: a token and no login. And both forms that have been seen.
    expect(both.some((each) => !each.dateLastLogin && each.lastTokenIssued)).toBe(true)
    const forms = new Set(both.flatMap(({ lastTokenIssued }) => typeof (lastTokenIssued ?? [])))
    expect(forms).toEqual(new Set(['string', 'object']))
  })

  it('goes on with the clock, but not of who has left', async () => {
    const { org, caller, clock, ids } = await start({ users: 40, tokenSeconds: 1e8 })
    const read = async () => {
      const { json } = await caller.get('/users?state=any&pageSize=100&expand=dateLastLogin')
      return new Map(json.entities.map((each: { id: string } & Active) => [each.id, each.dateLastLogin]))
    }
    const before = await read()
    org.movePeople(ids.slice(20).map((id) => ({ id, state: 'inactive' })))
    clock.advance(7 * 86_400_000)
    const after = await read()
    const moved = ids.filter((id) => before.get(id) !== after.get(id))
    expect(moved.length).toBeGreaterThan(10)
    expect(moved.every((id) => ids.indexOf(id) < 20)).toBe(true)
  })
})
