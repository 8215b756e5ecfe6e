/** Servers that do what the embedded org does not: drip, stream without end, hold a bad certificate. */
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createTcpServer, type Server as NetServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { selfSigned } from './identity/self-signed.ts'

/** @returns the origin of a server that ends with the test. */
export async function startServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  return `http://127.0.0.1:${await listening(server, () => server.closeAllConnections())}`
}

/** @returns the origin of a TLS server whose certificate nobody vouches for. */
export async function startUntrusted(listener: RequestListener): Promise<string> {
  const server = createTlsServer(selfSigned('localhost'), listener)
  return `https://localhost:${await listening(server, () => server.closeAllConnections())}`
}

/** A TLS server, and the certificate that it can be trusted by. */
export interface TrustedServer {
  readonly origin: string
  readonly certificate: string
  /** Ends it before the test does; what connects is refused. */
  readonly close: () => Promise<void>
}

/** @returns a TLS server that ends with the test. */
export async function startTrusted(listener: RequestListener): Promise<TrustedServer> {
  const pair = selfSigned('localhost')
  const server = createTlsServer(pair, listener)
  const port = await listening(server, () => server.closeAllConnections())
  return {
    origin: `https://localhost:${port}`,
    certificate: pair.cert,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** @returns the origin of a host that takes connections and never says a word, so that no TLS handshake ends. */
export async function startSilent(): Promise<{
  readonly origin: string
  readonly connections: () => number
}> {
  const sockets: Socket[] = []
  const server = createTcpServer((socket) => {
    // Those who give up may do so with a reset.
    socket.on('error', () => {})
    sockets.push(socket)
  })
  const port = await listening(server, () => {
    for (const socket of sockets) socket.destroy()
  })
  return { origin: `https://127.0.0.1:${port}`, connections: () => sockets.length }
}

async function listening(server: Server | NetServer, cutOff: () => void): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        cutOff()
      }),
  )
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port')
  return address.port
}

/** Serves so many bytes as fast as they are read, until the reader goes away. */
export function streaming(bytes: number) {
  const chunk = Buffer.alloc(64 * 1024, 0x20)
  let sent = 0
  let hasClosed = () => {}
  const closed = new Promise<void>((resolve) => {
    hasClosed = resolve
  })
  const serve: RequestListener = (_, response) => {
    const more = () => {
      while (sent < bytes && !response.destroyed) {
        sent += chunk.length
        if (!response.write(chunk)) return
      }
      response.end()
    }
    response.on('drain', more)
    response.on('close', hasClosed)
    more()
  }
  return { serve, closed, sentBytes: () => sent }
}

/** Serves one byte of a body every so often, for ever. */
export function dripping(everyMs: number): RequestListener {
  return (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const drip = setInterval(() => response.write(' '), everyMs)
    response.on('close', () => clearInterval(drip))
  }
}
