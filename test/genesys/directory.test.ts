import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../lib/errors.ts'
import { GenesysReads } from '../../lib/genesys/genesys-reads.ts'
import { newObserved, type Scope } from '../../lib/genesys/scope.ts'
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

const askedFor = (sent: readonly TransportRequest[]) =>
  sent.map(({ path }) => Number(new URLSearchParams(path.split('?')[1]).get('pageNumber')))

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

  it('is gathered as far as half of the minute goes, and not begun where that half never holds it', async () => {
    const headers = { 'inin-ratelimit-count': '1', 'inin-ratelimit-allowed': '300' }
    const gather = async (pageCount: number) => {
      const { genesys, sent } = clientOf(pages(pageCount), { headers })
      const { users, stopped } = await genesys.walkDirectory()
      return [users.length, sent.length, stopped]
    }
    expect(await gather(150)).toEqual([150, 150, undefined])
    expect(await gather(151)).toEqual([1, 1, { nextPage: 2, waitSeconds: 60, why: 'never.fits' }])
  })
})

describe('pages from one on', () => {
  async function walked(walk: ReturnType<typeof clientOf>, from = 1, enough = Number.POSITIVE_INFINITY) {
    const found: number[] = []
    let isComplete = false
    for await (const { pageNumber, isLast } of walk.genesys.browseUsers(from)) {
      found.push(pageNumber)
      isComplete = isLast
      if (found.length === enough) break
    }
    return { found, isComplete, asked: askedFor(walk.sent) }
  }

  it('are asked for once each, to the last', async () => {
    const all = Array.from({ length: 20 }, (_, index) => index + 1)
    expect(await walked(clientOf(pages(20)))).toEqual({ found: all, isComplete: true, asked: all })
    const end = [18, 19, 20]
    expect(await walked(clientOf(pages(20)), 18)).toEqual({ found: end, isComplete: true, asked: end })
  })

  it('are one request where the first is enough', async () => {
    expect(await walked(clientOf(pages(20)), 1, 1)).toMatchObject({ asked: [1] })
  })

  it('past the last are none', async () => {
    expect(await walked(clientOf(pages(3)), 9)).toEqual({ found: [9], isComplete: true, asked: [9] })
  })

  it('are a tenth of a minute’s requests at most, one kept for the names', async () => {
    const { asked, isComplete } = await walked(clientOf(pages(900)), 11)
    expect([asked.length, asked.at(-1), isComplete]).toEqual([29, 39, false])
  })

  it('end where half of the time is used up, the first page never', async () => {
    const slow = await walked(clientOf(pages(900), { tookMs: 2_000 }))
    expect([slow.asked.length, slow.isComplete]).toEqual([7, false])
    expect((await walked(clientOf(pages(900), { tookMs: 13_000 }))).asked).toEqual([1])
  })

  it("end where half of the minute's requests would be, one kept for the names", async () => {
    const headers = { 'inin-ratelimit-count': '145', 'inin-ratelimit-allowed': '300' }
    expect((await walked(clientOf(pages(900), { headers }))).asked).toEqual([1, 2, 3, 4, 5, 6, 7])
    const spent = { 'inin-ratelimit-count': '150', 'inin-ratelimit-allowed': '300' }
    expect((await walked(clientOf(pages(900), { headers: spent }))).asked).toEqual([1])
  })

  it('cost a container whose half is used up no request until the minute is over', async () => {
    const headers = {
      'inin-ratelimit-count': '150',
      'inin-ratelimit-allowed': '300',
      'inin-ratelimit-reset': '20',
    }
    const { scope, sent } = clientOf(pages(900), { headers })
    // Each call of the container has observations of its own.
    const call = () =>
      walked({ genesys: new GenesysReads({ ...inContainer, observed: newObserved() }), sent, scope })
    const inContainer = { ...scope, pagesPause: { untilMs: 0 } }
    expect((await call()).asked).toEqual([1])
    await expect(call()).rejects.toMatchObject({
      code: 'too.many.requests.retry.after',
      retryAfterSeconds: 20,
    })
    expect(sent).toHaveLength(1)
    await scope.clock.sleep(20_000)
    await call()
    expect(sent).toHaveLength(2)
  })

  it('fail as the page that failed, and only once none is under way', async () => {
    let underWay = 0
    const { scope } = clientOf(pages(20))
    const { transport } = scope
    const genesys = new GenesysReads({
      ...scope,
      async transport(request) {
        underWay += 1
        try {
          if (request.path.includes('pageNumber=2'))
            return { status: 500, headers: {}, body: Buffer.alloc(0) }
          await new Promise(setImmediate)
          return await transport(request)
        } finally {
          underWay -= 1
        }
      },
    })
    const pagesOf = async () => {
      for await (const _ of genesys.browseUsers(1));
    }
    await expect(pagesOf()).rejects.toBeInstanceOf(GatewayError)
    expect(underWay).toBe(0)
  })

  it('whose counts contradict what they hold end it', async () => {
    const walk = clientOf(() => ({ entities: [{ id: 'a' }] }))
    await expect(walked(walk)).rejects.toMatchObject({ code: 'upstream.bad.response' })
  })
})
