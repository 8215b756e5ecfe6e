import platformClient from 'purecloud-platform-client-v2'
import { describe, expect, it } from 'vitest'
import { callerOf, orgForTest } from './org-client.ts'

async function start(options?: Parameters<typeof orgForTest>[0]) {
  const org = await orgForTest(options)
  const people = org.people(1_000)
  return { org, caller: await callerOf(org, org.clients.reader, '/api/v2/users'), people }
}

const named = (users: readonly { readonly name: string }[] = []) => users.map(({ name }) => name)

describe('the directory', () => {
  it('lists who is active, 25 a page, with the addresses of the other pages', async () => {
    const { caller, people } = await start({ users: 60 })
    const active = people.filter((each) => each.state === 'active')
    const { json } = await caller.get('?pageNumber=2')
    expect(named(json.entities)).toEqual(named(active.slice(25, 50)))
    expect(json).toMatchObject({
      pageSize: 25,
      pageNumber: 2,
      total: active.length,
      pageCount: 3,
      nextUri: '/api/v2/users?pageSize=25&pageNumber=3&state=active',
    })
    expect((await caller.get('?pageNumber=3')).json).not.toHaveProperty('nextUri')
  })

  it('refuses to search the deleted where it is started so, and searches the others', async () => {
    const { org } = await start({ users: 200, searchesDeleted: false })
    const searcher = await callerOf(org, org.clients.reader, '/api/v2/users/search')
    const asked = (...states: string[]) =>
      searcher.post('', {
        query: [
          { type: 'CONTAINS', fields: ['name'], value: 'gus' },
          { type: 'EXACT', fields: ['state'], values: states },
        ],
      })
    expect((await asked('active', 'deleted')).status).toBe(400)
    expect(named((await asked('active')).json.results)).toContain('Gus Back')
  })

  it('lists who is inactive, and anybody, where that is asked for', async () => {
    const { caller, people } = await start({ users: 100 })
    const inactive = people.filter((each) => each.state === 'inactive')
    expect(inactive.length).toBeGreaterThan(0)
    expect(named((await caller.get('?state=inactive')).json.entities)).toEqual(named(inactive))
    expect((await caller.get('?state=any')).json.total).toBe(100)
    expect((await caller.get('?state=deleted')).json).toMatchObject({ entities: [], total: 0 })
  })

  it('has those whose ids are given, and not the unknown', async () => {
    const { caller, people } = await start({ users: 9 })
    const ids = [people[3], people[1]].map((each) => `id=${each?.id}`).join('&')
    const { json } = await caller.get(`?state=any&${ids}&id=nobody`)
    expect(json.entities).toMatchObject([
      { id: people[3]?.id, email: people[3]?.email, state: 'active' },
      { id: people[1]?.id },
    ])
  })

  it.each(['pageSize=0', 'pageSize=101', 'pageNumber=0', 'state=gone'])(
    'refuses %s, naming the field',
    async (query) => {
      const { caller } = await start({ users: 3 })
      const { status, json } = await caller.get(`?${query}`)
      expect(status).toBe(400)
      expect(json.details).toEqual([{ errorCode: 'invalid.value', fieldName: query.split('=')[0] }])
    },
  )
})

