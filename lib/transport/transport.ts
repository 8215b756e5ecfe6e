/**
 * HTTP, outwards. A request comes in, bytes and headers go out, or a TransportError that says whether it may
 * have arrived. Start here: one exchange over node:https (ADR 0004), for Genesys and AWS alike. It knows
 * bytes, sockets and limits; what an answer means is for others. Redirects are not followed, certificates
 * are always checked, bodies are capped.
 */
import http from 'node:http'
import https from 'node:https'
import { type Clock, systemClock } from '../clock.ts'
import { USER_AGENT } from './user-agent.ts'

/** Largest answer read, in bytes after decoding. The largest real one, a page of 100 full users, is under 1 MB. */
const MAX_BODY_BYTES = 8 * 1024 * 1024

/** Connecting, from looking the name up to the end of the TLS handshake; it takes a tenth of this across the world. */
const CONNECT_TIMEOUT_MS = 2_000

/**
 * A connection that was idle for longer is not used again, milliseconds. While a container is frozen it does not hear
 * that its servers close what is idle, which load balancers of AWS do after a minute (Elastic Load Balancing, "Connection
 * idle timeout"), and so do others; half of that.
 */
const MAX_IDLE_MS = 30_000

/** Largest header block accepted from upstream, in bytes: Node's own default, stated. */
const MAX_HEADER_BYTES = 16 * 1024

export interface TransportRequest {
  /** Genesys knows the first two; the others are for AWS. */
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Origin without trailing slash, e.g. `https://api.mypurecloud.com`. */
  readonly origin: string
  /** Path and query, already encoded. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | undefined
  /** From the first step of connecting to the last byte of the answer. */
  readonly timeoutMs: number
  /** Of that, for connecting: 2 s where it is not said. A host that is silent then was sent nothing. */
  readonly connectTimeoutMs?: number
  /** Largest answer that is taken, in bytes; MAX_BODY_BYTES where it is not said. */
  readonly maxBodyBytes?: number | undefined
  /** A connection of its own, closed afterwards: a write must not meet a stale keep-alive socket. */
  readonly freshConnection?: boolean | undefined
}

export interface TransportResponse {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: Buffer
}

/**
 * How an exchange failed.
 * `unreachable`: the request was never sent (DNS, refused, TLS, no connection in time). `timeout`, `reset`: no whole answer came.
 * `too.large`, `undecodable`: an answer came and is unusable.
 */
export type TransportFault = 'unreachable' | 'timeout' | 'reset' | 'too.large' | 'undecodable'

/** No usable answer. `mayHaveArrived` tells whether upstream may have acted on the request. */
export class TransportError extends Error {
  override readonly name = 'TransportError'
  readonly fault: TransportFault
  readonly mayHaveArrived: boolean
  constructor(fault: TransportFault, message: string, mayHaveArrived: boolean, cause?: unknown) {
    super(message, { cause })
    this.fault = fault
    this.mayHaveArrived = mayHaveArrived
  }
}

/** Whether what failed with this error may have been done all the same, as far as the transport knows. */
export function mayHaveArrived(error: unknown): boolean {
  if (error instanceof TransportError) return error.mayHaveArrived
  return error instanceof Error && error.cause !== undefined && mayHaveArrived(error.cause)
}

/** Sends one request. @throws TransportError */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>

