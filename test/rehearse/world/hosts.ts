/**
 * The hosts of AWS, Genesys, Slack, Teams and an identity provider, on loopback: one TLS server under an authority of
 * the run's own, which hands each request to what stands behind the name, and can end its idle connections as servers do.
 */
import { type IncomingMessage, request, type ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { Socket } from 'node:net'
import { listen } from '../../../infra/local/loopback.ts'
import { readBody } from '../../../infra/local/request.ts'
import { selfSigned } from '../../support/identity/self-signed.ts'

export interface Hosts {
  readonly names: readonly string[]
  readonly port: number
  /** PEM of who vouches for them all. */
  readonly authority: string
  /** Requests by host, in order. */
  readonly asked: readonly string[]
  /** Ends each connection on which nothing is asked, as servers do after a while. */
  readonly closeIdle: () => Promise<void>
  /**
   * Forgets the connections that there are: whoever asks anything on one finds it broken. So it is where the end of a
   * connection was told while a container was frozen, and never heard.
   */
  readonly forget: () => void
  /** From now on no host of this pattern answers anything, until it is called off. */
  readonly silence: (host: RegExp) => () => void
  readonly close: () => Promise<void>
}

/** Of the stand-ins; the largest there is. Bytes. */
const MAX_BODY_BYTES = 16 * 1024 * 1024

/** @param behind the origins on loopback, by host. */
export async function startHosts(behind: Readonly<Record<string, string>>): Promise<Hosts> {
  const names = Object.keys(behind)
  const { key, cert } = selfSigned(...names)
  const asked: string[] = []
  const open = new Set<Socket>()
  const forgotten = new WeakSet<Socket>()
  const silent = new Set<RegExp>()

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = message.headers.host ?? ''
    asked.push(`${message.method} ${host}`)
    const origin = behind[host]
    if (forgotten.has(message.socket) || origin === undefined) {
      message.socket.destroy()
      return
    }
    const body = await readBody(message, MAX_BODY_BYTES)
    if (!Buffer.isBuffer(body) || [...silent].some((pattern) => pattern.test(host))) return
    handOn(message, body, origin, response)
  }

  const server = createServer({ key, cert }, (message, response) => void answer(message, response))
  server.on('secureConnection', (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    // Those who are ended in the middle of something end it by a reset.
    socket.on('error', () => {})
  })
  const url = await listen(server, 0)
  return {
    names,
    port: Number(new URL(url).port),
    authority: cert,
    asked,
    async closeIdle() {
      server.closeIdleConnections()
      await new Promise(setImmediate)
    },
    forget() {
      for (const socket of open) forgotten.add(socket)
    },
    silence(host) {
      silent.add(host)
      return () => silent.delete(host)
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The stand-ins are called by their own names; how each host is meant is theirs to know by its path. */
function handOn(message: IncomingMessage, body: Buffer, origin: string, response: ServerResponse): void {
  const { hostname, port, host } = new URL(origin)
  const { connection: _, 'transfer-encoding': __, ...headers } = message.headers
  const outgoing = request({
    host: hostname,
    port,
    method: message.method,
    path: message.url,
    headers: { ...headers, host, 'content-length': body.length },
  })
  outgoing.on('response', (answered) => {
    const { connection: ___, 'keep-alive': ____, ...given } = answered.headers
    response.writeHead(answered.statusCode ?? 502, given)
    answered.pipe(response)
    answered.on('error', () => response.destroy())
  })
  // What a stand-in breaks off is broken off here too.
  outgoing.on('error', () => response.destroy())
  response.on('close', () => outgoing.destroy())
  outgoing.end(body)
}
