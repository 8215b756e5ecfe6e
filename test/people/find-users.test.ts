/** Who has a name, where Genesys's answer has several pages. */
import { describe, expect, it } from 'vitest'
import { GenesysReads } from '../../lib/genesys/genesys-reads.ts'
import { findUsersAt, findUsersCalled, tellApart } from '../../lib/people/find-users.ts'
import { userOf } from '../../lib/people/user.ts'
import { scopeOver } from '../support/scope.ts'

interface Known {
  readonly id: string
  readonly name: string
  readonly email?: string
}

/** A Genesys that finds these on its pages of 100, whatever it is asked; the later pages may be others. */
function finding(
  users: readonly Known[],
  later: readonly Known[] = users,
  total = users.length,
  headers: Readonly<Record<string, string>> = {},
) {
  const pages: number[] = []
  const genesys = new GenesysReads(
    scopeOver(async ({ path, body }) => {
      const asked = JSON.parse(String(body ?? 'null'))
      const answer = path.endsWith('/search') ? pageOf(asked.pageNumber) : {}
      return { status: 200, headers, body: Buffer.from(JSON.stringify(answer)) }
    }),
  )
  function pageOf(pageNumber: number) {
    pages.push(pageNumber)
    const from = pageNumber === 1 ? users : later
    const results = from.slice((pageNumber - 1) * 100, pageNumber * 100)
    return { results, total, pageCount: Math.ceil(total / 100) }
  }
  return { genesys, pages }
}

const weis = (count: number): Known[] =>
  Array.from({ length: count }, (_, index) => ({ id: `u${index}`, name: `Wei Lin${index}` }))

describe('users of a name', () => {
  it('are those of all pages', async () => {
    const users = [{ id: 'first', name: 'Wei Li' }, ...weis(598), { id: 'last', name: 'wei  li' }]
    const { genesys, pages } = finding(users)
    const { users: found, total } = await findUsersCalled(genesys, 'Wei Li')
    expect([found.map(({ id }) => id), total]).toEqual([['first', 'last'], 2])
    expect(pages.toSorted()).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('are nobody’s to tell beyond a thousand, and no second page is asked for', async () => {
    const { genesys, pages } = finding(weis(1_001))
    await expect(findUsersCalled(genesys, 'Wei Li')).rejects.toMatchObject({ code: 'response.too.large' })
    expect(pages).toEqual([1])
  })

  it('are not looked through beyond half of the minute, save where one page has them all', async () => {
    const used = {
      'inin-ratelimit-count': '150',
      'inin-ratelimit-allowed': '300',
      'inin-ratelimit-reset': '20',
    }
    const many = finding(weis(300), weis(300), 300, used)
    await expect(findUsersCalled(many.genesys, 'Wei Lin7')).rejects.toMatchObject({
      code: 'too.many.requests.retry.after',
      retryAfterSeconds: 20,
    })
    expect(many.pages).toEqual([1])
    const few = finding(weis(9), weis(9), 9, used)
    expect(await findUsersCalled(few.genesys, 'Wei Lin7')).toMatchObject({ total: 1, isByName: true })
  })

  it('are not concluded where somebody moved from one page to the next meanwhile', async () => {
    const users = [...weis(199), { id: 'last', name: 'Wei Li' }]
    const { genesys } = finding(users, [{ id: 'new', name: 'Wei Li' }, ...users])
    await expect(findUsersCalled(genesys, 'Wei Li')).rejects.toMatchObject({ code: 'upstream.bad.response' })
  })
})

describe('a name on a card', () => {
  const wei = { id: 'a', name: 'Wei Li', email: 'wei@example.com' }
  const apartOf = async (found: readonly Known[], total = found.length) => {
    const { genesys } = finding(found, found, total)
    const [named] = await tellApart(genesys, [userOf(wei.id, wei, [])])
    return named?.apart
  }

  it('stands alone where it is the only one', async () => {
    expect(await apartOf([wei, { id: 'b', name: 'Wei Lin' }])).toBeUndefined()
  })

  it('carries the e-mail beside a namesake, and the id beside one with the same e-mail', async () => {
    expect(await apartOf([wei, { id: 'b', name: 'WEI LI' }])).toBe('wei@example.com')
    expect(await apartOf([wei, { id: 'b', name: 'Wei Li', email: 'Wei@example.com' }])).toBe('a')
  })

  it('carries the e-mail where nothing is concluded: too many, somebody missing, or not found', async () => {
    expect(await apartOf([wei], 5_000)).toBe('wei@example.com')
    expect(await apartOf([wei], 2)).toBe('wei@example.com')
    expect(await apartOf([])).toBe('wei@example.com')
  })
})

/** A Genesys that does not search the deleted, of whom there are so many. */
function unsearched(deleted: readonly Known[], total: number, refusal: 'refuses' | 'finds none') {
  const sent: string[] = []
  const genesys = new GenesysReads(
    scopeOver(async ({ path, body }) => {
      sent.push(path)
      const isRefused = refusal === 'refuses' && String(body ?? '').includes('deleted')
      if (isRefused) return { status: 400, headers: {}, body: Buffer.from('{"code":"invalid.value"}') }
      const answer = path.includes('state=deleted')
        ? {
            entities: deleted.map((each) => ({ ...each, state: 'deleted' })),
            total,
            pageCount: Math.ceil(total / 100),
          }
        : path.endsWith('/search')
          ? { total: 0, pageCount: 0 }
          : Object.fromEntries(deleted.map(({ id }) => [id, ['cloudCX1']]))
      return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(answer)) }
    }),
  )
  return { genesys, sent }
}

