/** Connections to Genesys that do not come about, break or drag on, on a read. */
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { describe, expect, it } from 'vitest'
import type { OrgFault } from '../../../infra/local/org/faults/faults.ts'
import { secretsClient } from '../../../lib/aws/secrets-client.ts'
import { getLicenseUser } from '../../../lib/operations/license/get-license-user.ts'
import { nodeTransport, type Transport, TransportError } from '../../../lib/transport/transport.ts'
import { lambdaContext } from '../../support/events.ts'
import { expectError } from '../../support/refusals.ts'
import { userIn } from '../../support/requests.ts'
import { dripping, startServer, startSilent, startUntrusted } from '../../support/servers.ts'
import { world } from '../../support/world.ts'

const TIMEOUT = { status: 504, code: 'request.timeout' }

async function broken(action: OrgFault['do'], { times = 9, perTryTimeoutMs = 8_000 } = {}) {
  const each = await world()
  const user = userIn(each)
  each.org.addFaults([{ match: { path: user.path }, times, do: action }])
  const ask = each.reader(getLicenseUser, { perTryTimeoutMs })
  return { ...each, ask: () => ask(user.event) }
}

const request = { method: 'GET', path: '/', headers: {}, timeoutMs: 8_000 } as const

describe('a connection that does not come about', () => {
  it('is tried three times with jitter, then a 503 with Retry-After (H21)', async () => {
    const { ask, org, clock, logged } = await broken({ reset: true })
    await org.close()
    const answer = await ask()
    expectError(answer, { status: 503, code: 'upstream.unavailable' })
    expect(answer.headers['retry-after']).toBe('1')
    expect(clock.sleeps).toHaveLength(2)
    expect(logged.join('')).toContain('ECONNREFUSED')
    expect(answer.text).not.toContain('ECONNREFUSED')
  })

  it('was certainly not applied where the port refuses or the name does not exist (H21)', async () => {
    const refused = await nodeTransport({ ...request, origin: 'http://127.0.0.1:1' }).catch((error) => error)
    const unknown = await nodeTransport({ ...request, origin: `http://${'x'.repeat(64)}.invalid` }).catch(
      (e) => e,
    )
    for (const error of [refused, unknown]) {
      expect(error).toBeInstanceOf(TransportError)
      expect(error).toMatchObject({ fault: 'unreachable', mayHaveArrived: false })
    }
  })

  it.each([false, true])(
    'since the host is silent is given up after 2 s, and was certainly not applied (fresh connection: %s)',
    async (freshConnection) => {
      const { origin, connections } = await startSilent()
      const error = await nodeTransport({ ...request, origin, freshConnection }).catch((reason) => reason)
      expect(error).toBeInstanceOf(TransportError)
      expect(error).toMatchObject({
        fault: 'unreachable',
        mayHaveArrived: false,
        message: 'no connection within 2000 ms',
      })
      await expect.poll(connections).toBe(1)
    },
  )

  it('since the host is silent is tried three times, then a 503 with Retry-After', async () => {
    const { reader, scripted, org, clock } = await world()
    const { origin, connections } = await startSilent()
    const ask = reader(getLicenseUser, {
      transport: scripted((sent) => nodeTransport({ ...sent, origin, connectTimeoutMs: 50 })),
    })
    const answer = await ask(userIn({ org }).event)
    expectError(answer, { status: 503, code: 'upstream.unavailable' })
    expect(answer.headers['retry-after']).toBe('1')
    expect(clock.sleeps).toHaveLength(2)
    await expect.poll(connections).toBe(3)
  })

  it('within what is left of the time is unreachable as well, not late', async () => {
    const { origin } = await startSilent()
    const error = await nodeTransport({ ...request, origin, timeoutMs: 50 }).catch((reason) => reason)
    expect(error).toMatchObject({ fault: 'unreachable', mayHaveArrived: false })
  })

  it('to Secrets Manager is tried three times by the SDK, each for as long at most', async () => {
    const { origin, connections } = await startSilent()
    const transport: Transport = (sent) => nodeTransport({ ...sent, connectTimeoutMs: 50 })
    const asked = secretsClient(transport, 'us-east-1', origin).send(
      new GetSecretValueCommand({ SecretId: 's' }),
    )
    await expect(asked).rejects.toThrow('no connection within 50 ms')
    await expect.poll(connections).toBe(3)
  })

  it('because nobody vouches for the certificate is refused before anything is sent (H22)', async () => {
    let received = 0
    const origin = await startUntrusted((_, response) => {
      received++
      response.end('{}')
    })
    for (const freshConnection of [true, false]) {
      const error = await nodeTransport({ ...request, origin, freshConnection }).catch((reason) => reason)
      expect(error).toBeInstanceOf(TransportError)
      expect(error).toMatchObject({
        fault: 'unreachable',
        mayHaveArrived: false,
        cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
      })
    }
    expect(received).toBe(0)
  })
})

