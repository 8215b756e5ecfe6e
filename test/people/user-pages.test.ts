/** GET /v1/users against the embedded org, through the function that deploys. */
import { describe, expect, it } from 'vitest'
import type { OrgPerson } from '../../infra/local/org/people/people.ts'
import { listUsers } from '../../lib/operations/users/list-users.ts'
import type { User, UserListing } from '../../lib/people/user.ts'
import type { Transport } from '../../lib/transport/transport.ts'
import { expectError } from '../support/refusals.ts'
import { type World, world } from '../support/world.ts'

type Query = Readonly<Record<string, string>>

const eventOf = (query: Query) => ({
  queryStringParameters: query,
  multiValueQueryStringParameters: Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, [value]]),
  ),
})

async function start(users = 60, transport?: (each: World) => Transport, searchesDeleted = true) {
  const each = await world({ org: { users, searchesDeleted } })
  const invoke = each.reader(listUsers, transport && { transport: transport(each) })
  const everybody = each.org.people(users)
  const held = each.org.truth().users
  const get = (query: Query = {}) => invoke(eventOf(query))
  const list = async (query: Query = {}): Promise<UserListing> => {
    const { status, json } = await get(query)
    expect(status).toBe(200)
    return json as UserListing
  }
  /** All pages of a query, and how many requests to Genesys each took. */
  async function pages(query: Query) {
    const listings: UserListing[] = []
    const requests: number[] = []
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const before = each.org.requests().length
      const page: UserListing = await list(cursor === '' ? query : { ...query, cursor })
      requests.push(each.org.requests().length - before)
      listings.push(page)
      cursor = page.next
    }
    return { listings, requests, users: listings.flatMap(({ entities }) => entities) }
  }
  /** As the gateway should tell them. */
  const told = (people: readonly OrgPerson[]): User[] =>
    people.map(({ id, name, email, state }) => ({
      id,
      name,
      email,
      state,
      licenses: [...(held[id] ?? [])],
      selfUri: `/api/v2/license/users/${id}`,
    }))
  return { ...each, get, list, pages, told, everybody, held }
}

describe('users by nothing', () => {
  it('are everybody, the inactive too, in two requests a page', async () => {
    const { pages, told, everybody } = await start(100)
    expect(everybody.some(({ state }) => state === 'inactive')).toBe(true)
    const { users, requests } = await pages({})
    expect(users).toEqual(told(everybody))
    expect(requests).toEqual([2, 2, 2, 2])
  })

  it('are those who were deleted only while they hold something', async () => {
    const entities = ['a', 'b', 'c'].map((id) => ({ id, name: id.toUpperCase(), state: 'deleted' }))
    const { list } = await start(1, ({ scripted }) =>
      scripted(async ({ method }) => {
        const answer = method === 'GET' ? { entities, total: 3, pageCount: 1 } : { b: ['cloudCX1'], c: [] }
        return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(answer)) }
      }),
    )
    expect(await list()).toEqual({
      entities: [
        { id: 'b', name: 'B', state: 'deleted', licenses: ['cloudCX1'], selfUri: '/api/v2/license/users/b' },
      ],
    })
  })
})

