/** What `npm run credentials` makes of a rotation that is slow to show, in the way, or fails. */
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { describe, expect, it } from 'vitest'
import { provision } from '../../../infra/credentials/provision.ts'
import type { Rotate } from '../../../infra/local/aws/secrets/rotation.ts'
import { secretsClient } from '../../../lib/aws/secrets-client.ts'
import { nodeTransport, type Transport, type TransportResponse } from '../../../lib/transport/transport.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { type World, type WorldOptions, world } from '../../support/world.ts'

const DONE = [
  expect.stringMatching(/^read client: credentials put into /),
  expect.stringMatching(/^read client: token rotated into /),
  expect.stringMatching(/^read client: Genesys answered with \d+ license definitions$/),
]

async function operator(options: WorldOptions = { isProvisioned: false }) {
  const each = await world(options)
  const told: string[] = []
  const { clientId, clientSecret } = each.org.clients.reader
  const put = (client = each.client, secret = clientSecret) =>
    provision(
      'read',
      { clientId, clientSecret: secret },
      {
        client,
        names: each.arns,
        transport: nodeTransport,
        clock: each.clock,
        apiOrigin: each.org.url,
        tell: (sentence) => told.push(sentence),
      },
    )
  const startedMs = each.clock.monotonicMs()
  return { ...each, told, put, tookMs: () => each.clock.monotonicMs() - startedMs }
}

/** A client whose next so many requests of one kind are answered as the first one is now. */
async function lagging(
  { aws }: World,
  times: number,
  action: string,
  ask: (client: SecretsManagerClient) => Promise<unknown>,
): Promise<SecretsManagerClient> {
  let left = times
  let first: TransportResponse | undefined
  const transport: Transport = async (request) => {
    const isMeant = request.headers['x-amz-target'] === `secretsmanager.${action}`
    if (!isMeant || (first && left === 0)) return await nodeTransport(request)
    if (first) left -= 1
    first ??= await nodeTransport(request)
    // The SDK keeps and changes the bytes it is given.
    return { ...first, body: Buffer.from(first.body) }
  }
  const client = secretsClient(transport, 'us-east-1', aws.url)
  await ask(client).catch(() => {})
  return client
}

const describing = (each: World, times: number) =>
  lagging(each, times, 'DescribeSecret', (client) =>
    client.send(new DescribeSecretCommand({ SecretId: each.arns.readToken })),
  )

describe('a rotation that the operator asks for', () => {
  it.each([1, 5])(
    'is not taken for failed because descriptions of the secret lag behind it, %i in a row',
    async (times) => {
      const each = await operator()
      await each.put(await describing(each, times))
      expect(each.told).toEqual(DONE)
      expect(each.awsActions().filter((action) => action === 'RotateSecret')).toHaveLength(1)
    },
  )

  it('is tried with the token that it made, though that can only be read a while later', async () => {
    const each = await operator()
    const client = await lagging(each, 3, 'GetSecretValue', (asking) =>
      asking.send(
        new GetSecretValueCommand({ SecretId: each.arns.readToken, VersionId: 'not-there-yet'.padEnd(36) }),
      ),
    )
    await each.put(client)
    expect(each.told).toEqual(DONE)
  })

  it('and that fails is told as failed, some seconds later', async () => {
    const each = await operator()
    await expect(each.put(each.client, 'canary')).rejects.toThrow(
      /^The rotation of \S+ failed; the rotation function's log says why/,
    )
    expect(each.told).toHaveLength(1)
    expect(each.tookMs()).toBeLessThan(10_000)
  })

  it('and that Genesys cannot serve for the moment is waited for, then told as still being tried', async () => {
    const each = await operator()
    each.org.addFaults([{ match: { path: '/oauth/token' }, times: 99, do: { status: 503 } }])
    await expect(each.put()).rejects.toThrow(
      /did not end within 90 s; Secrets Manager goes on trying it by itself/,
    )
  })

  it('takes the place of one that waits to be tried again', async () => {
    const each = await operator({})
    each.org.addFaults([{ match: { path: '/oauth/token' }, times: 3, do: { status: 503 } }])
    await each.rotateNow()
    await each.put()
    expect(each.told).toEqual([
      DONE[0],
      expect.stringMatching(
        /^read client: an unfinished rotation of \S+ was given up, and another one begun$/,
      ),
      ...DONE.slice(1),
    ])
  })

  it('follows one under way, which may have begun with other credentials', async () => {
    let isHeld = false
    let letGo = () => {}
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const rotate = (real: Rotate): Rotate => {
      return async (event) => {
        if (isHeld) await held
        return await real(event)
      }
    }
    const clock = fakeClock({
      whileAsleep: async () => {
        letGo()
        await each.aws.idle()
      },
    })
    const each = await operator({ rotate, clock })
    isHeld = true
    const before = each.rotateNow()
    await each.put()
    await before
    expect(each.told).toEqual(DONE)
    expect(each.org.requests().filter(({ path }) => path === '/oauth/token')).toHaveLength(2)
  })
})
