/**
 * The one way by which anything of the laptop listens. Its servers ask nobody for a password, so they answer programs of
 * this machine and their own pages, and no other site that a browser on this machine happens to show.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'

/** Idle connections are kept this long, so that a client's pause does not look like a fault. */
const KEEP_ALIVE_MS = 60_000

/** What this machine calls itself. Another name that leads here is another site's (DNS rebinding). */
const OWN_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::(\d{1,5}))?$/i

/** Where no port is named. */
const HTTP_PORT = 80

export interface LoopbackOptions {
  /** Port on 127.0.0.1; 0, the default, picks a free one. */
  readonly port?: number
  /** Paths to which a link from anywhere may lead: documents in which there is nothing yet. */
  readonly entrances?: readonly string[]
  /** A server that somebody else made and that does not listen yet; what it did with requests is the listener's to do. */
  readonly server?: Server
}

/** A server that listens. `url` has no trailing slash. */
export interface Loopback {
  readonly url: string
  /** Destroys open connections and stops; again, it does nothing. */
  readonly close: () => Promise<void>
}

/** Has the listener answer whatever comes from this machine. Rejects where the port is taken. */
export async function serveLoopback(
  listener: RequestListener,
  { port = 0, entrances = [], server = createServer() }: LoopbackOptions = {},
): Promise<Loopback> {
  server.removeAllListeners('request')
  server.on('request', (message: IncomingMessage, response) => {
    const refusal = refusalOf(message, entrances)
    if (refusal === undefined) {
      // It can only be this server's own, and a listener that allows origins (dynalite: all of them) is not to.
      delete message.headers.origin
      listener(message, response)
      return
    }
    message.resume()
    response.writeHead(403, { 'content-type': 'application/json', connection: 'close' })
    response.end(JSON.stringify({ status: 403, code: 'not.from.here', message: refusal }))
  })
  const url = await listen(server, port)
  return {
    url,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error && !isStopped(error) ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}

/**
 * Why a request is not for this server: it was sent to another name or port, or by another site's page. Browsers say
 * so of each POST by Origin, and of whatever they send to this machine by Sec-Fetch-Site (Fetch Metadata, W3C).
 *
 * @returns undefined where it is.
 */
function refusalOf(message: IncomingMessage, entrances: readonly string[]): string | undefined {
  const { host = '', origin, 'sec-fetch-site': site = 'none', 'sec-fetch-dest': dest } = message.headers
  const { localPort } = message.socket
  const asked = [host, ...authorityIn(message.url ?? '')]
  if (!asked.every((authority) => isOwn(authority, localPort))) {
    return `This server answers http://127.0.0.1:${localPort} and http://localhost:${localPort}, and no other name or port`
  }
  const isOfOwnPage = origin === undefined || origin.toLowerCase() === `http://${host.toLowerCase()}`
  const isLink =
    message.method === 'GET' && dest === 'document' && entrances.includes(pathOf(message.url ?? ''))
  if (isOfOwnPage && (site === 'none' || site === 'same-origin' || isLink)) return undefined
  return 'This server answers its own pages and programs on this machine, and no page of another origin'
}

function isStopped(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_SERVER_NOT_RUNNING'
}

function isOwn(authority: string, localPort: number | undefined): boolean {
  const found = OWN_HOST.exec(authority)
  return found !== null && Number(found[1] ?? HTTP_PORT) === localPort
}

/** Of a request target in its absolute form, which goes before the Host header (RFC 9112, 3.2.2). */
function authorityIn(target: string): string[] {
  const [, authority] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(target) ?? []
  return authority === undefined ? [] : [authority]
}

function pathOf(target: string): string {
  return target.split(/[?#]/, 1)[0] ?? ''
}

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