describe('users by e-mail', () => {
  it('are the one whose address it is, in any case, in two requests', async () => {
    const { pages, told, everybody } = await start()
    const { users, requests } = await pages({ email: 'ANA@example.com' })
    expect(users).toEqual(told(everybody.slice(0, 1)))
    expect(requests).toEqual([2])
  })

  it('are the inactive too', async () => {
    const { list, told, everybody } = await start(100)
    const [gone] = everybody.filter(({ state }) => state === 'inactive')
    expect((await list({ email: gone?.email ?? '' })).entities).toEqual(told(gone ? [gone] : []))
  })

  it('are all whose addresses begin so where a * says that it is a beginning', async () => {
    const { pages, told, everybody } = await start(400)
    const anas = everybody.filter(({ email }) => email?.startsWith('ana.'))
    expect(anas.length).toBeGreaterThan(2)
    const { users, requests } = await pages({ email: 'Ana.*', limit: '2' })
    expect(users).toEqual(told(anas))
    expect(requests).toEqual(Array.from({ length: Math.ceil(anas.length / 2) }, () => 2))
  })

  it('are none, after one request, where nobody has it', async () => {
    const { pages } = await start()
    expect(await pages({ email: 'ana@example.co' })).toEqual({
      listings: [{ entities: [] }],
      requests: [1],
      users: [],
    })
  })

  it('are nobody whom Genesys found by a likeness', async () => {
    const { list } = await start(1, ({ scripted }) =>
      scripted(async () => {
        const results = [{ id: 'a', email: 'ana@example.com.au' }, { id: 'b' }]
        const body = JSON.stringify({ results, total: 2, pageCount: 1 })
        return { status: 200, headers: {}, body: Buffer.from(body) }
      }),
    )
    expect(await list({ email: 'ana@example.com' })).toEqual({ entities: [] })
  })
})

describe('users by name', () => {
  it('are the deleted too while they hold something', async () => {
    const { list, told, everybody } = await start(200)
    const gone = everybody.filter(({ name }) => name === 'Ike Gone')
    expect(gone).toMatchObject([{ state: 'deleted' }])
    expect((await list({ name: 'ike gone' })).entities).toEqual(told(gone))
  })

  it('say that the deleted are not among them where Genesys refuses to search those', async () => {
    const { get, list, told, everybody, org } = await start(200, undefined, false)
    const back = everybody.filter(({ name, state }) => name === 'Gus Back' && state === 'active')
    const found = await list({ name: 'gus back' })
    expect(found).toEqual({ entities: told(back), isWithoutDeleted: true })
    expect(await list({ email: 'ike.gone@example.com' })).toEqual({ entities: [], isWithoutDeleted: true })
    org.addFaults([{ match: { path: '/api/v2/users/search' }, times: 2, do: { status: 400 } }])
    expect((await get({ name: 'ike' })).status).toBe(400)
  })

  it('are all who have it as a part of theirs, in any case', async () => {
    const { pages, told, everybody } = await start(200)
    const { users } = await pages({ name: 'AN', limit: '7' })
    expect(users).toEqual(told(everybody.filter(({ name }) => name.toLowerCase().includes('an'))))
  })

  it('are those who have it, however it is written', async () => {
    const { list, told, everybody } = await start(200)
    for (const [name, written] of [
      ["o'neill", ['Sean O\u2019Neill', "Sean O'Neill"]],
      ['zoë brontë'.normalize('NFD'), ['Zoë Brontë', 'Zoë Brontë'.normalize('NFD')]],
      ['\u200eada stone\u200f', ['Ada Stone', 'Ada  Stone ']],
    ] as const) {
      const expected = told(everybody.filter((each) => written.some((way) => way === each.name)))
      expect(expected.length).toBeGreaterThan(1)
      expect((await list({ name })).entities).toEqual(expected)
    }
  })

  it('and license are those of them who hold it', async () => {
    const { pages, told, everybody, held } = await start(200)
    const { users } = await pages({ name: 'an', license: 'cloudCX3', limit: '10' })
    const expected = everybody.filter(
      ({ id, name }) => name.toLowerCase().includes('an') && held[id]?.includes('cloudCX3'),
    )
    expect(expected.length).toBeGreaterThan(2)
    expect(users).toEqual(told(expected))
  })

  it('and e-mail are those for whom both hold', async () => {
    const { list, told, everybody } = await start(200)
    expect((await list({ name: 'abebe', email: 'ana*' })).entities).toEqual(told(everybody.slice(0, 1)))
    expect((await list({ name: 'becker', email: 'ana@example.com' })).entities).toEqual([])
  })
})