describe.each(['refuses', 'finds none'] as const)('the deleted, of whom a search %s', (refusal) => {
  const ike = { id: 'ike', name: 'Ike O’Gone', email: 'Ike@example.com' }
  const others = [
    { id: 'b', name: 'Ben Gone' },
    { id: 'c', name: 'Cleo' },
  ]

  it('are looked for among all of them', async () => {
    const { genesys } = unsearched([ike, ...others], 3, refusal)
    for (const found of [
      await findUsersCalled(genesys, "ike o'gone"),
      await findUsersCalled(genesys, 'Ike'),
      await findUsersAt(genesys, 'IKE@example.com'),
    ]) {
      expect(found).toMatchObject({
        users: [{ id: 'ike' }],
        total: 1,
        isByName: true,
        isWithoutDeleted: false,
      })
    }
  })

  it('are not looked through beyond a thousand, and what is not known is not said to be none', async () => {
    const { genesys, sent } = unsearched([ike], 1_001, refusal)
    const found = await findUsersCalled(genesys, 'Ike O’Gone')
    expect(found).toMatchObject({ users: [], isWithoutDeleted: refusal === 'refuses' })
    expect(sent.filter((path) => path.includes('state=deleted'))).toHaveLength(1)
  })
})

it('many names on a card cost one look through the deleted', async () => {
  const { genesys, sent } = unsearched([{ id: 'ike', name: 'Ike' }], 1, 'refuses')
  const named = ['Wei Li', 'Ana Abebe', 'Ben Stone'].map((name) => ({ id: name, name }))
  await tellApart(
    genesys,
    named.map((each) => userOf(each.id, each, [])),
  )
  expect(sent.filter((path) => path.includes('state=deleted'))).toHaveLength(1)
})

it('a name on a card carries the e-mail where deleted namesakes cannot be looked for', async () => {
  const { genesys } = unsearched([], 1_001, 'refuses')
  const wei = { id: 'a', name: 'Wei Li', email: 'wei@example.com' }
  expect((await tellApart(genesys, [userOf(wei.id, wei, [])]))[0]?.apart).toBe('wei@example.com')
})
