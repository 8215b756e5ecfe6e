/** Writes to a Genesys that fails: sent again only where it certainly did not act; else what reading back shows counts. */
import { describe, expect, it } from 'vitest'
import type { OrgFault } from '../../../infra/local/org/faults/faults.ts'
import { postLicenseOrganization } from '../../../lib/operations/license/post-license-organization.ts'
import { postLicenseToggle } from '../../../lib/operations/license/post-license-toggle.ts'
import { putToggle } from '../../../lib/operations/toggles/put-toggle.ts'
import { nodeTransport } from '../../../lib/transport/transport.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { expectError } from '../../support/refusals.ts'
import { giftIn, postsOf } from '../../support/requests.ts'
import { type World, world } from '../../support/world.ts'

async function giving(action: OrgFault['do'], { times = 1, perTryTimeoutMs = 8_000 } = {}) {
  const each = await world()
  const gift = giftIn(each)
  each.org.addFaults([{ match: { method: 'POST', path: gift.path }, times, do: action }])
  const post = each.writer(postLicenseOrganization, { perTryTimeoutMs })
  return { ...each, ...gift, post: () => post(gift.event), posts: () => postsOf(each).length }
}

/** The one change on record. */
async function changeIn({ changes }: Pick<World, 'changes'>) {
  const [change, ...others] = await changes()
  expect(others).toEqual([])
  if (!change) throw new Error('There is no change on record')
  return change
}

describe('a write that Genesys may have carried out, and did not', () => {
  it.each([500, 502, 503, 504, 408, 409, 302, 418])(
    'and answered %i is sent once, and is a 409 that names the change (H14, H16)',
    async (status) => {
      const headers = { 'Retry-After': 1, Location: '/' }
      const { post, posts, clock, isGiven, ...each } = await giving({ status, headers }, { times: 9 })
      const answer = await post()
      const { id, state } = await changeIn(each)
      expect(state).toBe('UNKNOWN')
      expectError(answer, { status: 409, code: 'outcome.unknown', details: [['changeId', 'UNKNOWN']] })
      expect(answer.json).toMatchObject({ details: [{ entityId: id }] })
      expect(answer.text).toContain(`GET /v1/changes/${id}`)
      expect([posts(), clock.sleeps, isGiven()]).toEqual([1, [], false])
    },
  )

  it('and whose answer never came is not sent again (H24)', async () => {
    const { post, posts, ...each } = await giving({ delayMs: 600_000 }, { perTryTimeoutMs: 400 })
    expectError(await post(), { status: 409, code: 'outcome.unknown' })
    expect([posts(), (await changeIn(each)).state]).toEqual([1, 'UNKNOWN'])
  })

  it.each([
    ['half of its JSON', '[{"userId":'],
    ['a page of HTML', '<html>hello</html>'],
    ['another model', '{"a":1}'],
    ['nothing', ''],
  ])('and answered 200 with %s is not sent again (H27, H31)', async (_, body) => {
    const { post, posts, ...each } = await giving({ status: 200, body })
    const answer = await post()
    expectError(answer, { status: 409, code: 'outcome.unknown' })
    expect(answer.text).not.toContain('hello')
    expect([posts(), (await changeIn(each)).state]).toEqual([1, 'UNKNOWN'])
  })

  it.each([400, 401, 403, 404, 415, 429])(
    'and that something before it answered with a page and %i is not sent again: it may have let it through',
    async (status) => {
      const { post, posts, awsActions, ...each } = await giving({ status, body: '<html>canary</html>' })
      const answer = await post()
      expectError(answer, { status: 409, code: 'outcome.unknown' })
      expect([posts(), (await changeIn(each)).state]).toEqual([1, 'UNKNOWN'])
      expect(awsActions()).not.toContain('RotateSecret')
      // The status of what was read since is beside it.
      expect(JSON.parse(each.logged.at(-1) ?? '')).toMatchObject({
        code: 'request.served',
        upstreamStatus: 200,
        upstreamWriteStatus: status,
      })
    },
  )

  it('and answered 204 is not sent again (H32)', async () => {
    const { post, posts } = await giving({ status: 204 })
    expectError(await post(), { status: 409, code: 'outcome.unknown' })
    expect(posts()).toBe(1)
  })

  it('of assignments is permitted once more after the quiet period, and told to whoever looks then (D21)', async () => {
    const { post, posts, later, isGiven, ...each } = await giving({ reset: true })
    expectError(await post(), { status: 409, code: 'outcome.unknown' })
    await later(64_000)
    expect(posts()).toBe(1)
    await later(1_000)
    expect([posts(), isGiven(), (await changeIn(each)).state]).toEqual([2, true, 'APPLIED'])
  })

  it('of a toggle is never sent again: a person is told (F08)', async () => {
    const each = await world({ org: { toggles: 'legacy' } })
    const path = '/api/v2/license/toggles/wallboards'
    each.org.addFaults([{ match: { method: 'POST', path }, do: { reset: true } }])
    const before = each.org.truth()
    const answer = await each.writer(postLicenseToggle)({ pathParameters: { featureName: 'wallboards' } })
    expectError(answer, { status: 409, code: 'outcome.unknown' })
    await each.later(65_000)
    expect((await changeIn(each)).state).toBe('NEEDS_ATTENTION')
    expect([postsOf(each).length, each.org.truth()]).toEqual([1, before])
    expect(each.logged.filter((line) => line.includes('NEEDS_ATTENTION'))).toMatchObject([
      expect.stringContaining('"level":"ERROR"'),
    ])
  })
})

