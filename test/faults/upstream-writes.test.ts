/** Writes to a Genesys that fails: resent only where it certainly did not act, else the caller learns how to look. */
import { describe, expect, it } from 'vitest'
import type { Fault } from '../../infra/local/org/faults.ts'
import { postLicenseOrganization } from '../../lib/operations/post-license-organization.ts'
import { postLicenseToggle } from '../../lib/operations/post-license-toggle.ts'
import { expectError } from '../support/refusals.ts'
import { giftIn } from '../support/requests.ts'
import { world } from '../support/world.ts'

async function giving(action: Fault['do'], { times = 1, perTryTimeoutMs = 8_000 } = {}) {
  const each = await world()
  const gift = giftIn(each)
  each.org.addFaults([{ match: { path: gift.path }, times, do: action }])
  const post = each.writer(postLicenseOrganization, { perTryTimeoutMs })
  return { ...each, ...gift, post: () => post(gift.event) }
}

describe('a write that Genesys may have carried out', () => {
  it.each([
    [500, 502],
    [502, 502],
    [503, 502],
    [504, 504],
    [408, 504],
    [409, 409],
    [302, 502],
    [418, 502],
  ])('and answered %i is sent once and ends as %i, outcome unknown (H14, H16)', async (status, served) => {
    const { post, org, clock } = await giving(
      { status, headers: { 'Retry-After': 1, Location: '/' } },
      { times: 9 },
    )
    const answer = await post()
    expectError(answer, { status: served, code: 'outcome.unknown' })
    expect(answer.text).toContain('GET /api/v2/license/users/{userId}')
    expect([org.requests().length, clock.sleeps]).toEqual([1, []])
  })

  it('and whose connection broke afterwards is not sent again (H26)', async () => {
    const { post, org, isGiven } = await giving({ applyThenReset: true })
    expectError(await post(), { status: 502, code: 'outcome.unknown' })
    expect([org.requests().length, isGiven()]).toEqual([1, true])
  })

  it('and whose answer broke off is not sent again (H26)', async () => {
    const { post, org, isGiven } = await giving({ truncateAtByte: 3 })
    expectError(await post(), { status: 502, code: 'outcome.unknown' })
    expect([org.requests().length, isGiven()]).toEqual([1, true])
  })

  it('and whose answer never came is not sent again, and is a 504 (H24)', async () => {
    const { post, org } = await giving({ delayMs: 600_000 }, { perTryTimeoutMs: 250 })
    expectError(await post(), { status: 504, code: 'outcome.unknown' })
    expect(org.requests()).toHaveLength(1)
  })

  it.each([
    ['half of its JSON', '[{"userId":'],
    ['a page of HTML', '<html>hello</html>'],
    ['another model', '{"a":1}'],
    ['nothing', ''],
  ])('and answered 200 with %s is not sent again (H27, H31)', async (_, body) => {
    const { post, org } = await giving({ status: 200, body })
    const answer = await post()
    expectError(answer, { status: 502, code: 'outcome.unknown' })
    expect(answer.text).not.toContain('hello')
    expect(org.requests()).toHaveLength(1)
  })

  it('and answered 204 is not sent again (H32)', async () => {
    const { post, org } = await giving({ status: 204 })
    expectError(await post(), { status: 502, code: 'outcome.unknown' })
    expect(org.requests()).toHaveLength(1)
  })

  it('of a toggle says to look at the toggle', async () => {
    const { org, writer } = await world({ org: { toggles: 'legacy' } })
    const path = '/api/v2/license/toggles/wallboards'
    org.addFaults([{ match: { path }, do: { applyThenReset: true } }])
    const before = org.truth().toggles['wallboards']
    const answer = await writer(postLicenseToggle)({ pathParameters: { featureName: 'wallboards' } })
    expectError(answer, { status: 502, code: 'outcome.unknown' })
    expect(answer.text).toContain(`GET ${path}`)
    expect(org.truth().toggles['wallboards']).toBe(!before)
    expect(org.requests()).toHaveLength(1)
  })
})

describe('a write that Genesys certainly did not carry out', () => {
  it('because of its rate limit is sent again after the wait, and done once (H01)', async () => {
    const { post, org, clock, isGiven } = await giving({ status: 429, headers: { 'Retry-After': 5 } })
    expect((await post()).status).toBe(200)
    expect(clock.sleeps).toEqual([5_000])
    expect([org.requests().length, isGiven()]).toEqual([2, true])
  })

  it('because of its rate limit ends as 429 where the wait does not fit (H01)', async () => {
    const { post, org, clock, isGiven } = await giving({ status: 429, headers: { 'Retry-After': 60 } })
    const answer = await post()
    expectError(answer, { status: 429, code: 'too.many.requests.retry.after' })
    expect(answer.headers['retry-after']).toBe('60')
    expect([org.requests().length, isGiven(), clock.sleeps]).toEqual([1, false, []])
  })

  it('because the token was refused is sent again with another, and done once', async () => {
    const { post, org, clock, isGiven } = await giving({ revokeToken: true })
    clock.advance(11 * 60_000)
    expect((await post()).status).toBe(200)
    const writes = org.requests().filter(({ path }) => path === '/api/v2/license/organization')
    expect(writes.map(({ status }) => status)).toEqual([401, 200])
    expect(isGiven()).toBe(true)
  })

  it.each([400, 404, 413, 415])('because it answered %i is not sent again (H14)', async (status) => {
    const { post, org, isGiven } = await giving({ status, body: { code: 'c', message: 'm' } }, { times: 9 })
    expect((await post()).status).toBe(status)
    expect([org.requests().length, isGiven()]).toEqual([1, false])
  })

  it('because our OAuth client may not is a 502 that names the permission (H11)', async () => {
    const { org, writer } = await world({
      org: { clients: { writer: { permissions: [] } } },
      isTrusted: true,
    })
    const gift = giftIn({ org })
    const answer = await writer(postLicenseOrganization)(gift.event)
    expectError(answer, { status: 502, code: 'upstream.forbidden' })
    expect(answer.text).toContain('authorization:grant:add')
    expect([org.requests().length, gift.isGiven()]).toEqual([1, false])
  })

  it('because no connection came about is tried three times, then a 503 (H21)', async () => {
    const { org, writer, clock, aws, ...rest } = await world()
    const gift = giftIn({ org })
    const post = writer(postLicenseOrganization)
    await org.close()
    const answer = await post(gift.event)
    expectError(answer, { status: 503, code: 'upstream.unavailable' })
    expect(clock.sleeps).toEqual([200, 200])
    expect(rest.logged.join('')).toContain('"upstreamRequests":3')
  })
})
