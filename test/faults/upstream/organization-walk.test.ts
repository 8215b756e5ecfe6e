/** Walks over the whole organization: one for all who ask, and never in the way of who asks for one thing. */
import { describe, expect, it } from 'vitest'
import type { Clock } from '../../../lib/clock.ts'
import { getLicenseOrganization } from '../../../lib/operations/license/get-license-organization.ts'
import { getLicenseUser } from '../../../lib/operations/license/get-license-user.ts'
import { nodeTransport, type Transport, TransportError } from '../../../lib/transport/transport.ts'
import { expectError } from '../../support/refusals.ts'
import { userIn } from '../../support/requests.ts'
import { type World, world } from '../../support/world.ts'

/** Genesys's own, a minute. */
const REQUESTS_A_MINUTE = 300
const MINUTE_MS = 60_000

function orgOf(users: number) {
  return world({ org: { users, requestsPerMinute: REQUESTS_A_MINUTE } })
}

const pagesAsked = ({ org }: World) =>
  org.requests().filter(({ path }) => path === '/api/v2/license/users').length

/** A clock on which whoever sleeps lets others work, and no time goes by. */
const standing = (clock: Clock): Clock => ({
  ...clock,
  sleep: () => new Promise((resolve) => setImmediate(resolve)),
})

const ageMs = ({ clock }: World, { headers }: { headers: Readonly<Record<string, unknown>> }) =>
  clock.nowMs() - Date.parse(String(headers['x-reading-at']))

describe('one who reads the organization in a loop', () => {
  it('never keeps another from reading a user, and is answered what is at most a minute old', async () => {
    const each = await orgOf(4_000)
    const loop = each.walker(getLicenseOrganization)
    const another = each.reader(getLicenseUser)
    const statuses = new Set<number>()
    for (let second = 0; second < 150; second += 3) {
      const answer = await loop()
      statuses.add(answer.status)
      if (answer.status === 200) expect(ageMs(each, answer)).toBeLessThanOrEqual(MINUTE_MS)
      expect((await another(userIn(each).event)).status).toBe(200)
      each.clock.advance(3_000)
    }
    expect(statuses).toContain(200)
    // Begun at once, and anew whenever the last one is over a minute old.
    expect(pagesAsked(each)).toBe(3 * 40)
  })

  it('spends no request while its half of the minute is spent, and is told when it goes on', async () => {
    const each = await orgOf(14_000)
    const another = each.reader(getLicenseUser)
    for (let n = 0; n < 60; n++) await another(userIn(each).event)
    const loop = each.walker(getLicenseOrganization)
    const first = await loop()
    expectError(first, { status: 429, code: 'too.many.requests.retry.after' })
    const asked = pagesAsked(each)
    // Pages that were under way when the last answer came.
    expect(60 + asked).toBeGreaterThanOrEqual(150)
    expect(60 + asked).toBeLessThanOrEqual(156)
    for (let n = 0; n < 100; n++) {
      expect((await loop()).status).toBe(429)
      expect((await another(userIn(each).event)).status).toBe(200)
    }
    expect(pagesAsked(each)).toBe(asked)

    const begunMs = each.clock.nowMs()
    each.clock.advance(1_000 * Number(first.headers['retry-after']))
    const answer = await loop()
    expect(answer.status).toBe(200)
    expect(pagesAsked(each)).toBe(140)
    expect(ageMs(each, answer)).toBeGreaterThanOrEqual(each.clock.nowMs() - begunMs)
    const holders = Object.values<unknown[]>(Object(answer.json).licenses).flat()
    expect(holders).toHaveLength(Object.values(each.org.truth().users).flat().length)
  })
})

describe('an organization of more users than half of a minute can read', () => {
  it('is found to be so once a minute, in one request for all who ask, whatever container they meet', async () => {
    const each = await orgOf(15_100)
    const one = each.walker(getLicenseOrganization)
    const other = each.walker(getLicenseOrganization)
    const another = each.reader(getLicenseUser)
    for (let n = 0; n < 200; n++) {
      const answer = await (n % 2 === 0 ? one : other)()
      expectError(answer, { status: 413, code: 'response.too.large' })
      expect(Object(answer.json).message).toContain('15100 users')
      expect((await another(userIn(each).event)).status).toBe(200)
    }
    expect(pagesAsked(each)).toBe(1)
    each.clock.advance(MINUTE_MS)
    expect((await one()).status).toBe(413)
    expect((await other()).status).toBe(413)
    expect(pagesAsked(each)).toBe(2)
  })
})

describe('many at once', () => {
  it.each([
    [50, 1],
    [2, 2],
  ])('%i callers of %i containers make one walk', async (callers, containers) => {
    const each = await orgOf(2_000)
    const machine = { clock: standing(each.clock) }
    const walkers = Array.from({ length: containers }, () => each.walker(getLicenseOrganization, machine))
    const answers = await Promise.all(Array.from({ length: callers }, (_, n) => walkers[n % containers]?.()))
    expect(new Set(answers.map((answer) => answer?.status))).toEqual(new Set([200]))
    expect(new Set(answers.map((answer) => answer?.text)).size).toBe(1)
    expect(pagesAsked(each)).toBe(20)
    each.clock.advance(MINUTE_MS)
    await walkers[0]?.()
    expect(pagesAsked(each)).toBe(20)
    each.clock.advance(1)
    await walkers[0]?.()
    expect(pagesAsked(each)).toBe(40)
  })
})

