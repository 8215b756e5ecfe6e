/** The token's secret when it cannot be read or holds nothing usable. */
import { describe, expect, it } from 'vitest'
import { getLicenseUser } from '../../../lib/operations/license/get-license-user.ts'
import { postLicenseOrganization } from '../../../lib/operations/license/post-license-organization.ts'
import { expectError } from '../../support/refusals.ts'
import { giftIn, userIn } from '../../support/requests.ts'
import { type World, world } from '../../support/world.ts'

const UNAVAILABLE = { status: 503, code: 'credentials.unavailable' }

/** Ends in a 503 that tells the caller nothing of the reason, which the log has; nothing reaches Genesys. */
async function expectUnavailable(each: World, reason: string | RegExp) {
  const answer = await each.reader(getLicenseUser)(userIn(each).event)
  expectError(answer, UNAVAILABLE)
  expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/)
  expect(answer.text).not.toMatch(/arn:|secret\/|KMS|canary/i)
  const line: Record<string, unknown> = JSON.parse(each.logged.join(''))
  expect(line).toMatchObject({ level: 'ERROR', status: 503, errorCode: 'credentials.unavailable' })
  expect(JSON.stringify(line['error'])).toMatch(reason)
  expect(each.logged.join('')).not.toContain('canary')
  expect(each.org.requests()).toEqual([])
  return answer
}

describe('the secret of the access token', () => {
  it('that does not exist is a 503 (I01)', async () => {
    const each = await world()
    const missing = { ...each.variables, READ_TOKEN_SECRET: `${each.arns.readToken}-gone` }
    const answer = await each.reader(getLicenseUser, {}, missing)(userIn(each).event)
    expectError(answer, UNAVAILABLE)
    expect(answer.headers['retry-after']).toBe('5')
    expect(each.logged.join('')).toContain('the secret does not exist or has no value yet')
  })

  it('that has no value yet is a 503 (I01)', async () => {
    await expectUnavailable(await world({ isProvisioned: false }), 'has a rotation succeeded yet?')
  })

  it.each([
    ['empty (I04)', '', 'the token secret is empty'],
    ['blank (I04)', '  \n', 'the token secret is empty'],
    ['no JSON (I04)', '{"accessToken":"canary', 'the token secret is not JSON'],
    ['plain text (I04)', 'canary', 'the token secret is not JSON'],
    ['a list (I04)', '["canary"]', 'has no accessToken and expiresAt'],
    ['null (I04)', 'null', 'has no accessToken and expiresAt'],
    ['without a token (I04)', '{"expiresAt":"2026-11-16T12:00:00Z"}', 'has no accessToken and expiresAt'],
    ['without an end (I04)', '{"accessToken":"canary"}', 'has no accessToken and expiresAt'],
    [
      'an end that is no time (I04)',
      '{"accessToken":"canary","expiresAt":"soon"}',
      'has no accessToken and expiresAt',
    ],
    [
      'a token that fits no header (I04)',
      '{"accessToken":"canary\\r\\nx: y","expiresAt":"2026-11-16T12:00:00Z"}',
      'has no accessToken and expiresAt',
    ],
    ['an empty token (I04)', '{"accessToken":"","expiresAt":"2026-11-16T12:00:00Z"}', 'has no accessToken'],
    ['bytes (I06)', Buffer.from('canary'), 'the token secret is binary'],
  ])('that holds %s is a 503 without its value anywhere', async (_, value, reason) => {
    const each = await world({ isProvisioned: false })
    each.aws.putSecret(each.arns.readToken, value)
    await expectUnavailable(each, reason)
  })

  it.each([
    ['denied (I02)', 'AccessDeniedException', 400, "check the role, the secret's policy and the KMS key"],
    ['undecipherable by KMS (I02)', 'DecryptionFailure', 400, 'KMS could not decrypt it'],
    ['being deleted', 'InvalidRequestException', 400, 'it is being deleted'],
  ])('that is %s is a 503, the hint being in the log alone', async (_, type, status, hint) => {
    const each = await world()
    each.aws.fail('GetSecretValue', { type, status, message: 'text of AWS' })
    await expectUnavailable(each, hint)
    expect(each.awsActions()).toEqual(['GetSecretValue'])
  })

  it('that is throttled once is read after the SDK has backed off (I03)', async () => {
    const each = await world()
    each.aws.fail('GetSecretValue', { type: 'ThrottlingException' })
    expect((await each.reader(getLicenseUser)(userIn(each).event)).status).toBe(200)
    expect(each.awsActions()).toHaveLength(2)
  })

  it('that stays throttled is a 503 after three tries (I03)', async () => {
    const each = await world()
    each.aws.fail('GetSecretValue', { type: 'ThrottlingException', times: 9 })
    await expectUnavailable(each, 'Secrets Manager is throttling this account')
    expect(each.awsActions()).toHaveLength(3)
  })

  it('that nothing answers for is a 503', async () => {
    const each = await world()
    await each.aws.close()
    await expectUnavailable(each, 'ECONNREFUSED')
  })

  it('of the write token is the one that a write reads', async () => {
    const each = await world()
    const gift = giftIn(each)
    each.aws.putSecret(each.arns.readToken, 'broken')
    expect((await each.writer(postLicenseOrganization)(gift.event)).status).toBe(200)
    expect(each.awsActions(each.arns.readToken)).toEqual([])
  })
})

describe('a failure to read the secret', () => {
  it('is remembered for 5 to 10 s, so that requests do not all ask (I01)', async () => {
    const each = await world({ isProvisioned: false })
    const ask = each.reader(getLicenseUser)
    const { event } = userIn(each)
    expect([(await ask(event)).status, (await ask(event)).status]).toEqual([503, 503])
    each.clock.advance(4_999)
    expect((await ask(event)).status).toBe(503)
    expect(each.awsActions()).toEqual(['GetSecretValue'])
    each.clock.advance(5_001)
    expect((await ask(event)).status).toBe(503)
    expect(each.awsActions()).toEqual(['GetSecretValue', 'GetSecretValue'])
  })

  it('ends by itself once the secret holds a token (I01)', async () => {
    const each = await world()
    each.aws.fail('GetSecretValue', { type: 'AccessDeniedException' })
    const ask = each.reader(getLicenseUser)
    expect((await ask(userIn(each).event)).status).toBe(503)
    each.clock.advance(10_000)
    expect((await ask(userIn(each).event)).status).toBe(200)
  })
})
