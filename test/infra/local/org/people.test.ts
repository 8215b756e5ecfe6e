import { describe, expect, it } from 'vitest'
import { definitionOf } from '../../../../infra/local/org/definitions.ts'
import { initialLicenses, person, personId, personIndex } from '../../../../infra/local/org/people/people.ts'
import { callerOf, orgForTest } from './org-client.ts'

const MANY = 100_000

describe('the people', () => {
  it('begin with Ana, and are the same whatever the size of the org', async () => {
    const [small, large] = [await orgForTest({ users: 3 }), await orgForTest({ users: 1000 })]
    expect(small.people()).toEqual(large.people(3))
    expect(small.people()[0]).toMatchObject({ email: 'ana@example.com', state: 'active' })
  })

  it('are listed over HTTP for a newcomer, as many as asked for', async () => {
    const org = await orgForTest()
    const list = await (await fetch(`${org.url}/__org/people?limit=2`)).json()
    expect(list).toEqual(org.people(2))
    expect((await fetch(`${org.url}/__org/people?limit=x`)).status).toBe(400)
  })

  it('come with the OAuth clients to type into npm run credentials', async () => {
    const org = await orgForTest()
    expect(await (await fetch(`${org.url}/__org/clients`)).json()).toEqual(org.clients)
    expect(org.clients.reader.clientSecret).toMatch(/\S{20,}/)
  })

  it('have unique ids in the shape of UUIDs, unique addresses and known licenses, also a hundred thousand', () => {
    const ids = new Set<string>()
    const emails: string[] = []
    const licenses = new Set<string>()
    let holdersOfSeveral = 0
    let inactive = 0
    for (let index = 0; index < MANY; index++) {
      const { id, email, state } = person(index)
      ids.add(id)
      if (email !== undefined && state !== 'deleted') emails.push(email)
      const held = initialLicenses(index)
      if (held.length > 1) holdersOfSeveral += 1
      if (state === 'inactive') inactive += 1
      for (const each of held) licenses.add(each)
    }
    expect([ids.size, new Set(emails).size]).toEqual([MANY, emails.length])
    expect(MANY - emails.length).toBeLessThan(10)
    const isId = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
    expect([...ids].filter((id) => !isId.test(id))).toEqual([])
    expect([...emails].filter((email) => !/^[a-z]+(\.[a-z']+\d*)?@example\.com$/.test(email))).toEqual([])
    expect([...licenses].filter((id) => !definitionOf(id))).toEqual([])
    expect(holdersOfSeveral / MANY).toBeCloseTo(0.2, 1)
    expect(inactive / MANY).toBeCloseTo(0.04, 1)
  })

  it.each([
    ['Wei Li', 10],
    ['Kim Le', 25],
    ['An Ng', 100],
  ])('who are called %s stand on both sides of the end of a page of %i', (called, pageSize) => {
    const found = Array.from({ length: 500 }, (_, index) => person(index)).filter(({ name }) =>
      name.startsWith(called),
    )
    const isCalledSo = ({ name }: { readonly name: string }) => name === called
    expect(found.slice(0, pageSize).filter(isCalledSo)).toHaveLength(1)
    expect(found.slice(pageSize).filter(isCalledSo)).toHaveLength(1)
  })

  it('are found by id, and nobody by any other text', () => {
    expect([0, 1, 99_999].map((index) => personIndex(personId(index), MANY))).toEqual([0, 1, 99_999])
    const others = [personId(MANY), personId(0).toUpperCase(), '', 'ana', `${personId(0)}x`]
    expect(others.map((id) => personIndex(id, MANY))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  it('can be a hundred thousand over the socket', async () => {
    const org = await orgForTest({ users: MANY })
    const caller = await callerOf(org)
    const { json } = await caller.get('/users?pageSize=100&pageNumber=1000')
    expect(json).toMatchObject({ total: MANY, pageCount: 1000 })
    expect(json.entities.at(-1).id).toBe(personId(MANY - 1))
    expect((await caller.get(`/users/${personId(MANY - 1)}`)).status).toBe(200)
    expect(Object.keys(org.truth().users)).toHaveLength(MANY)
  })
})
