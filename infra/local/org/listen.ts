import type { Server } from 'node:http'

/** Idle connections are kept this long, so that a client's pause does not look like a fault. */
const KEEP_ALIVE_MS = 60_000

/** Listens on 127.0.0.1 and answers the base URL. Port 0 picks a free one; rejects where the port is taken. */
export function listen(server: Server, port: number): Promise<string> {
  server.keepAliveTimeout = KEEP_ALIVE_MS
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new Error('The server has no port.'))
      else resolve(`http://127.0.0.1:${address.port}`)
    })
  })
}