describe('an answer that does not come', () => {
  it('is given up after each try, and a 504 after three (H24)', async () => {
    const { ask, org, clock } = await broken({ delayMs: 600_000 }, { perTryTimeoutMs: 200 })
    expectError(await ask(), TIMEOUT)
    expect(org.requests().map(({ status }) => status)).toEqual([null, null, null])
    expect(clock.sleeps).toHaveLength(2)
  })

  it('leaves no connection behind (H24)', async () => {
    let hasClosed = () => {}
    const closed = new Promise<void>((resolve) => {
      hasClosed = resolve
    })
    const origin = await startServer((_, response) => response.on('close', hasClosed))
    await expect(nodeTransport({ ...request, origin, timeoutMs: 200 })).rejects.toMatchObject({
      fault: 'timeout',
      mayHaveArrived: true,
    })
    await closed
  })

  it('whole, though its bytes keep trickling in, is given up as well (H25)', async () => {
    const { reader, variables, org } = await world()
    const url = await startServer(dripping(10))
    const ask = reader(getLicenseUser, { perTryTimeoutMs: 200 }, { ...variables, GENESYS_API_URL: url })
    expectError(await ask(userIn({ org }).event), TIMEOUT)
  })

  it('whole, because it stops in the middle, is given up as well (H25)', async () => {
    const { ask, org } = await broken({ stallAfterBytes: 5 }, { perTryTimeoutMs: 200 })
    expectError(await ask(), TIMEOUT)
    expect(org.requests()).toHaveLength(3)
  })
})

describe('a connection that breaks', () => {
  it.each([
    ['before the answer', { reset: true }],
    ['in the middle of the answer', { truncateAtByte: 7 }],
    ['before its first byte', { truncateAtByte: 0 }],
  ] as const)('%s is tried again (H26)', async (_, action) => {
    const { ask, org } = await broken(action, { times: 2 })
    expect((await ask()).status).toBe(200)
    expect(org.requests()).toHaveLength(3)
  })

  it('every time is a 502 after three tries (H26)', async () => {
    const { ask, org } = await broken({ truncateAtByte: 7 })
    expectError(await ask(), { status: 502, code: 'upstream.bad.response' })
    expect(org.requests()).toHaveLength(3)
  })
})

describe('the deadline', () => {
  it.each([
    ['5 s a try', 5_000, 3],
    ['12 s a try, cut at 8', 12_000, 2],
  ])('of 14 s is kept where Genesys takes %s (H44)', async (_, takesMs, tries) => {
    const { reader, scripted, clock, org } = await world()
    const started = clock.monotonicMs()
    let sent = 0
    const ask = reader(getLicenseUser, {
      transport: scripted(async ({ timeoutMs }) => {
        sent++
        expect(timeoutMs).toBeLessThanOrEqual(8_000)
        clock.advance(Math.min(takesMs, timeoutMs))
        if (takesMs > timeoutMs) throw new TransportError('timeout', 'no whole answer', true)
        return { status: 503, headers: {}, body: Buffer.from('') }
      }),
    })
    const answer = await ask(userIn({ org }).event)
    expect([503, 504]).toContain(answer.status)
    expect(sent).toBe(tries)
    expect(clock.monotonicMs() - started).toBeLessThanOrEqual(14_000)
  })

  it.each([3_600_000, -3_600_000])(
    'does not move where the wall clock is set back by %i ms (K09)',
    async (ms) => {
      const { reader, scripted, clock, org } = await world()
      let sent = 0
      const ask = reader(getLicenseUser, {
        transport: scripted(async () => {
          sent++
          clock.setBack(ms)
          clock.advance(7_000)
          return { status: 503, headers: {}, body: Buffer.from('') }
        }),
      })
      expectError(await ask(userIn({ org }).event), { status: 503, code: 'upstream.unavailable' })
      expect(sent).toBe(2)
    },
  )

  it("is the Lambda's remaining time less a second where that is shorter (H44)", async () => {
    const { reader, scripted, clock, org } = await world()
    const timeouts: number[] = []
    const ask = reader(getLicenseUser, {
      transport: scripted(async ({ timeoutMs }) => {
        timeouts.push(timeoutMs)
        clock.advance(timeoutMs)
        throw new TransportError('timeout', 'no whole answer', true)
      }),
    })
    const answer = await ask(userIn({ org }).event, lambdaContext(4_000))
    expectError(answer, TIMEOUT)
    expect(timeouts).toEqual([3_000])
  })
})