describe('users by license', () => {
  it.each([
    ['cloudCX3', '9'],
    ['cloudCX3', '100'],
    ['gcSTAupgrade', '1'],
  ])('are its holders, each once: of %s by %s', async (license, limit) => {
    const { pages, told, everybody, held } = await start(730)
    const expected = everybody.filter(({ id }) => held[id]?.includes(license))
    expect(expected.length).toBeGreaterThan(5)
    expect((await pages({ license, limit })).users).toEqual(told(expected))
  })

  it('take two requests where there are holders enough on the first page', async () => {
    const { pages } = await start(2_000)
    const { requests } = await pages({ license: 'cloudCX1', limit: '20' })
    expect(requests[0]).toBe(2)
  })

  it('are looked for with a tenth of a minute’s requests, and the next goes on from there', async () => {
    const { pages } = await start(12_050)
    const { listings, users, requests } = await pages({ license: 'none-has-it' })
    expect(users).toEqual([])
    expect(listings.map(({ next }) => next !== undefined)).toEqual([true, true, true, true, false])
    expect(requests).toEqual([29, 29, 29, 29, 5])
  })

  it('may be asked for in other numbers from one page to the next', async () => {
    const { list, told, everybody, held } = await start(300)
    const expected = told(everybody.filter(({ id }) => held[id]?.includes('cloudCX3')))
    const { entities, next = '' } = await list({ license: 'cloudCX3', limit: '7' })
    const rest = await list({ license: 'cloudCX3', limit: '100', cursor: next })
    expect([...entities, ...rest.entities]).toEqual(expected)
  })

  it('without a name where the directory does not know them', async () => {
    const { list } = await start(1, ({ scripted }) =>
      scripted(async ({ path }) => {
        const entities = path.includes('/license/') ? [{ id: 'a', licenses: ['cloudCX1'] }] : []
        const body = JSON.stringify({ entities, pageCount: 1, total: 1 })
        return { status: 200, headers: {}, body: Buffer.from(body) }
      }),
    )
    expect(await list({ license: 'cloudCX1' })).toEqual({
      entities: [{ id: 'a', licenses: ['cloudCX1'], selfUri: '/api/v2/license/users/a' }],
    })
  })
})

describe('a page of another size than the one before', () => {
  it('goes on where that one ended, and leaves nobody out', async () => {
    const { list, told, everybody } = await start(60)
    const first = await list({ limit: '25' })
    const second = await list({ limit: '10', cursor: first.next ?? '' })
    const third = await list({ limit: '100', cursor: second.next ?? '' })
    const users = [first, second, third].flatMap(({ entities }) => entities)
    expect(users).toEqual(told(everybody))
  })
})

describe('what makes no sense', () => {
  it.each([
    ['license', '../users'],
    ['license', ''],
    ['name', ''],
    ['name', '   '],
    ['name', 'a'.repeat(129)],
    ['name', 'An\u202Ea'],
    ['name', 'An\u0000a'],
    ['email', '*'],
    ['email', 'a na@example.com'],
    ['email', 'ana*@example.com'],
    ['email', `${'a'.repeat(255)}`],
    ['limit', '0'],
    ['limit', '101'],
    ['cursor', 'made up'],
  ])('as %s is refused before Genesys is asked: %j', async (name, value) => {
    const { get, org } = await start(1)
    const answer = await get({ [name]: value })
    expectError(answer, { status: 400, code: 'bad.request' })
    expect(answer.json).toMatchObject({ details: [{ fieldName: name }] })
    expect(org.requests()).toEqual([])
  })

  it('is a cursor of another query, or one made up (J18)', async () => {
    const { get, list, org } = await start(60)
    const { next = '' } = await list({})
    const before = org.requests().length
    for (const query of [{ cursor: next, name: 'a' }, { cursor: next.slice(2) }, { cursor: 'AAAA' }]) {
      const details: [string, string][] = [['cursor', 'INVALID_CURSOR']]
      expectError(await get(query), { status: 400, code: 'bad.request', details })
    }
    expect(org.requests().length).toBe(before)
  })
})