describe('a search', () => {
  it.each([
    [
      'the whole of an address',
      { type: 'EXACT', fields: ['email'], value: 'ANA@example.com' },
      ['Ana Abebe'],
    ],
    ['the beginning of one', { type: 'STARTS_WITH', fields: ['email'], value: 'ana@' }, ['Ana Abebe']],
    ['a part of a name', { type: 'CONTAINS', fields: ['name'], value: 'NA AB' }, ['Ana Abebe']],
    ['a word of a name', { type: 'TERM', fields: ['name'], value: 'abebe' }, ['Ana Abebe']],
    ['another address', { type: 'EXACT', fields: ['email'], value: 'ana@example.co' }, []],
  ])('finds by %s, in any case', async (_what, criterion, found) => {
    const { caller } = await start({ users: 50 })
    const { json } = await caller.post('/search', { query: [criterion] })
    expect(named(json.results)).toEqual(found)
    expect(json.total).toBe(found.length)
  })

  it('is for whom all criteria hold, and for the active where none is about the state', async () => {
    const { caller, people } = await start({ users: 200 })
    const name = { type: 'CONTAINS', fields: ['name'], value: 'e' }
    const state = { type: 'EXACT', fields: ['state'], values: ['active', 'inactive'] }
    const all = people.filter((each) => each.state !== 'deleted' && each.name.toLowerCase().includes('e'))
    const active = all.filter((each) => each.state === 'active')
    expect(active.length).toBeLessThan(all.length)
    expect((await caller.post('/search', { query: [name] })).json.total).toBe(active.length)
    const { json } = await caller.post('/search', { pageSize: 5, pageNumber: 2, query: [name, state] })
    expect(json).toMatchObject({ total: all.length, pageSize: 5, pageNumber: 2 })
    expect(named(json.results)).toEqual(named(all.slice(5, 10)))
  })

  it('folds case alone: marks, apostrophes and blanks must be as they are held', async () => {
    const { caller } = await start({ users: 200 })
    const found = async (value: string) => {
      const { json } = await caller.post('/search', {
        query: [{ type: 'CONTAINS', fields: ['name'], value }],
      })
      return json.total
    }
    expect(await found('ZOË BRONTË')).toBe(1)
    expect(await found('ZOË BRONTË'.normalize('NFD'))).toBe(1)
    expect(await found("O'Dea")).toBe(0)
    expect(await found('Ivo Marsh')).toBe(0)
  })

  it('finds who was deleted where that is asked for', async () => {
    const { caller } = await start({ users: 200 })
    const name = { type: 'CONTAINS', fields: ['name'], value: 'Ike Gone' }
    const state = { type: 'EXACT', fields: ['state'], values: ['deleted'] }
    expect((await caller.post('/search', { query: [name] })).json.total).toBe(0)
    expect((await caller.post('/search', { query: [name, state] })).json.total).toBe(1)
  })

  it('asks for a permission', async () => {
    const { org } = await start({ clients: { stranger: {} } })
    const { stranger = org.clients.reader } = org.clients
    const caller = await callerOf(org, stranger, '/api/v2/users')
    expect((await caller.post('/search', {})).json).toMatchObject({ code: 'missing.any.permissions' })
    expect((await caller.get('')).status).toBe(200)
  })

  it.each([
    [{ pageSize: 101 }, 'pageSize'],
    [{ query: [{ type: 'LIKE', fields: ['name'] }] }, 'query.0.type'],
    [{ query: [{ type: 'EXACT', fields: ['shoe size'] }] }, 'query.0.fields.0'],
  ])('of %j is refused, naming the field', async (body, fieldName) => {
    const { caller } = await start({ users: 3 })
    expect((await caller.post('/search', body)).json).toMatchObject({ status: 400, details: [{ fieldName }] })
  })
})

describe('the official SDK', () => {
  it('lists users and searches them', async () => {
    const { org } = await start({ users: 30 })
    const { clientId, clientSecret } = org.clients.reader
    const client = platformClient.ApiClient.instance
    client.setGateway({ host: '127.0.0.1', protocol: 'http', port: Number(new URL(org.url).port) })
    await client.loginClientCredentialsGrant(clientId, clientSecret)
    const api = new platformClient.UsersApi()
    expect(await api.getUsers({ state: 'any', pageSize: 7 })).toMatchObject({ total: 30, pageCount: 5 })
    const query = [{ type: 'EXACT', fields: ['email'], value: 'ana@example.com' }]
    const { results } = await api.postUsersSearch({ query })
    expect(results.map(({ name }) => name)).toEqual(['Ana Abebe'])
  })
})