describe('a walker that dies', () => {
  it('is waited for as long as it may live, and then another walks; what it shares late is left', async () => {
    const each = await orgOf(400)
    const stuck = Promise.withResolvers<void>()
    const hanging: Transport = async (request) => {
      if (request.path.includes('pageNumber=3')) await stuck.promise
      return await nodeTransport(request)
    }
    const dying = each.walker(getLicenseOrganization, { transport: hanging })()
    const walker = each.walker(getLicenseOrganization)
    while (pagesAsked(each) < 3) await new Promise((resolve) => setImmediate(resolve))
    const busy = await walker()
    expectError(busy, { status: 429, code: 'too.many.requests.retry.after' })
    expect(Number(busy.headers['retry-after'])).toBeLessThanOrEqual(30)
    each.clock.advance(1_000 * Number(busy.headers['retry-after']))
    const second = await walker()
    expect(second.status).toBe(200)
    stuck.resolve()
    await dying
    expect((await walker()).headers['x-reading-at']).toBe(second.headers['x-reading-at'])
  })
})

describe('a walk in which Genesys', () => {
  it('answers 429 keeps what it has, waits as told, and goes on from there', async () => {
    const each = await orgOf(1_000)
    each.org.addFaults([
      {
        match: { path: '/api/v2/license/users' },
        skip: 4,
        do: { status: 429, headers: { 'Retry-After': '40' } },
        times: 6,
      },
    ])
    const walker = each.walker(getLicenseOrganization)
    const answer = await walker()
    expectError(answer, { status: 429, code: 'too.many.requests.retry.after' })
    expect(Number(answer.headers['retry-after'])).toBe(40)
    each.org.clearFaults()
    const asked = pagesAsked(each)
    expect((await walker()).status).toBe(429)
    expect(pagesAsked(each)).toBe(asked)
    each.clock.advance(40_000)
    expect((await walker()).status).toBe(200)
    expect(pagesAsked(each)).toBeLessThan(asked + 10)
  })

  it('answers 429 to page 1 is told as such, to who asks meanwhile too', async () => {
    const each = await orgOf(1_000)
    const fault = { status: 429, headers: { 'Retry-After': '40' } }
    each.org.addFaults([{ match: { path: '/api/v2/license/users' }, do: fault, times: 1 }])
    const walker = each.walker(getLicenseOrganization)
    for (let n = 0; n < 2; n++) {
      const answer = await walker()
      expectError(answer, { status: 429, code: 'too.many.requests.retry.after' })
      expect(Object(answer.json).message).toMatch(/^Genesys refuses requests for now/)
    }
    expect(pagesAsked(each)).toBe(1)
  })

  it('is slow ends before its time is up, and goes on at the next request', async () => {
    const each = await orgOf(3_000)
    const slow: Transport = async (request) => {
      if (request.path.startsWith('/api/v2/license/users')) each.clock.advance(1_000)
      return await nodeTransport(request)
    }
    const walker = each.walker(getLicenseOrganization, { transport: slow })
    const statuses: number[] = []
    for (let answer = await walker(); ; answer = await walker()) {
      statuses.push(answer.status)
      if (answer.status === 200) break
      expectError(answer, { status: 429, code: 'too.many.requests.retry.after' })
      expect(answer.headers['retry-after']).toBe('1')
    }
    expect(statuses.length).toBeGreaterThan(1)
    expect(pagesAsked(each)).toBe(30)
  })

  it('fails keeps nobody waiting: the next who asks walks', async () => {
    const each = await orgOf(300)
    each.org.addFaults([{ match: { path: '/api/v2/license/users' }, do: { status: 500 }, times: 1 }])
    const walker = each.walker(getLicenseOrganization)
    expectError(await walker(), { status: 502, code: 'upstream.bad.response' })
    expect((await walker()).status).toBe(200)
    expect(each.clock.sleeps).toEqual([])
  })
})

describe('a request that runs out of time', () => {
  const slowedBy = (
    each: World,
    ms: number,
    isSlow: (request: Parameters<Transport>[0]) => boolean,
  ): Transport => {
    return async (request) => {
      if (!isSlow(request)) return await nodeTransport(request)
      each.clock.advance(Math.min(ms, request.timeoutMs))
      if (ms >= request.timeoutMs) throw new TransportError('timeout', 'slow', false)
      return await nodeTransport(request)
    }
  }
  const isGenesys = (each: World) => (request: Parameters<Transport>[0]) => request.origin === each.org.url

  it('because of a slow ledger says so, and does not blame Genesys', async () => {
    const each = await orgOf(300)
    const isLedger = ({ origin }: Parameters<Transport>[0]) =>
      origin !== each.org.url && origin !== each.aws.url
    const walker = each.walker(getLicenseOrganization, { transport: slowedBy(each, 2_800, isLedger) })
    expectError(await walker(), { status: 503, code: 'ledger.unavailable' })
  })

  it('because of Genesys says that', async () => {
    const each = await orgOf(300)
    const transport = slowedBy(each, 9_000, isGenesys(each))
    const walker = each.walker(getLicenseOrganization, { transport })
    expectError(await walker(), { status: 504, code: 'request.timeout' })
  })
})
