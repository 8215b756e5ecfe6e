/** Rotations that fail: what is in force stays in force, nothing looks as if it were still under way, one sentence says why. */
import { DescribeSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { describe, expect, it } from 'vitest'
import type { Rotate } from '../../../infra/local/aws/secrets/rotation.ts'
import type { OrgFault } from '../../../infra/local/org/faults/faults.ts'
import type { OrgOptions } from '../../../infra/local/org/server.ts'
import { tokenRotation } from '../../../lib/composition/token-rotation.ts'
import { readEnvironment } from '../../../lib/environment.ts'
import { getLicenseUser } from '../../../lib/operations/license/get-license-user.ts'
import { userIn } from '../../support/requests.ts'
import { type World, world } from '../../support/world.ts'

async function stages({ client, arns }: World): Promise<string[]> {
  const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId: arns.readToken }))
  return Object.values(VersionIdsToStages ?? {}).flat()
}

const inForce = async ({ client, arns }: World) =>
  (await client.send(new GetSecretValueCommand({ SecretId: arns.readToken }))).SecretString

/** The sentence of a rotation that must fail, after the checks that all failures share. */
async function failing(each: World): Promise<string> {
  const before = await inForce(each).catch(() => 'nothing')
  await each.rotateNow()
  const error = each.aws.lastRotationError(each.arns.readToken)
  expect(error).toBeInstanceOf(Error)
  expect(await stages(each)).not.toContain('AWSPENDING')
  expect(await inForce(each).catch(() => 'nothing')).toBe(before)
  expect(each.logged).toEqual([])
  const message = error instanceof Error ? error.message : ''
  expect(message).not.toMatch(/\n/)
  expect(message).not.toContain(each.org.clients.reader.clientSecret)
  return message
}

const MINUTE_MS = 60_000

const withReader = (reader: NonNullable<OrgOptions['clients']>[string]) => ({ org: { clients: { reader } } })

describe('a rotation that fails', () => {
  it('before the operator has put credentials says so in one line, and counts as no failure', async () => {
    const each = await world({ isProvisioned: false })
    const sentence = await failing(each)
    expect(sentence).toContain(`No client credentials in ${each.arns.readClient} yet`)
    expect(sentence).toContain('npm run credentials')
    expect([each.failedRotations, each.org.requests()]).toEqual([[], []])
  })

  it.each([
    ['text', 'client and secret'],
    ['no secret in it', '{"clientId":"id"}'],
    ['empty strings', '{"clientId":"","clientSecret":""}'],
    ['bytes', Buffer.from('{}')],
  ])('because the client credentials are %s says which secret to mend', async (_, value) => {
    const each = await world()
    each.aws.putSecret(each.arns.readClient, value)
    expect(await failing(each)).toContain(`No client credentials in ${each.arns.readClient} yet`)
    expect(each.failedRotations).toEqual([each.arns.readToken])
  })

  it('before the first token, though credentials were put, counts as a failure', async () => {
    const each = await world({ isProvisioned: false })
    each.aws.putSecret(each.arns.readClient, '{"clientId":"nobody","clientSecret":"canary"}')
    expect(await failing(each)).toContain('client not found')
    expect(each.failedRotations).toEqual([each.arns.readToken])
  })

  it('for good is not taken up by a repeat with the same version, and the next one may begin (I11)', async () => {
    const each = await world()
    each.org.addFaults([{ match: { path: '/api/v2/license/definitions' }, do: { status: 401 } }])
    expect(await failing(each)).toBe('Genesys answered 401 when the new token was tried')
    expect(each.failedRotations).toEqual([each.arns.readToken])
    const before = await inForce(each)
    await each.aws.advance(5 * MINUTE_MS)
    expect(String(each.aws.lastRotationError(each.arns.readToken))).toContain(
      'an earlier try of it failed for good',
    )
    expect([await inForce(each), each.failedRotations.length]).toEqual([before, 1])
    await each.rotateNow()
    expect(each.aws.lastRotationError(each.arns.readToken)).toBeUndefined()
    expect(await inForce(each)).not.toBe(before)
  })

  it('because the OAuth client lacks the permission names it (I11)', async () => {
    const sentence = await failing(await world({ ...withReader({ permissions: [] }) }))
    expect(sentence).toContain('authorization:license:view')
  })

  it('because Genesys does not know the client says so (H10)', async () => {
    const each = await world()
    each.aws.putSecret(each.arns.readClient, '{"clientId":"nobody","clientSecret":"canary"}')
    expect(await failing(each)).toBe(
      'Genesys refused the OAuth client with 400 (invalid_client: client not found); put the right clientId and clientSecret and rotate',
    )
  })

  it('because the client secret is wrong says so, having asked once (H10)', async () => {
    const each = await world()
    const { clientId } = each.org.clients.reader
    each.aws.putSecret(each.arns.readClient, JSON.stringify({ clientId, clientSecret: 'canary' }))
    expect(await failing(each)).toBe(
      'Genesys refused the OAuth client with 401 (invalid_client: authentication failed); put the right clientId and clientSecret and rotate',
    )
    expect(each.org.requests()).toHaveLength(1)
  })

  it('because its token would live under 14 h says what to set in Genesys', async () => {
    const sentence = await failing(await world({ ...withReader({ tokenSeconds: 14 * 3600 - 1 }) }))
    expect(sentence).toContain('50399 s')
    expect(sentence).toContain("set the client's Token Duration to 86400")
  })

  it.each(['AccessDeniedException', 'DecryptionFailure'])(
    'because Secrets Manager says %s needs a person: it is counted, and the next one may begin',
    async (type) => {
      const each = await world()
      each.aws.fail('PutSecretValue', { type, message: 'told to fail' })
      expect(await failing(each)).toBe('told to fail')
      expect(each.failedRotations).toEqual([each.arns.readToken])
      await each.rotateNow()
      expect(each.aws.lastRotationError(each.arns.readToken)).toBeUndefined()
    },
  )

  it('does not hide why where AWSPENDING cannot be taken off, and still counts', async () => {
    const each = await world()
    each.org.addFaults([{ match: { path: '/oauth/token' }, do: { status: 400, body: {} } }])
    each.aws.fail('UpdateSecretVersionStage', { type: 'AccessDeniedException' })
    await each.rotateNow()
    const error = each.aws.lastRotationError(each.arns.readToken)
    expect(error).toMatchObject({
      message: expect.stringMatching(
        /^Genesys refused the OAuth client with 400 .*AWSPENDING could not be taken off/,
      ),
    })
    expect(each.failedRotations).toEqual([each.arns.readToken])
  })
})