describe('a write that Genesys carried out, and whose answer was lost', () => {
  it.each([
    ['with its connection', { applyThenReset: true }],
    ['half-way', { truncateAtByte: 3 }],
    ['before its first byte', { truncateAtByte: 0 }],
  ] as const)('%s is told as read back, and sent once (D20, H26)', async (_, action) => {
    const { post, posts, isGiven, ...each } = await giving(action)
    const answer = await post()
    const { id, state, lookDueAtMs } = await changeIn(each)
    expect(answer).toMatchObject({
      status: 200,
      json: [{ licenseId: 'wallboardUser', result: 'APPLIED', outcome: 'applied' }],
      headers: { 'x-change-id': id },
    })
    expect([posts(), isGiven(), state]).toEqual([1, true, 'APPLIED'])
    expect(lookDueAtMs).toBe(each.clock.nowMs() + 65_000)
  })

  it('of a toggle is told as read back, and sent once (F06)', async () => {
    const each = await world({ org: { toggles: 'legacy' } })
    const path = '/api/v2/license/toggles/wallboards'
    each.org.addFaults([{ match: { method: 'POST', path }, do: { applyThenReset: true } }])
    const answer = await each.writer(postLicenseToggle)({ pathParameters: { featureName: 'wallboards' } })
    expect(answer).toMatchObject({ status: 200, json: { featureName: 'wallboards', enabled: false } })
    expect([postsOf(each).length, each.org.truth().toggles['wallboards']]).toEqual([1, false])
  })

  it('is an unknown outcome while it cannot be read back either (D22)', async () => {
    const { post, posts, isGiven, later, org, ...each } = await giving({ applyThenReset: true })
    // Read before it was sent, then no more.
    org.addFaults([
      { match: { method: 'POST', path: '/api/v2/license/users' }, skip: 1, times: 99, do: { status: 500 } },
    ])
    expectError(await post(), { status: 409, code: 'outcome.unknown' })
    expect([isGiven(), (await changeIn(each)).state]).toEqual([true, 'UNKNOWN'])
    org.clearFaults()
    await later(65_000)
    expect([posts(), (await changeIn(each)).state]).toEqual([1, 'APPLIED'])
  })
})

describe('a write that something before Genesys answered with a page', () => {
  it('is told as read back where it was let through, and sent once', async () => {
    const { writer, changes, ...each } = await world()
    const gift = giftIn(each)
    const post = writer(postLicenseOrganization, {
      async transport(request) {
        const answer = await nodeTransport(request)
        if (request.method !== 'POST' || !request.path.endsWith('/organization')) return answer
        return { ...answer, status: 403, headers: {}, body: Buffer.from('<html>filtered</html>') }
      },
    })
    expect((await post(gift.event)).status).toBe(200)
    expect([postsOf(each).length, gift.isGiven(), (await changeIn({ changes })).state]).toEqual([
      1,
      true,
      'APPLIED',
    ])
  })
})

