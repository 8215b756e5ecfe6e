/** Secrets Manager's four steps: which calls are taken, what each leaves behind, and that all may be repeated. */
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
} from '@aws-sdk/client-secrets-manager'
import { describe, expect, it } from 'vitest'
import type { Rotate, RotationEvent } from '../../../infra/local/aws/secrets/rotation.ts'
import { type World, world } from '../../support/world.ts'

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const
const VERSION = 'dddddddd-0000-4000-8000-000000000004'

/** The steps of a rotation that Secrets Manager started but leaves to the test. */
async function begun() {
  let isHeld = false
  const each = await world({ rotate: (real) => async (event) => (isHeld ? undefined : await real(event)) })
  const { client, arns, rotate } = each
  const SecretId = arns.readToken
  isHeld = true
  await each.rotateNow()
  const pending = Object.entries(await stages(each)).find(([, names]) => names?.includes('AWSPENDING'))
  const ClientRequestToken = pending?.[0] ?? ''
  return {
    ...each,
    ClientRequestToken,
    before: await current(each),
    step: (Step: RotationEvent['Step'], changes: Partial<RotationEvent> = {}) =>
      rotate({ Step, SecretId, ClientRequestToken, ...changes }),
    grants: () => each.org.requests().filter(({ path }) => path === '/oauth/token').length,
    valueOf: async (VersionStage: string) =>
      (await client.send(new GetSecretValueCommand({ SecretId, VersionStage }))).SecretString,
  }
}

async function stages({ client, arns }: World) {
  const described = await client.send(new DescribeSecretCommand({ SecretId: arns.readToken }))
  return described.VersionIdsToStages ?? {}
}

async function current({ client, arns }: World) {
  return (await client.send(new GetSecretValueCommand({ SecretId: arns.readToken }))).SecretString
}

describe('a rotation', () => {
  it('puts a new token in force, with its end, and keeps the one before as AWSPREVIOUS', async () => {
    const each = await begun()
    for (const step of STEPS) await each.step(step)
    const token: Record<string, string> = JSON.parse((await current(each)) ?? '')
    expect(token).toEqual({
      accessToken: expect.stringMatching(/^\S{40,}$/),
      expiresAt: '2026-11-16T12:00:00.000Z',
    })
    expect(await current(each)).not.toBe(each.before)
    expect(await each.valueOf('AWSPREVIOUS')).toBe(each.before)
    expect(Object.keys(await stages(each))).toContain(each.ClientRequestToken)
    expect([each.grants(), each.failedRotations]).toEqual([1, []])
  })

  it('whose every step comes twice ends the same, with one token asked for', async () => {
    const each = await begun()
    for (const step of STEPS) {
      await each.step(step)
      await each.step(step)
    }
    expect(await current(each)).not.toBe(each.before)
    expect(await each.valueOf('AWSPREVIOUS')).toBe(each.before)
    expect(each.grants()).toBe(1)
  })

  it('that comes twice as a whole changes nothing the second time', async () => {
    const each = await begun()
    for (const step of STEPS) await each.step(step)
    const once = [await current(each), await stages(each)]
    for (const step of STEPS) await each.step(step)
    expect([await current(each), await stages(each)]).toEqual(once)
    expect(each.grants()).toBe(1)
  })

  it('that begins anew after each of its steps ends the same', async () => {
    for (const last of STEPS.keys()) {
      const each = await begun()
      for (const step of STEPS.slice(0, last + 1)) await each.step(step)
      for (const step of STEPS) await each.step(step)
      expect(await current(each)).not.toBe(each.before)
      expect(each.grants()).toBe(1)
    }
  })

  it('is not tried with the token in force: the new one is tried before it counts', async () => {
    const each = await begun()
    await each.step('createSecret')
    await each.step('setSecret')
    expect(await current(each)).toBe(each.before)
    await each.step('testSecret')
    expect(await current(each)).toBe(each.before)
    expect(each.org.requests().at(-1)).toMatchObject({ path: '/api/v2/license/definitions', status: 200 })
  })
})

describe('testSecret before anything was created', () => {
  it('is fine for a version that is pending without a value, and for one that does not exist', async () => {
    const each = await begun()
    await each.step('testSecret')
    await each.step('testSecret', { ClientRequestToken: VERSION })
    expect(each.org.requests()).toEqual([])
    expect(await current(each)).toBe(each.before)
  })
})

describe('a step is refused', () => {
  const refused = async (
    each: Awaited<ReturnType<typeof begun>>,
    act: () => ReturnType<Rotate>,
    why: string,
  ) => {
    const before = await stages(each)
    await expect(act()).rejects.toMatchObject({
      name: 'CredentialsError',
      message: expect.stringContaining(why),
    })
    expect(await stages(each)).toEqual(before)
    expect([each.org.requests(), each.failedRotations]).toEqual([[], []])
  }

  it.each(['createSecret', 'setSecret', 'finishSecret'] as const)(
    'as %s of a version that is not staged AWSPENDING (I13)',
    async (step) => {
      const each = await begun()
      await refused(each, () => each.step(step, { ClientRequestToken: VERSION }), 'is not staged AWSPENDING')
    },
  )

  it.each(STEPS)('as %s of a secret that is not its own (I13)', async (step) => {
    const each = await begun()
    for (const SecretId of [each.arns.readClient, each.arns.readToken.slice(0, -7), 'read-token', '']) {
      await refused(each, () => each.step(step, { SecretId }), 'its own two token secrets only')
    }
    expect(each.awsActions(each.arns.readClient)).toEqual([])
  })

  it.each(STEPS)('as %s while rotation is off (I13)', async (step) => {
    const each = await begun()
    each.aws.createSecret({ name: 'genesys-license-gateway/test/read-token', rotation: false })
    await refused(each, () => each.step(step), 'Rotation is not enabled')
  })

  it.each([
    ['nothing', undefined],
    ['a request', { httpMethod: 'GET' }],
    ['an unknown step', { Step: 'deleteSecret', SecretId: 'x', ClientRequestToken: VERSION }],
    ['a step without a version', { Step: 'setSecret', SecretId: 'x', ClientRequestToken: '' }],
  ])('where the event is %s', async (_, event) => {
    const each = await begun()
    await refused(each, () => each.rotate(event as RotationEvent), 'rotation events only')
  })

  it('as finishSecret of a version without a value, which stays AWSPENDING for a repeat', async () => {
    const each = await begun()
    await expect(each.step('finishSecret')).rejects.toThrow('nothing to put in force')
    expect(Object.values(await stages(each)).flat()).toContain('AWSPENDING')
    expect(await current(each)).toBe(each.before)
  })

  it('as testSecret where the pending value is no token', async () => {
    const each = await begun()
    const { ClientRequestToken, arns, client } = each
    const value = {
      SecretId: arns.readToken,
      ClientRequestToken,
      SecretString: 'broken',
      VersionStages: ['AWSPENDING'],
    }
    await client.send(new PutSecretValueCommand(value))
    await expect(each.step('testSecret')).rejects.toThrow('the token secret is not JSON')
    expect(await current(each)).toBe(each.before)
  })
})