describe('a rotation that fails for a moment', () => {
  const DEFINITIONS = '/api/v2/license/definitions'
  const page = { headers: { 'Content-Type': 'text/html' }, body: '<html>Access denied</html>' }

  /** After its first try: not counted, what is in force still in force, AWSPENDING kept for the repeat. */
  async function waiting(each: World, before: string | undefined): Promise<void> {
    expect(String(each.aws.lastRotationError(each.arns.readToken))).toMatch(
      /tries this rotation again by itself$/,
    )
    expect(await stages(each)).toContain('AWSPENDING')
    expect([await inForce(each), each.failedRotations]).toEqual([before, []])
  }

  async function healed(each: World, before: string | undefined): Promise<void> {
    await each.aws.advance(MINUTE_MS)
    expect(each.aws.lastRotationError(each.arns.readToken)).toBeUndefined()
    expect([(await inForce(each)) === before, each.failedRotations]).toEqual([false, []])
    await each.rotateNow()
    expect(each.aws.lastRotationError(each.arns.readToken)).toBeUndefined()
  }

  it.each<[string, string, number, OrgFault['do']]>([
    ['the login host says 429', '/oauth/token', 3, { status: 429 }],
    ['the login host says 503', '/oauth/token', 3, { status: 503 }],
    ['the login host breaks the connection', '/oauth/token', 3, { reset: true }],
    ['a firewall answers for the login host', '/oauth/token', 1, { status: 403, ...page }],
    ['Genesys says 500 to the new token', DEFINITIONS, 1, { status: 500 }],
    ['Genesys breaks the connection', DEFINITIONS, 1, { reset: true }],
    ['a firewall answers for Genesys', DEFINITIONS, 1, { status: 403, ...page }],
  ])('because %s heals by the repeat', async (_, path, times, action) => {
    const each = await world()
    const before = await inForce(each)
    each.org.addFaults([{ match: { path }, times, do: action }])
    await each.rotateNow()
    await waiting(each, before)
    await healed(each, before)
  })

  it.each([
    ['GetSecretValue', 'ThrottlingException', 400],
    ['PutSecretValue', 'InternalServiceError', 500],
    ['DescribeSecret', 'ThrottlingException', 400],
    ['GetSecretValue', 'InvalidRequestException', 400],
    ['UpdateSecretVersionStage', 'InvalidParameterException', 400],
    ['UpdateSecretVersionStage', 'ResourceNotFoundException', 400],
  ])('because %s fails with %s heals by the repeat', async (action, type, status) => {
    const each = await world()
    const before = await inForce(each)
    each.aws.fail(action, { type, status, times: status === 400 && type !== 'ThrottlingException' ? 1 : 3 })
    await each.rotateNow()
    expect(each.aws.lastRotationError(each.arns.readToken)).toBeInstanceOf(Error)
    expect(await stages(each)).toContain('AWSPENDING')
    expect([await inForce(each), each.failedRotations]).toEqual([before, []])
    await healed(each, before)
  })

  it('because DescribeSecret lags behind heals by the repeat', async () => {
    const each = await world()
    const before = await inForce(each)
    each.aws.lagBehind(each.arns.readToken, 1)
    await each.rotateNow()
    expect(String(each.aws.lastRotationError(each.arns.readToken))).toContain('is not staged AWSPENDING')
    await healed(each, before)
  })

  it('again and again heals when it ends, with one token put', async () => {
    const each = await world()
    const before = await inForce(each)
    each.org.addFaults([{ match: { path: DEFINITIONS }, times: 3, do: { status: 503 } }])
    await each.rotateNow()
    for (const minutes of [1, 2]) {
      await waiting(each, before)
      await each.aws.advance(minutes * MINUTE_MS)
    }
    await waiting(each, before)
    await each.aws.advance(4 * MINUTE_MS)
    expect(each.aws.lastRotationError(each.arns.readToken)).toBeUndefined()
    expect(each.org.requests().filter(({ path }) => path === '/oauth/token')).toHaveLength(1)
  })

  it('and then for good says so, and leaves nothing that blocks the next', async () => {
    const each = await world()
    const before = await inForce(each)
    const { clientId } = each.org.clients.reader
    each.org.addFaults([{ match: { path: '/oauth/token' }, times: 3, do: { status: 503 } }])
    await each.rotateNow()
    await waiting(each, before)
    each.aws.putSecret(each.arns.readClient, JSON.stringify({ clientId, clientSecret: 'canary' }))
    await each.aws.advance(MINUTE_MS)
    expect(String(each.aws.lastRotationError(each.arns.readToken))).toContain('authentication failed')
    expect(await stages(each)).not.toContain('AWSPENDING')
    expect(each.failedRotations).toEqual([each.arns.readToken])
  })

  it('leaves the token in force to be served meanwhile', async () => {
    const each = await world()
    const user = userIn(each)
    each.org.addFaults([{ match: { path: '/oauth/token' }, times: 3, do: { status: 503 } }])
    await each.rotateNow()
    expect((await each.reader(getLicenseUser)(user.event)).status).toBe(200)
  })
})

