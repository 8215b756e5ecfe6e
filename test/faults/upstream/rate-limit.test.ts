/**
 * Genesys's rate limit. The gateway keeps no state that requests share: interactive calls are never held back, so
 * there is no limiter that a storm could fill or a header could teach; each request has its own few tries.
 */
import { describe, expect, it } from 'vitest'
import { getLicenseUser } from '../../../lib/operations/license/get-license-user.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { expectError } from '../../support/refusals.ts'
import { userIn } from '../../support/requests.ts'
import { type WorldOptions, world } from '../../support/world.ts'

const TOO_MANY = { code: 'too.many.requests.retry.after', status: 429 }

/** A world whose org answers a user with so many 429 first. */
async function limited(headers: Record<string, string>, times = 1, options: WorldOptions = {}) {
  const each = await world(options)
  const user = userIn(each)
  each.org.addFaults([{ match: { path: user.path }, times, do: { status: 429, headers, body: TOO_MANY } }])
  const ask = each.reader(getLicenseUser)
  return { ...each, user, ask: () => ask(user.event) }
}

describe('a 429 of Genesys', () => {
  it('is waited for where the time allows (H01)', async () => {
    const { ask, clock, org, user } = await limited({ 'Retry-After': '12' })
    const answer = await ask()
    expect(answer).toMatchObject({ status: 200, json: { id: user.id } })
    expect(clock.sleeps).toHaveLength(1)
    expect(clock.sleeps[0]).toBeGreaterThanOrEqual(12_000)
    expect(clock.sleeps[0]).toBeLessThan(12_250)
    expect(org.requests().map(({ status }) => status)).toEqual([429, 200])
  })

  it('goes to the caller with its Retry-After where the wait does not fit the deadline (H01)', async () => {
    const { ask, clock, org } = await limited({ 'Retry-After': '25' })
    const answer = await ask()
    expectError(answer, TOO_MANY)
    expect(answer.headers['retry-after']).toBe('25')
    expect(clock.sleeps).toEqual([])
    expect(org.requests()).toHaveLength(1)
  })

  it('is asked again at most twice (H01)', async () => {
    const { ask, clock, org } = await limited({ 'Retry-After': '3' }, 9)
    const answer = await ask()
    expectError(answer, TOO_MANY)
    expect(answer.headers['retry-after']).toBe('3')
    expect(clock.sleeps.map((ms) => Math.floor(ms / 1000))).toEqual([3, 3])
    expect(org.requests()).toHaveLength(3)
  })

  it.each([
    ['in the future is waited for by our own clock', 'Sun, 15 Nov 2026 12:00:07 GMT', 7],
    ['gone by is a wait of one second', 'Sun, 15 Nov 2026 11:59:00 GMT', 1],
  ])('whose Retry-After is a date %s (H02)', async (_, date, seconds) => {
    const { ask, clock } = await limited({ 'Retry-After': date })
    expect((await ask()).status).toBe(200)
    expect(clock.sleeps[0]).toBeGreaterThanOrEqual(seconds * 1000)
    expect(clock.sleeps[0]).toBeLessThan(seconds * 1000 + 250)
  })

  it.each(['0', '-1', '5.5', 'abc', '', '5, 7'])(
    'whose Retry-After is "%s" is waited for one second (H04)',
    async (value) => {
      const { ask, clock, org } = await limited({ 'Retry-After': value })
      expect((await ask()).status).toBe(200)
      expect(clock.sleeps).toHaveLength(1)
      expect(clock.sleeps[0]).toBeGreaterThanOrEqual(1_000)
      expect(clock.sleeps[0]).toBeLessThan(1_250)
      expect(org.requests()).toHaveLength(2)
    },
  )

  it('whose Retry-After is absurd goes to the caller with an hour (H04)', async () => {
    const { ask, clock } = await limited({ 'Retry-After': '99999999999' })
    const answer = await ask()
    expectError(answer, TOO_MANY)
    expect(answer.headers['retry-after']).toBe('3600')
    expect(clock.sleeps).toEqual([])
  })

  it.each([
    [0, [0, 0]],
    [0.5, [1_000, 2_000]],
    [0.999, [1_998, 3_996]],
  ])(
    'without Retry-After is waited for twice as long each try, by chance: at %d, %j ms',
    async (random, waits) => {
      const { ask, clock, org } = await limited({}, 9, { clock: fakeClock({ random: () => random }) })
      expectError(await ask(), TOO_MANY)
      expect([clock.sleeps, org.requests().length]).toEqual([waits, 3])
    },
  )

  it('without Retry-After tells the caller to wait a second when tries are used up (H04)', async () => {
    const { ask } = await limited({}, 9)
    expect((await ask()).headers['retry-after']).toBe('1')
  })

  it('whose rate limit headers disagree with its Retry-After is waited for as Retry-After says (H07)', async () => {
    const { ask, clock } = await limited({
      'Retry-After': '2',
      'inin-ratelimit-reset': '50',
      'inin-ratelimit-count': '180',
      'inin-ratelimit-allowed': '300',
    })
    expect((await ask()).status).toBe(200)
    expect(Math.floor((clock.sleeps[0] ?? 0) / 1000)).toBe(2)
  })

  it('of the org itself, long before the documented limit, is believed (H06)', async () => {
    const { org, reader, clock, ...rest } = await world({ org: { requestsPerMinute: 2 } })
    const ask = reader(getLicenseUser)
    const { event } = userIn({ ...rest, org })
    expect([(await ask(event)).status, (await ask(event)).status]).toEqual([200, 200])
    const refused = await ask(event)
    expectError(refused, TOO_MANY)
    expect(refused.headers['retry-after']).toBe('60')
    clock.advance(60_000)
    expect((await ask(event)).status).toBe(200)
  })
})

describe('a 503 of Genesys with Retry-After', () => {
  it('is waited for like a 429 (H17)', async () => {
    const { org, reader, clock, ...rest } = await world()
    const user = userIn({ ...rest, org })
    org.addFaults([{ match: { path: user.path }, do: { status: 503, headers: { 'Retry-After': '4' } } }])
    expect((await reader(getLicenseUser)(user.event)).status).toBe(200)
    expect(Math.floor((clock.sleeps[0] ?? 0) / 1000)).toBe(4)
  })

  it('goes to the caller with it where the wait does not fit (H17)', async () => {
    const { org, reader, clock, ...rest } = await world()
    const user = userIn({ ...rest, org })
    org.addFaults([{ match: { path: user.path }, do: { status: 503, headers: { 'Retry-After': '120' } } }])
    const answer = await reader(getLicenseUser)(user.event)
    expectError(answer, { status: 503, code: 'upstream.unavailable' })
    expect(answer.headers['retry-after']).toBe('120')
    expect(clock.sleeps).toEqual([])
  })
})
