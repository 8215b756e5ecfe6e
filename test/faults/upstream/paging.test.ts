/** GET organization over pages of users that contradict themselves, change while they are read, or are too many. */
import { describe, expect, it } from 'vitest'
import { getLicenseOrganization } from '../../../lib/operations/license/get-license-organization.ts'
import type { Transport } from '../../../lib/transport/transport.ts'
import { expectError } from '../../support/refusals.ts'
import { world } from '../../support/world.ts'

interface Page {
  entities?: unknown
  pageCount?: unknown
  total?: unknown
  pageSize?: unknown
  pageNumber?: unknown
}

const holders = (...ids: string[]) => ids.map((id) => ({ id, licenses: ['cloudCX1'] }))

interface Served {
  readonly headers?: Record<string, string>
  readonly tookMs?: number
}

/** Folds the organization where Genesys answers pages so; a number not listed gets the last one. */
async function folded(pages: readonly Page[], { headers = {}, tookMs = 1 }: Served = {}) {
  const each = await world()
  const asked: number[] = []
  const script: Transport = async ({ path }) => {
    const number = Number(new URLSearchParams(path.split('?')[1]).get('pageNumber'))
    asked.push(number)
    each.clock.advance(tookMs)
    const body = Buffer.from(JSON.stringify(pages[number - 1] ?? pages.at(-1)))
    return { status: 200, headers, body }
  }
  const answer = await each.walker(getLicenseOrganization, { transport: each.scripted(script) })()
  const licenses: Record<string, { id: string }[]> = Object(answer.json).licenses
  const line: Record<string, unknown> = JSON.parse(each.logged.join(''))
  return { answer, asked, line, ids: licenses?.['cloudCX1']?.map(({ id }) => id) }
}

describe('pages of users', () => {
  it('are each asked for once, and every holder is in the organization once, in order', async () => {
    const { answer, asked, ids, line } = await folded([
      { entities: holders('a', 'b'), pageCount: 3, total: 5 },
      { entities: holders('c', 'd'), pageCount: 3, total: 5 },
      { entities: holders('e'), pageCount: 3, total: 5 },
    ])
    expect(answer.status).toBe(200)
    expect([asked, ids]).toEqual([
      [1, 2, 3],
      ['a', 'b', 'c', 'd', 'e'],
    ])
    expect(line).not.toHaveProperty('inconsistency')
  })

  it('that repeat users hold each of them once, and the log says so (C25)', async () => {
    const same = { entities: holders('a', 'b'), pageCount: 4, total: 8 }
    const { answer, asked, ids, line } = await folded([same])
    expect(answer.status).toBe(200)
    expect([asked, ids]).toEqual([
      [1, 2, 3, 4],
      ['a', 'b'],
    ])
    expect(line['inconsistency']).toBe('users changed while they were read: 2 of 8')
  })

  it('that shrink while they are read end where page 1 said, and the log says so (C25)', async () => {
    const { ids, asked, line } = await folded([
      { entities: holders('a', 'b'), pageCount: 3, total: 6 },
      { entities: holders('c'), pageCount: 2, total: 3 },
      { entities: [], pageCount: 2, total: 3 },
    ])
    expect([asked, ids]).toEqual([
      [1, 2, 3],
      ['a', 'b', 'c'],
    ])
    expect(line['inconsistency']).toBe('users changed while they were read: 3 of 6')
  })

  it('that grow while they are read end where page 1 said (C25)', async () => {
    const { asked } = await folded([
      { entities: holders('a'), pageCount: 2, total: 2 },
      { entities: holders('b'), pageCount: 900, total: 90_000 },
    ])
    expect(asked).toEqual([1, 2])
  })

  it.each<[string, Page]>([
    ['none at all', { entities: holders('a') }],
    ['no pages but users', { entities: holders('a'), pageCount: 0, total: 1 }],
    ['no users but users', { entities: holders('a'), pageCount: 1, total: 0 }],
    ['a thousand million pages', { entities: holders('a'), pageCount: 1_000_000_000, total: 5 }],
    ['pages below zero', { entities: [], pageCount: -1 }],
    ['half a page', { entities: holders('a'), pageCount: 1.5 }],
    ['pages in words', { entities: holders('a'), pageCount: 'two' }],
    ['a total without a page size', { entities: holders('a'), total: 5 }],
    ['more than a number can hold', { entities: holders('a'), pageCount: 1e300 }],
    ['users that are no list', { entities: { a: 1 }, pageCount: 1 }],
    ['a user without an id', { entities: [{ licenses: [] }], pageCount: 1 }],
  ])('whose counts say %s are a 502 after page 1 (C26)', async (_, page) => {
    const { answer, asked } = await folded([page])
    expectError(answer, { status: 502, code: 'upstream.bad.response' })
    expect(asked).toEqual([1])
  })

  it.each<[string, Page]>([
    ['nobody', { entities: [], pageCount: 0, total: 0 }],
    ['nothing', {}],
    ['nulls', { entities: null, pageCount: null, total: null }],
  ])('that hold %s are an organization without holders (C26)', async (_, page) => {
    const { answer } = await folded([page])
    expect(answer).toMatchObject({ status: 200, json: { licenses: {} } })
  })

  it('without a page count go by total and page size (C26)', async () => {
    const page = { total: 3, pageSize: 2 }
    const { ids, asked } = await folded([
      { ...page, entities: holders('a', 'b') },
      { ...page, entities: holders('c') },
    ])
    expect([asked, ids]).toEqual([
      [1, 2],
      ['a', 'b', 'c'],
    ])
  })
})

