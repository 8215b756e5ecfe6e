/** What Genesys's login host may answer when a token is asked for. */
import { describe, expect, it } from 'vitest'
import type { OrgFault } from '../../../infra/local/org/faults/faults.ts'
import { type World, world } from '../../support/world.ts'

const LOGIN = '/oauth/token'
const GRANT = { access_token: 'token', token_type: 'bearer', expires_in: 86_400 }

async function answering(action: OrgFault['do'], times = 1) {
  const each = await world()
  each.org.addFaults([{ match: { path: LOGIN }, times, do: action }])
  await each.rotateNow()
  const error = each.aws.lastRotationError(each.arns.readToken)
  return { ...each, sentence: error instanceof Error ? error.message : undefined, tries: triesOf(each) }
}

const triesOf = ({ org }: World) => org.requests().filter(({ path }) => path === LOGIN).length

describe('a grant that cannot be used', () => {
  it.each<[string, unknown, string]>([
    ['no life (I14)', { ...GRANT, expires_in: undefined }, 'expires_in'],
    ['a life of nothing (I14)', { ...GRANT, expires_in: 0 }, 'expires_in'],
    ['a life below nothing (I14)', { ...GRANT, expires_in: -1 }, 'expires_in'],
    ['a life in a string (I14)', { ...GRANT, expires_in: '86400' }, 'expires_in'],
    ['half a second (I14)', { ...GRANT, expires_in: 86_400.5 }, 'expires_in'],
    ['a life for ever (I14)', { ...GRANT, expires_in: 1e12 }, 'expires_in'],
    ['no token (I17)', { ...GRANT, access_token: undefined }, 'access_token'],
    ['an empty token (I17)', { ...GRANT, access_token: '' }, 'access_token'],
    ['a token that fits no header (I17)', { ...GRANT, access_token: 'canary\r\nx: y' }, 'access_token'],
    ['a token that is no string (I17)', { ...GRANT, access_token: ['canary'] }, 'access_token'],
    ['another kind of token (I17)', { ...GRANT, token_type: 'mac' }, 'token_type'],
    ['no kind of token (I17)', { ...GRANT, token_type: undefined }, 'token_type'],
    ['a page of HTML', '<html>canary</html>', 'the body'],
    ['nothing', '', 'the body'],
  ])('for %s is refused, never stored, and not asked for again', async (_, body, faulty) => {
    const { sentence, tries, failedRotations, arns } = await answering({ status: 200, body })
    expect(sentence).toBe(`Genesys granted a token in an answer that cannot be used; faulty: ${faulty}`)
    expect([tries, failedRotations]).toEqual([1, [arns.readToken]])
  })

  it.each([201, 204, 302])('because the status is %i is refused', async (status) => {
    const { sentence, tries } = await answering({ status, headers: { Location: '/elsewhere' }, body: GRANT })
    expect(sentence).toContain(`refused the OAuth client with ${status}`)
    expect(tries).toBe(1)
  })
})

describe('a login host that fails for a while', () => {
  it.each([429, 500, 502, 503, 504])('with %i is asked again (I18)', async (status) => {
    const { sentence, tries, rotationSleeps } = await answering({ status }, 2)
    expect(sentence).toBeUndefined()
    expect(tries).toBe(3)
    expect(rotationSleeps).toHaveLength(2)
    for (const ms of rotationSleeps) expect(ms).toBeLessThanOrEqual(4_000)
  })

  it.each<[string, OrgFault['do']]>([
    ['answers 503', { status: 503 }],
    ['breaks the connection', { reset: true }],
    ['breaks off its answer', { truncateAtByte: 3 }],
  ])('and %s for long is given up after three tries, and left for a repeat (I18)', async (_, action) => {
    const { sentence, tries, failedRotations } = await answering(action, 99)
    expect(sentence).toMatch(/^Genesys's login host (did not answer|answered 503)/)
    expect([tries, failedRotations]).toEqual([3, []])
  })

  it.each([
    ['3', 3_000],
    ['60', 4_000],
    ['99999999999', 4_000],
  ])('and asks for %s s is waited for, 4 s at most (I18)', async (seconds, waitMs) => {
    const { rotationSleeps } = await answering({ status: 429, headers: { 'Retry-After': seconds } })
    expect(rotationSleeps).toEqual([waitMs])
  })
})

describe('a refusal that repeats what it was sent', () => {
  it.each(['description', 'error'])('in its %s reaches no sentence (I23)', async (field) => {
    const each = await world()
    const { clientId, clientSecret } = each.org.clients.reader
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
    const said = { error: 'invalid_client', description: 'authentication failed' }
    const body = { ...said, [field]: `got ${basic} and ${clientSecret}` }
    each.org.addFaults([{ match: { path: LOGIN }, do: { status: 401, body } }])
    await each.rotateNow()
    const error = each.aws.lastRotationError(each.arns.readToken)
    expect(String(error)).toContain('refused the OAuth client with 401')
    for (const canary of [basic, clientSecret]) expect(String(error)).not.toContain(canary)
  })
})