describe('a write that Genesys certainly did not carry out', () => {
  it.each([
    [0, [0, 0]],
    [0.5, [1_000, 2_000]],
    [0.999, [1_998, 3_996]],
  ])(
    'because of its rate limit, which says no time, waits twice as long each try, by chance (%d)',
    async (random, waits) => {
      const each = await world({ clock: fakeClock({ random: () => random }) })
      const gift = giftIn(each)
      each.org.addFaults([{ match: { method: 'POST', path: gift.path }, times: 9, do: { status: 429 } }])
      const answer = await each.writer(postLicenseOrganization)(gift.event)
      expectError(answer, {
        status: 429,
        code: 'too.many.requests.retry.after',
        details: [['changeId', 'CHANGE']],
      })
      expect(answer.headers['retry-after']).toBe('1')
      expect([each.clock.sleeps, postsOf(each).length]).toEqual([waits, 3])
    },
  )

  it('because of its rate limit is sent again after the wait, and done once (H01)', async () => {
    const { post, posts, clock, isGiven } = await giving({ status: 429, headers: { 'Retry-After': 5 } })
    expect((await post()).status).toBe(200)
    expect(clock.sleeps).toEqual([5_000])
    expect([posts(), isGiven()]).toEqual([2, true])
  })

  it('because of its rate limit ends as 429 where the wait does not fit (H01)', async () => {
    const { post, posts, clock, isGiven, ...each } = await giving({
      status: 429,
      headers: { 'Retry-After': 60 },
    })
    const answer = await post()
    expectError(answer, {
      status: 429,
      code: 'too.many.requests.retry.after',
      details: [['changeId', 'CHANGE']],
    })
    expect(answer.headers['retry-after']).toBe('60')
    expect([posts(), isGiven(), clock.sleeps]).toEqual([1, false, []])
    expect(await changeIn(each)).toMatchObject({ state: 'FAILED', failure: { isPassing: true } })
  })

  it('because the token was refused is sent again with another, and done once (D17, F16)', async () => {
    const { post, clock, isGiven, ...each } = await giving({ revokeToken: true })
    clock.advance(11 * 60_000)
    expect((await post()).status).toBe(200)
    expect(postsOf(each).map(({ status }) => status)).toEqual([401, 200])
    expect(isGiven()).toBe(true)
  })

  it.each([400, 404, 413, 415])('because it answered %i is not sent again (H14)', async (status) => {
    const { post, posts, isGiven, ...each } = await giving(
      { status, body: { code: 'c', message: 'm' } },
      { times: 9 },
    )
    const answer = await post()
    const { id, state } = await changeIn(each)
    expect([answer.status, state, posts(), isGiven()]).toEqual([status, 'FAILED', 1, false])
    expect(answer.json).toMatchObject({ code: 'c', details: [{ entityId: id }] })
  })

  it('because our OAuth client may not is a 502 that names the permission (F17, H11)', async () => {
    const each = await world({
      org: { clients: { writer: { permissions: ['authorization:license:view'] } } },
    })
    const gift = giftIn(each)
    const answer = await each.writer(postLicenseOrganization)(gift.event)
    expectError(answer, { status: 502, code: 'upstream.forbidden' })
    expect(answer.text).toContain('authorization:grant:add')
    expect([postsOf(each).length, gift.isGiven(), (await changeIn(each)).state]).toEqual([1, false, 'FAILED'])
  })

  it('because it cannot be read first is not begun: nothing is on record, nothing sent (F12, H21)', async () => {
    const { org, writer, clock, changes, logged } = await world()
    const gift = giftIn({ org })
    const post = writer(postLicenseOrganization)
    await org.close()
    const answer = await post(gift.event)
    expectError(answer, { status: 503, code: 'upstream.unavailable' })
    expect(clock.sleeps).toHaveLength(2)
    expect(logged.join('')).toContain('"upstreamRequests":3')
    expect(await changes()).toEqual([])
  })
})

describe('a write that stops before its POST says that nothing was sent', () => {
  const ways: [string, OrgFault['do']][] = [
    ['resets', { reset: true }],
    ['answers 500', { status: 500 }],
    ['answers 502', { status: 502 }],
    ['answers 503', { status: 503 }],
    ['answers a redirect', { status: 302, headers: { Location: '/' } }],
    ['answers 403 with a page of something before it', { status: 403, body: '<html>no</html>' }],
    ['answers 429', { status: 429, headers: { 'Retry-After': '90' } }],
    ['never answers', { delayMs: 600_000 }],
  ]

  /** Short where nothing comes. */
  const patienceWith = (action: OrgFault['do']) => ('delayMs' in action ? { perTryTimeoutMs: 200 } : {})

  it.each(ways)('where Genesys %s at its first read', async (_, action) => {
    const each = await world({ org: { toggles: 'legacy' } })
    const machine = patienceWith(action)
    const asks = [
      () => each.writer(postLicenseOrganization, machine)(giftIn(each).event),
      () => each.writer(postLicenseToggle, machine)({ pathParameters: { featureName: 'wallboards' } }),
    ]
    for (const ask of asks) {
      each.org.addFaults([{ match: {}, times: 9, do: action }])
      const answer = await ask()
      each.org.clearFaults()
      expect(answer.text).toContain('nothing was sent')
      expect(answer.status).not.toBe(504)
    }
    expect([postsOf(each), await each.changes()]).toEqual([[], []])
  })

  it.each(ways)('where Genesys %s at the read under the lock, naming the change', async (_, action) => {
    const each = await world({ org: { toggles: 'legacy' } })
    const ask = each.writer(postLicenseToggle, patienceWith(action))
    // A change of a moment ago, so that this one is planned and claimed. What is read for the plan comes before.
    await each.writer(putToggle)({
      pathParameters: { featureName: 'wallboards' },
      multiValueHeaders: { 'Content-Type': ['application/json'], 'Idempotency-Key': ['one'] },
      body: '{"enabled":true}',
    })
    each.org.addFaults([{ match: {}, skip: 1, times: 9, do: action }])
    const answer = await ask({ pathParameters: { featureName: 'wallboards' } })
    const { id, history } = (await each.changes()).find(({ state }) => state === 'FAILED') ?? { history: [] }
    expect(history.at(-1)).toMatchObject({
      state: 'FAILED',
      note: expect.stringMatching(/^nothing was sent: /),
    })
    expect(answer.text).toContain('nothing was sent')
    expect([answer.headers['x-change-id'], postsOf(each)]).toEqual([id, []])
    expect(answer.json).toMatchObject({ details: [{ entityId: id }] })
  })
})
