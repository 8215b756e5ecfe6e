import { describe, expect, it } from 'vitest'
import { GenesysReads } from '../../lib/genesys/genesys-reads.ts'
import type { Scope } from '../../lib/genesys/scope.ts'
import type { TransportRequest } from '../../lib/transport/transport.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { scopeOver } from '../support/scope.ts'

interface Upstream {
  readonly tookMs?: number
  readonly headers?: Record<string, string>
}

/** A client whose upstream answers what it is told for each request. */
function clientOf(
  answer: (request: TransportRequest, pageNumber: number) => unknown,
  { tookMs = 1, headers = {} }: Upstream = {},
) {
  const clock = fakeClock()
  const sent: TransportRequest[] = []
  const scope: Scope = scopeOver(async (request) => {
    sent.push(request)
    clock.advance(tookMs)
    const pageNumber = Number(new URLSearchParams(request.path.split('?')[1]).get('pageNumber'))
    const value = answer(request, pageNumber)
    if (value instanceof Error) throw value
    return { status: 200, headers, body: Buffer.from(JSON.stringify(value)) }
  }, clock)
  return { genesys: new GenesysReads(scope), sent, scope }
}

/** So many full pages, each of one user that is called after it. */
const pages = (pageCount: number) => (_request: unknown, pageNumber: number) => ({
  entities: pageNumber > pageCount ? [] : [{ id: `user-${pageNumber}` }],
  pageCount,
  total: pageCount,
})

describe('the directory', () => {
  it('is asked for users of any state, by page and by ids', async () => {
    const { genesys, sent } = clientOf(() => ({ entities: [{ id: 'a', phone: '1' }] }))
    expect(await genesys.getDirectoryPage({ pageSize: 7, pageNumber: 3 })).toEqual({
      entities: [{ id: 'a', phone: '1' }],
    })
    expect(await genesys.getDirectoryUsers(['a', 'b/c'])).toEqual([{ id: 'a', phone: '1' }])
    expect(sent.map(({ path }) => path)).toEqual([
      '/api/v2/users?pageSize=7&pageNumber=3&state=any',
      '/api/v2/users?pageSize=2&state=any&id=a&id=b%2Fc',
    ])
  })

  it('is searched among users in any state by all that is given', async () => {
    const { genesys, sent } = clientOf(() => ({ total: 0, pageCount: 0 }))
    const page = { pageSize: 25, pageNumber: 1 }
    const email = { value: 'ana@', isWhole: false }
    expect(await genesys.searchUsers({ named: [['Ana'], ['Lima', 'lima']], email }, page)).toMatchObject({
      entities: [],
    })
    expect(sent).toMatchObject([{ method: 'POST', path: '/api/v2/users/search' }])
    expect(JSON.parse(String(sent[0]?.body))).toEqual({
      pageSize: 25,
      pageNumber: 1,
      query: [
        { type: 'CONTAINS', fields: ['name'], value: 'Ana' },
        { type: 'CONTAINS', fields: ['name'], values: ['Lima', 'lima'] },
        { type: 'STARTS_WITH', fields: ['email'], value: 'ana@' },
        { type: 'EXACT', fields: ['state'], values: ['active', 'inactive', 'deleted'] },
      ],
    })
  })

  it.each([
    ['a user without an id', { entities: [{ name: 'Ana' }] }],
    ['users that are no list', { entities: 'Ana' }],
    ['a name that is no text', { entities: [{ id: 'a', name: 7 }] }],
  ])('that answers with %s is no answer', async (_what, answer) => {
    const { genesys } = clientOf(() => answer)
    await expect(genesys.getDirectoryUsers(['a'])).rejects.toMatchObject({ code: 'upstream.bad.response' })
  })
})

it('what everybody holds is gathered as far as half of the minute goes, and not begun where that half never holds it', async () => {
  const headers = { 'inin-ratelimit-count': '1', 'inin-ratelimit-allowed': '300' }
  const gather = async (pageCount: number) => {
    const { genesys, sent } = clientOf(pages(pageCount), { headers })
    const { users, stopped } = await genesys.walkLicenses()
    return [users.length, sent.length, stopped]
  }
  expect(await gather(150)).toEqual([150, 150, undefined])
  expect(await gather(151)).toEqual([1, 1, { nextPage: 2, waitSeconds: 60, why: 'never.fits' }])
})
