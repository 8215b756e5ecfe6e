/** GET /v1/users from readings of the embedded org, through the functions that deploy. */
import { describe, expect, it } from 'vitest'
import type { OrgPerson } from '../../infra/local/org/people/people.ts'
import { listUsers } from '../../lib/operations/users/list-users.ts'
import type { User, UserListing } from '../../lib/people/user.ts'
import { nodeTransport } from '../../lib/transport/transport.ts'
import { eventAsking } from '../support/events.ts'
import { expectError } from '../support/refusals.ts'
import { altering, takeWholeReading } from '../support/seats/readings.ts'
import { world } from '../support/world.ts'

type Query = Readonly<Record<string, string>>

async function start(users = 60, { isRead = true } = {}) {
  const each = await world({ org: { users } })
  if (isRead) await takeWholeReading(each)
  const asked = each.org.requests().length
  const invoke = each.inventoried(listUsers)
  const everybody = each.org.people(users)
  const held = each.org.truth().users
  const get = (query: Query = {}) => invoke(eventAsking(query))
  const list = async (query: Query = {}): Promise<UserListing> => {
    const { status, json } = await get(query)
    expect(status).toBe(200)
    return json as UserListing
  }
  async function pages(query: Query) {
    const found: User[] = []
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page: UserListing = await list(cursor === '' ? query : { ...query, cursor })
      found.push(...page.entities)
      cursor = page.next
    }
    return found
  }
  /** As the gateway should tell them. */
  const told = (people: readonly OrgPerson[]): User[] =>
    people
      .map(({ id, name, email, state }) => ({
        id,
        name,
        email,
        state,
        licenses: [...(held[id] ?? [])],
        selfUri: `/api/v2/license/users/${id}`,
      }))
      .filter(({ state, licenses }) => state !== 'deleted' || licenses.length > 0)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
  const requests = () => each.org.requests().length - asked
  return { ...each, get, list, pages, told, everybody, held, requests }
}

describe('users by nothing', () => {
  it('are everybody, the inactive too, by their ids, without a request to Genesys', async () => {
    const { pages, told, everybody, requests } = await start(100)
    expect(everybody.some(({ state }) => state === 'inactive')).toBe(true)
    expect(await pages({})).toEqual(told(everybody))
    expect(requests()).toBe(0)
  })

  it('say as of when, and that all of the org is among them', async () => {
    const { list, clock } = await start(8)
    const { asOf, isWhole, next } = await list()
    expect(isWhole).toBe(true)
    expect(next).toBeUndefined()
    expect(Date.parse(asOf)).toBeLessThanOrEqual(clock.nowMs())
    expect(Date.parse(asOf)).toBeGreaterThan(clock.nowMs() - 60_000)
  })

  it('are not known before the first reading, which is no empty list', async () => {
    const { get } = await start(8, { isRead: false })
    const answer = await get()
    expectError(answer, { status: 503, code: 'reading.unavailable' })
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
  })
})

describe('users by e-mail', () => {
  it('are the one whose address it is, in any case', async () => {
    const { pages, told, everybody } = await start()
    expect(await pages({ email: 'ANA@example.com' })).toEqual(told(everybody.slice(0, 1)))
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
    expect(await pages({ email: 'Ana.*', limit: '2' })).toEqual(told(anas))
  })

  it('are none where nobody has the whole of it', async () => {
    const { pages } = await start()
    expect(await pages({ email: 'ana@example.co' })).toEqual([])
  })
})

describe('users by what is typed', () => {
  it('are all who have it in their name, or whose address or id begins so, in any case', async () => {
    const { pages, told, everybody } = await start(400)
    const found = (text: string) =>
      everybody.filter(
        ({ id, name, email }) =>
          name.toLowerCase().includes(text) || email?.toLowerCase().startsWith(text) || id.startsWith(text),
      )
    const [, ben] = everybody
    for (const text of ['ana', 'ana.', String(ben?.id.slice(0, 4)), String(ben?.email)]) {
      expect(found(text).length).toBeGreaterThan(0)
      expect(await pages({ search: text.toUpperCase(), limit: '7' })).toEqual(told(found(text)))
    }
    expect(await pages({ search: 'example.com' })).toEqual([])
  })

  it('are those, of them, in a state and with a license', async () => {
    const { pages, told, everybody, held } = await start(400)
    for (const state of ['active', 'inactive', 'deleted'] as const) {
      const those = everybody.filter((each) => each.state === state)
      expect(await pages({ state, limit: '50' })).toEqual(told(those))
      const named = those.filter(
        ({ id, name }) => name.toLowerCase().includes('an') && held[id]?.includes('cloudCX3'),
      )
      expect(await pages({ state, search: 'an', license: 'cloudCX3' })).toEqual(told(named))
    }
  })

  it('are looked for again without reading everybody again, until there is another reading', async () => {
    const each = await world({ org: { users: 300 } })
    await takeWholeReading(each)
    const asked: string[] = []
    const invoke = each.inventoried(listUsers, {
      transport: (request) => {
        asked.push(String(request.headers['x-amz-target']).replace(/^.*\./, ''))
        return nodeTransport(request)
      },
    })
    const find = async (search: string) => {
      asked.length = 0
      return ((await invoke(eventAsking({ search }))).json as UserListing).entities.map(({ name }) => name)
    }
    const [ana] = each.org.people(1)
    expect(await find('nobody is called so')).toEqual([])
    const first = asked.length
    expect(await find('nobody is called so')).toEqual([])
    expect(asked.length).toBe(first - 1)
    expect(await find(String(ana?.id))).toEqual([ana?.name])
    expect(asked.length).toBe(first - 1)
    each.clock.advance(86_400_000)
    await takeWholeReading(each)
    const renamed = altering(each, (_, body) => {
      const { entities } = body as { entities?: { id: string; name?: string }[] }
      for (const person of entities ?? []) if (person.id === ana?.id) person.name = 'Zora Newly-Named'
    })
    expect(await find('newly-named')).toEqual([])
    each.clock.advance(86_400_000)
    for (let minute = 0; minute < 5; minute++) {
      await each.takeInventory({ transport: renamed })
      each.clock.advance(60_000)
    }
    expect(await find('newly-named')).toEqual(['Zora Newly-Named'])
  })

  it('are refused by a state that there is not, and by a cursor of another search', async () => {
    const { get, list } = await start(100)
    expectError(await get({ state: 'gone' }), { status: 400, code: 'bad.request' })
    const { next = '' } = await list({ search: 'a', limit: '1' })
    expectError(await get({ search: 'b', limit: '1', cursor: next }), { status: 400, code: 'bad.request' })
  })
})