describe('a rotation that goes well', () => {
  it('takes a token that lives 14 h', async () => {
    const each = await world(withReader({ tokenSeconds: 14 * 3600 }))
    expect(JSON.parse((await inForce(each)) ?? '')).toMatchObject({ expiresAt: '2026-11-16T02:00:00.000Z' })
  })

  it('is one, when two are asked for at once (I19)', async () => {
    const each = await world()
    const asked = await Promise.allSettled([each.rotateNow(), each.rotateNow()])
    expect(asked.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await each.aws.idle()
    expect(each.org.requests().filter(({ path }) => path === '/oauth/token')).toHaveLength(1)
  })
})

describe('the rotation function as it is deployed', () => {
  it('emits RotationFailed for a failure that stays', async () => {
    let deployed: Rotate | undefined
    const each = await world({ rotate: (real) => (given) => (deployed ?? real)(given) })
    const { clientId } = each.org.clients.reader
    each.aws.putSecret(each.arns.readClient, JSON.stringify({ clientId, clientSecret: 'canary' }))
    deployed = tokenRotation(readEnvironment(each.variables))
    await each.rotateNow()
    expect(String(each.aws.lastRotationError(each.arns.readToken))).toContain('authentication failed')
    const line: Record<string, unknown> = JSON.parse(each.logged[0] ?? '')
    expect(line).toMatchObject({ level: 'ERROR', code: 'rotation.failed', RotationFailed: 1, Stack: 'test' })
    expect(line).toMatchObject({ error: { message: expect.stringContaining('authentication failed') } })
    expect(JSON.stringify(line['_aws'])).toContain('"Name":"RotationFailed","Unit":"Count"')
    expect(each.logged.join('')).not.toContain('canary')
  })

  it('emits nothing before credentials are put', async () => {
    let deployed: Rotate | undefined
    const each = await world({ isProvisioned: false, rotate: () => async (given) => await deployed?.(given) })
    deployed = tokenRotation(readEnvironment(each.variables))
    await each.rotateNow()
    expect(String(each.aws.lastRotationError(each.arns.readToken))).toContain('No client credentials in')
    expect(each.logged).toEqual([])
  })

  it.each(['READ_TOKEN_SECRET', 'WRITE_TOKEN_SECRET', 'READ_CLIENT_SECRET', 'WRITE_CLIENT_SECRET'])(
    'does not start without %s (K05)',
    async (name) => {
      const { variables } = await world()
      expect(() => tokenRotation(readEnvironment({ ...variables, [name]: '' }))).toThrow(
        `The environment variable ${name} must be set`,
      )
    },
  )
})
