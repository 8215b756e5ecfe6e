import { createServer, type IncomingMessage } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type TransportRequest, transportBy } from '../../lib/transport/transport.ts'
import { fakeClock } from '../support/fake-clock.ts'

interface Received {
  readonly headers: IncomingMessage['headers']
  readonly body: string
  /** Which connection it came by, counted from 1. */
  readonly connection: number
}

/** A server that keeps what it receives, and on demand breaks off whatever comes by the connections that there are. */
async function receiver() {
  const clock = fakeClock()
  const transport = transportBy(clock)
  const broken = new Set<unknown>()
  const received: Received[] = []
  const connections: unknown[] = []
  const server = createServer(async (request, response) => {
    if (broken.has(request.socket)) {
      request.socket.destroy()
      return
    }
    if (!connections.includes(request.socket)) connections.push(request.socket)
    let body = ''
    for await (const chunk of request) body += chunk
    received.push({ headers: request.headers, body, connection: connections.indexOf(request.socket) + 1 })
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  const send = (changes: Partial<TransportRequest>) =>
    transport({ method: 'POST', origin, path: '/', headers: {}, timeoutMs: 8_000, ...changes })
  const breakAll = () => {
    for (const connection of connections) broken.add(connection)
  }
  return { received, send, clock, breakAll, host: new URL(origin).host }
}

describe('a request to Genesys', () => {
  it.each([true, false])(
    'without a body is empty, not chunked (fresh connection: %s)',
    async (freshConnection) => {
      const { received, send } = await receiver()
      await send({ freshConnection })
      expect(received[0]?.headers).toMatchObject({ 'content-length': '0' })
      expect(received[0]?.headers).not.toHaveProperty('transfer-encoding')
    },
  )

  it('has the host of its origin and the length of its body in bytes', async () => {
    const { received, send, host } = await receiver()
    await send({ body: '"Zoë"', headers: { authorization: 'Bearer t' } })
    expect(received[0]).toMatchObject({
      headers: { host, 'content-length': '6', authorization: 'Bearer t' },
      body: '"Zoë"',
    })
  })

  it('that reads announces no body', async () => {
    const { received, send } = await receiver()
    await send({ method: 'GET' })
    expect(received[0]?.headers).not.toHaveProperty('content-length')
    expect(received[0]?.headers).not.toHaveProperty('transfer-encoding')
  })

  it('uses the connection of the one before, unless it asks for a fresh one', async () => {
    const { received, send } = await receiver()
    await send({})
    await send({})
    await send({ freshConnection: true })
    await send({})
    expect(received.map(({ connection }) => connection)).toEqual([1, 1, 2, 1])
  })

  it('uses no connection that was idle for so long that its server may have closed it unheard (K17)', async () => {
    const { received, send, clock } = await receiver()
    await send({})
    clock.advance(29_000)
    await send({})
    clock.advance(31_000)
    await send({})
    expect(received.map(({ connection }) => connection)).toEqual([1, 1, 2])
  })

  it('fails once at most for connections that broke unheard, however many there are (K17)', async () => {
    const { received, send, breakAll } = await receiver()
    await Promise.all([send({}), send({}), send({}), send({})])
    breakAll()
    await expect(send({})).rejects.toMatchObject({ fault: 'reset', mayHaveArrived: true })
    await send({})
    expect(received.at(-1)?.connection).toBe(5)
  })

  it.each(['a\r\nx-injected: 1', 'a\nb', 'a\u0000'])('with the header value %j is refused', async (value) => {
    const { received, send } = await receiver()
    await expect(send({ headers: { authorization: value } })).rejects.toThrow()
    expect(received).toEqual([])
  })
})