/** Connections that are kept, and dropped where they may be gone. */
class KeptConnections {
  readonly #secure = new https.Agent({ keepAlive: true })
  readonly #plain = new http.Agent({ keepAlive: true })
  readonly #clock: Pick<Clock, 'monotonicMs'>
  /** When each became idle. */
  readonly #idleAtMs = new WeakMap<object, number>()

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock
    for (const agent of [this.#secure, this.#plain]) {
      agent.on('free', (socket) => this.#idleAtMs.set(socket, clock.monotonicMs()))
    }
  }

  agentFor(isSecure: boolean): http.Agent {
    const agent = isSecure ? this.#secure : this.#plain
    this.#drop(agent, MAX_IDLE_MS)
    return agent
  }

  /** One was found broken: the others were left alone just as long, and a retry must not meet the next of them. */
  dropIdle(): void {
    for (const agent of [this.#secure, this.#plain]) this.#drop(agent, 0)
  }

  #drop(agent: http.Agent, idleMs: number): void {
    const nowMs = this.#clock.monotonicMs()
    for (const origin in agent.freeSockets) {
      for (const socket of agent.freeSockets[origin] ?? []) {
        if (nowMs - (this.#idleAtMs.get(socket) ?? nowMs) >= idleMs) socket.destroy()
      }
    }
  }
}

/** The parts of the few origins there are: parsing a URL anew for every request was 3 % of a warm read's CPU. */
const targets = new Map<string, URL>()

function targetOf(origin: string): URL {
  const known = targets.get(origin)
  if (known) return known
  const target = new URL(origin)
  targets.set(origin, target)
  return target
}

/**
 * Names and values in turn, which Node writes out as they are; from an object it would copy, check and look them up
 * first, and add the Host header that is added here. AWS's SDK names itself, and signs its headers.
 */
function rawHeaders({ method, headers, body }: TransportRequest, { host }: URL): string[] {
  const raw = 'host' in headers ? [] : ['host', host]
  for (const name in headers) raw.push(name, headers[name] ?? '')
  if (!('user-agent' in headers)) raw.push('user-agent', USER_AGENT)
  // Without a length Node would send a POST's missing body in chunks.
  if (!('content-length' in headers) && (body !== undefined || method === 'POST' || method === 'PUT'))
    raw.push('content-length', String(Buffer.byteLength(body ?? '')))
  return raw
}

/** The transport of production: keep-alive connections per process, shared by all of a container's calls. */
export const nodeTransport: Transport = transportBy(systemClock)

/** @param clock by which connections are idle. */
export function transportBy(clock: Pick<Clock, 'monotonicMs'>): Transport {
  const kept = new KeptConnections(clock)
  return (request) => exchangeBytes(request, kept)
}

function exchangeBytes(request: TransportRequest, kept: KeptConnections): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    const isSecure = request.origin.startsWith('https:')
    const target = targetOf(request.origin)
    const agent = request.freshConnection ? false : kept.agentFor(isSecure)
    let isConnected = false

    const outgoing = (isSecure ? https : http).request({
      host: target.hostname,
      port: target.port || (isSecure ? 443 : 80),
      method: request.method,
      path: request.path,
      headers: rawHeaders(request, target),
      agent,
      maxHeaderSize: MAX_HEADER_BYTES,
    })

    let connecting: NodeJS.Timeout | undefined
    const fail = (fault: TransportFault, message: string, cause?: unknown) => {
      clearTimeout(timer)
      clearTimeout(connecting)
      outgoing.destroy()
      reject(new TransportError(fault, message, isConnected, cause))
    }
    // Its socket keeps the process while there is something to wait for. Of what would keep it too, Node unmakes the list
    // of timers after each request and makes it anew: 4 % of a warm read's CPU.
    const timer = setTimeout(() => {
      if (isConnected) fail('timeout', `no whole answer within ${request.timeoutMs} ms`)
      else fail('unreachable', `no connection within ${request.timeoutMs} ms`)
    }, request.timeoutMs).unref()

    outgoing.on('socket', (socket) => {
      if (!socket.connecting) {
        isConnected = true
        return
      }
      const { connectTimeoutMs = CONNECT_TIMEOUT_MS } = request
      connecting = setTimeout(() => {
        fail('unreachable', `no connection within ${connectTimeoutMs} ms`)
      }, connectTimeoutMs)
      socket.once(isSecure ? 'secureConnect' : 'connect', () => {
        isConnected = true
        clearTimeout(connecting)
      })
    })
    outgoing.on('error', (cause) => {
      if (outgoing.reusedSocket) kept.dropIdle()
      fail(isConnected ? 'reset' : 'unreachable', cause.message, cause)
    })
    outgoing.on('response', (response) => {
      const { maxBodyBytes = MAX_BODY_BYTES } = request
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > maxBodyBytes) fail('too.large', `answer over ${maxBodyBytes} bytes`)
        else chunks.push(chunk)
      })
      response.on('error', (cause) => fail('reset', cause.message, cause))
      response.on('end', () => {
        clearTimeout(timer)
        const [only = Buffer.alloc(0)] = chunks
        const whole = chunks.length > 1 ? Buffer.concat(chunks) : only
        const { statusCode: status = 0, headers } = response
        const encoding = headers['content-encoding']
        if (isPlain(encoding)) return resolve({ status, headers, body: whole })
        decodeBody(whole, encoding, maxBodyBytes).then(
          (body) => resolve({ status, headers, body }),
          (cause) => fail('undecodable', 'the content encoding is unknown or corrupt', cause),
        )
      })
    })
    outgoing.end(request.body)
  })
}

function isPlain(encoding: string | undefined): encoding is 'identity' | undefined {
  return encoding === undefined || encoding === 'identity'
}

/**
 * Decodes an answer's content encoding. The gateway asks for none, so this serves a proxy that compresses
 * anyway; node:zlib is loaded only then.
 *
 * @param maxBytes cap on the decoded size, so that a small answer cannot fill the memory.
 * @throws Error for a corrupt body, an unknown encoding, or a decoded size over the cap.
 */
async function decodeBody(body: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  const { brotliDecompressSync, gunzipSync, inflateSync } = await import('node:zlib')
  const decoders = { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync }
  const decode = Object.hasOwn(decoders, encoding) ? decoders[encoding as keyof typeof decoders] : undefined
  if (!decode) throw new Error('unknown content encoding')
  return decode(body, { maxOutputLength: maxBytes })
}
