import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { afterEach, describe, expect, it } from 'vitest'
import type { Rotate, RotationEvent } from '../../../../infra/local/aws/secrets/rotation.ts'
import { type LocalAws, startAws } from '../../../../infra/local/aws/server.ts'
import { NOON } from './running-aws.ts'

const MINUTE_MS = 60_000
const NEW_VERSION = 'dddddddd-0000-4000-8000-000000000004'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A stand-in with the secret `token`, and a rotation function written the way AWS documents one. */
async function start(stepFails?: RotationEvent['Step'], failures = Number.POSITIVE_INFINITY) {
  const events: RotationEvent[] = []
  let failuresLeft = failures
  let held: Promise<void> | undefined
  /** Lets no step end. @returns what lets them. */
  const hold = () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    held = promise
    return resolve
  }
  const rotate: Rotate = async (event) => {
    events.push(event)
    await held
    const { Step, SecretId, ClientRequestToken } = event
    if (Step === stepFails && failuresLeft-- > 0) throw new Error(`${Step} went wrong`)
    if (Step === 'createSecret') {
      const pending = { SecretId, VersionId: ClientRequestToken, VersionStage: 'AWSPENDING' }
      const found = await client.send(new GetSecretValueCommand(pending)).catch((error: Error) => error)
      if (!(found instanceof Error)) return
      expect(found.name).toBe('ResourceNotFoundException')
      await client.send(
        new PutSecretValueCommand({
          SecretId,
          ClientRequestToken,
          SecretString: 'new',
          VersionStages: ['AWSPENDING'],
        }),
      )
    }
    if (Step === 'finishSecret') {
      const { VersionId } = await client.send(new GetSecretValueCommand({ SecretId }))
      await client.send(
        new UpdateSecretVersionStageCommand({
          SecretId,
          VersionStage: 'AWSCURRENT',
          MoveToVersionId: ClientRequestToken,
          RemoveFromVersionId: VersionId,
        }),
      )
    }
  }
  const nowMs = Date.parse(NOON)
  const aws: LocalAws = await startAws({ rotate, now: () => nowMs })
  const client = new SecretsManagerClient({
    endpoint: aws.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  closers.push(aws.close, () => client.destroy())
  const { arn } = aws.createSecret({ name: 'token', rotation: true, value: 'old' })
  const askForRotation = (isImmediate = true) =>
    client.send(
      new RotateSecretCommand({
        SecretId: 'token',
        ClientRequestToken: NEW_VERSION,
        RotateImmediately: isImmediate,
      }),
    )
  return { aws, client, events, arn, askForRotation, hold }
}

const valueOfToken = async (client: SecretsManagerClient) =>
  (await client.send(new GetSecretValueCommand({ SecretId: 'token' }))).SecretString

describe('a rotation', () => {
  it('runs the four steps after the request was answered, and ends with the new value current', async () => {
    const { aws, client, events, arn, askForRotation } = await start()
    expect(await askForRotation()).toMatchObject({ ARN: arn, VersionId: NEW_VERSION })
    await aws.idle()
    expect(events).toEqual(
      ['createSecret', 'setSecret', 'testSecret', 'finishSecret'].map((Step) => ({
        Step,
        SecretId: arn,
        ClientRequestToken: NEW_VERSION,
      })),
    )
    expect(await valueOfToken(client)).toBe('new')
    expect(aws.lastRotationError('token')).toBeUndefined()
    const described = await client.send(new DescribeSecretCommand({ SecretId: 'token' }))
    expect(described.RotationEnabled).toBe(true)
    expect(described.LastRotatedDate).toBeInstanceOf(Date)
  })

  it('can follow a finished one, whose pending label still lies on the current version', async () => {
    const { aws, client, askForRotation } = await start()
    await askForRotation()
    await aws.idle()
    await client.send(new RotateSecretCommand({ SecretId: 'token' }))
    await aws.idle()
    expect(aws.lastRotationError('token')).toBeUndefined()
  })

  it('stops at the step that fails, and its leftover looks like one in progress until it is taken off', async () => {
    const { aws, client, events, askForRotation } = await start('testSecret')
    await askForRotation()
    await aws.idle()
    expect(events.map(({ Step }) => Step)).toEqual(['createSecret', 'setSecret', 'testSecret'])
    expect(aws.lastRotationError('token')).toMatchObject({ message: 'testSecret went wrong' })
    expect(await valueOfToken(client)).toBe('old')
    const again = () => client.send(new RotateSecretCommand({ SecretId: 'token' }))
    await expect(again()).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: "A previous rotation isn't complete. That rotation will be reattempted.",
    })
    await client.send(
      new UpdateSecretVersionStageCommand({
        SecretId: 'token',
        VersionStage: 'AWSPENDING',
        RemoveFromVersionId: NEW_VERSION,
      }),
    )
    await again()
    await aws.idle()
    expect(events).toHaveLength(6)
  })

  it('that failed is tried again, whole and with the same token, after minutes', async () => {
    const { aws, client, events, arn, askForRotation } = await start('finishSecret', 2)
    await askForRotation()
    await aws.idle()
    await aws.advance(59_000)
    expect(events).toHaveLength(4)
    await aws.advance(1_000)
    expect(events).toHaveLength(8)
    await aws.advance(2 * MINUTE_MS)
    expect(events).toHaveLength(12)
    expect(new Set(events.map(({ SecretId, ClientRequestToken }) => SecretId + ClientRequestToken))).toEqual(
      new Set([arn + NEW_VERSION]),
    )
    expect([await valueOfToken(client), aws.lastRotationError('token')]).toEqual(['new', undefined])
    await aws.advance(60 * MINUTE_MS)
    expect(events).toHaveLength(12)
  })

  it('that failed is not tried again where what waits is forgotten', async () => {
    const { aws, events, askForRotation } = await start('createSecret')
    await askForRotation()
    await aws.idle()
    aws.forgetWaiting()
    await aws.advance(60 * MINUTE_MS)
    expect(events).toHaveLength(1)
  })

  it('that keeps failing is given up after five tries, and its label stays', async () => {
    const { aws, client, events, askForRotation } = await start('createSecret')
    await askForRotation()
    await aws.advance(60 * MINUTE_MS)
    expect(events).toHaveLength(5)
    const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId: 'token' }))
    expect(VersionIdsToStages?.[NEW_VERSION]).toEqual(['AWSPENDING'])
  })

  it('that failed is tried again though its label was taken off, until another begins', async () => {
    const { aws, client, events, askForRotation } = await start('createSecret', 2)
    await askForRotation()
    await aws.idle()
    const off = { SecretId: 'token', VersionStage: 'AWSPENDING', RemoveFromVersionId: NEW_VERSION }
    await client.send(new UpdateSecretVersionStageCommand(off))
    await aws.advance(MINUTE_MS)
    expect(events.map(({ ClientRequestToken }) => ClientRequestToken)).toEqual([NEW_VERSION, NEW_VERSION])
    await client.send(new RotateSecretCommand({ SecretId: 'token' }))
    await aws.idle()
    expect(aws.lastRotationError('token')).toBeUndefined()
    await aws.advance(60 * MINUTE_MS)
    expect(events).toHaveLength(6)
  })

  it('is refused while another one runs', async () => {
    const { aws, client, askForRotation, hold } = await start()
    const letGo = hold()
    await askForRotation()
    const another = client.send(new RotateSecretCommand({ SecretId: 'token' }))
    await expect(another).rejects.toMatchObject({ name: 'InvalidRequestException' })
    letGo()
    await aws.idle()
    expect(await valueOfToken(client)).toBe('new')
  })

  it('that is not to start at once only runs testSecret, on a version that is gone afterwards', async () => {
    const { aws, client, events, askForRotation } = await start()
    await askForRotation(false)
    await aws.idle()
    expect(events.map(({ Step }) => Step)).toEqual(['testSecret'])
    const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId: 'token' }))
    expect(Object.values(VersionIdsToStages ?? {})).toEqual([['AWSCURRENT']])
  })

  it('is refused for a secret without rotation', async () => {
    const { aws, client } = await start()
    aws.createSecret({ name: 'plain', value: 'v' })
    await expect(client.send(new RotateSecretCommand({ SecretId: 'plain' }))).rejects.toMatchObject({
      name: 'InvalidRequestException',
    })
  })
})