describe('more users than fit', () => {
  const limits = { 'inin-ratelimit-count': '1', 'inin-ratelimit-allowed': '300' }

  it('half of a minute’s requests are a 413 after page 1 that counts them and names GET users', async () => {
    const page = { entities: holders('a'), pageCount: 151, total: 15_023 }
    const { answer, asked } = await folded([page], { headers: limits })
    expectError(answer, { status: 413, code: 'response.too.large' })
    expect(answer.text).toContain('15023')
    expect(answer.text).toContain('GET /api/v2/license/users')
    expect(asked).toEqual([1])
  })

  it('are counted in pages where Genesys tells no total', async () => {
    const { answer } = await folded([{ entities: holders('a'), pageCount: 151 }], { headers: limits })
    expectError(answer, { status: 413, code: 'response.too.large' })
    expect(answer.text).toContain('151 pages')
  })

  it('one answer are a 413 that counts them and names GET users', async () => {
    const pages = Array.from({ length: 55 }, (_, page) => ({
      entities: Array.from({ length: 100 }, (_, n) => ({ id: `${page}.${n}`, licenses: Array(9).fill('l') })),
      pageCount: 55,
      total: 5_500,
    }))
    const { answer } = await folded(pages)
    expectError(answer, { status: 413, code: 'response.too.large' })
    expect(answer.text).toContain('5500')
    expect(answer.text).toContain('GET /api/v2/license/users')
  })
})

describe('a page that fails', () => {
  it('fails the whole, after every page asked for has come to an end (K06)', async () => {
    const { walker, scripted } = await world()
    let underway = 0
    const script: Transport = async ({ path }) => {
      const number = Number(new URLSearchParams(path.split('?')[1]).get('pageNumber'))
      underway++
      if (number !== 2) await new Promise((resolve) => setImmediate(resolve))
      underway--
      const body = Buffer.from(JSON.stringify({ entities: holders(`u${number}`), pageCount: 9, total: 9 }))
      return { status: number === 2 ? 500 : 200, headers: {}, body }
    }
    expectError(await walker(getLicenseOrganization, { transport: scripted(script) })(), {
      status: 502,
      code: 'upstream.bad.response',
    })
    expect(underway).toBe(0)
  })
})