describe('users by name', () => {
  it('are the deleted too while they hold something', async () => {
    const { list, told, everybody } = await start(200)
    const gone = everybody.filter(({ name }) => name === 'Ike Gone')
    expect(gone).toMatchObject([{ state: 'deleted' }])
    expect((await list({ name: 'ike gone' })).entities).toEqual(told(gone))
  })

  it('are all who have it as a part of theirs, in any case', async () => {
    const { pages, told, everybody } = await start(200)
    const users = await pages({ name: 'AN', limit: '7' })
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
    const users = await pages({ name: 'an', license: 'cloudCX3', limit: '10' })
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

describe('users by ids', () => {
  it('are those of them whom the reading knows, in any case, each once', async () => {
    const { pages, told, everybody } = await start(300)
    const some = everybody.filter((_, n) => n % 7 === 3)
    const ids = [...some, ...some.slice(0, 2)].map(({ id }) => id.toUpperCase()).toReversed()
    const id = ['00000000-0000-4000-8000-000000000000', ...ids].join(',')
    expect(some.length).toBeGreaterThan(40)
    expect(await pages({ id, limit: '9' })).toEqual(told(some))
    const [first] = some
    expect(await pages({ id, search: first?.id ?? '' })).toEqual(told(some.slice(0, 1)))
  })

  it('are up to a hundred, and a cursor is of the same', async () => {
    const { get, list, everybody } = await start(101)
    const id = everybody.map((each) => each.id).join(',')
    const answer = await get({ id })
    expectError(answer, { status: 400, code: 'bad.request' })
    expect(answer.json).toMatchObject({ details: [{ fieldName: 'id' }] })
    const { next = '' } = await list({ id: id.slice(0, 99 * 37 + 36), limit: '1' })
    expectError(await get({ id: id.slice(0, 73), cursor: next }), { status: 400, code: 'bad.request' })
  })
})

describe('users by license', () => {
  it.each([
    ['cloudCX3', '9'],
    ['CLOUDcx3', '100'],
    ['gcSTAupgrade', '1'],
  ])('are its holders, each once, by its id in any case: of %s by %s', async (license, limit) => {
    const { pages, told, everybody, held } = await start(730)
    const expected = everybody.filter(({ id }) =>
      held[id]?.some((each) => each.toLowerCase() === license.toLowerCase()),
    )
    expect(expected.length).toBeGreaterThan(5)
    expect(await pages({ license, limit })).toEqual(told(expected))
  })

  it('may be asked for in other numbers from one page to the next', async () => {
    const { list, told, everybody, held } = await start(300)
    const expected = told(everybody.filter(({ id }) => held[id]?.includes('cloudCX3')))
    const { entities, next = '' } = await list({ license: 'cloudCX3', limit: '7' })
    const rest = await list({ license: 'cloudCX3', limit: '100', cursor: next })
    expect([...entities, ...rest.entities]).toEqual(expected)
  })
})

describe('what makes no sense', () => {
  it.each([
    ['license', '../users'],
    ['license', ''],
    ['id', ''],
    ['id', 'ana'],
    ['id', '00000000-0000-4000-8000-000000000000,'],
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
  ])('as %s is refused: %j', async (name, value) => {
    const { get } = await start(1, { isRead: false })
    const answer = await get({ [name]: value })
    expectError(answer, { status: 400, code: 'bad.request' })
    expect(answer.json).toMatchObject({ details: [{ fieldName: name }] })
  })

  it('is a cursor of another query, or one made up (J18)', async () => {
    const { get, list } = await start(60)
    const { next = '' } = await list({})
    for (const query of [{ cursor: next, name: 'a' }, { cursor: next.slice(2) }, { cursor: 'AAAA' }]) {
      const details: [string, string][] = [['cursor', 'INVALID_CURSOR']]
      expectError(await get(query), { status: 400, code: 'bad.request', details })
    }
  })
})
