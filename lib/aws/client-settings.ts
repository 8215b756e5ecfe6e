/**
 * AWS's clients. A transport, a region and on the laptop an address come in, a client of the SDK goes out that speaks over
 * our transport. Start here, with what each is made with, pared down for a cold start: nothing is looked up, no second HTTP
 * stack is loaded.
 */
import type { Deadline } from '../clock.ts'
import { type Transport, TransportError, type TransportRequest } from '../transport/transport.ts'

/** Tries, the first included, where nothing else is said; the SDK backs off between them. */
const MAX_ATTEMPTS = 3

export interface AwsClientOptions {
  readonly transport: Transport
  /** AWS region, e.g. `eu-west-1`. */
  readonly region: string
  /** Only on the laptop: the stand-in's address. */
  readonly endpoint: string | undefined
  /** One try, milliseconds. */
  readonly timeoutMs: number
  /** Tries, the first included. */
  readonly maxAttempts?: number
  /** The service's name, for errors. */
  readonly service: string
}

/** @returns the settings for the constructor of any client of the SDK whose protocol is JSON. */
export function clientSettings(options: AwsClientOptions) {
  const { transport, region, endpoint, timeoutMs, maxAttempts = MAX_ATTEMPTS, service } = options
  return {
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    // Each of these would otherwise be looked up in files and variables at the first call; in a bundle, where
    // infra/build/stand-ins/config.ts looks nothing up, what is not named here has the SDK's default.
    retryMode: 'standard',
    maxAttempts,
    defaultsMode: 'standard',
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    requestHandler: {
      handle: (request: SdkRequest, { remainingMs = () => timeoutMs }: SendOptions = {}) =>
        handleRequest(request, { transport, timeoutMs: Math.min(timeoutMs, remainingMs()), service }),
      updateHttpClientConfig: () => {},
      httpHandlerConfigs: () => ({}),
    },
  } as const
}

interface Signing<Scheme, Signer> {
  readonly config: { signer: (scheme?: Scheme) => Promise<Signer> }
}

/**
 * The SDK makes a signer for each request, from a copy of all settings: 15 µs of it. What it signs for, and when, a signer
 * is told each time, and credentials it asks for anew, so that a client does with one.
 *
 * @returns the client, which is changed.
 */
export function keepSigner<Scheme, Signer, Client extends Signing<Scheme, Signer>>(
  client: Client & Signing<Scheme, Signer>,
): Client {
  const make = client.config.signer
  let signer: Signer | undefined
  client.config.signer = async (scheme) => {
    signer ??= await make(scheme)
    return signer
  }
  return client
}

/** What a call of `send` may say besides its command. */
export interface SendOptions {
  /** Looked at for each try, which takes no longer; milliseconds. */
  readonly remainingMs?: () => number
}

/**
 * The least that one try of a request is given that has used up its time, milliseconds: what is to be put on record by
 * then takes single digits, and three tries of two calls fit into what is kept for the answer.
 */
const MIN_TRY_MS = 75

/** @returns the same client for one request of ours: no call of it takes the answer past its time. */
export function within<Client extends { readonly send: (...given: never[]) => unknown }>(
  client: Client,
  deadline: Deadline,
): Client {
  const remainingMs = () => Math.max(MIN_TRY_MS, deadline.remainingMs())
  return Object.create(client, {
    send: {
      value: (command: unknown, options: object = {}) =>
        Reflect.apply(client.send, client, [command, { ...options, remainingMs } satisfies SendOptions]),
    },
  })
}

interface SdkRequest {
  readonly method: string
  readonly protocol: string
  readonly hostname: string
  readonly port?: number
  readonly path: string
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>
  readonly headers: Record<string, string>
  readonly body?: string | Uint8Array | undefined
}

const methods: readonly string[] = ['GET', 'POST', 'PUT', 'DELETE'] satisfies TransportRequest['method'][]

function isMethod(method: string): method is TransportRequest['method'] {
  return methods.includes(method)
}

async function handleRequest(
  request: SdkRequest,
  { transport, timeoutMs, service }: Pick<AwsClientOptions, 'transport' | 'timeoutMs' | 'service'>,
) {
  if (!isMethod(request.method)) throw new Error(`${service}: no transport for the method ${request.method}`)
  try {
    const { status, headers, body } = await transport({
      method: request.method,
      origin: `${request.protocol}//${request.hostname}${request.port === undefined ? '' : `:${request.port}`}`,
      path: request.path + queryText(request.query),
      headers: request.headers,
      timeoutMs,
      body: request.body,
    })
    refuseWhatIsNoJson(status, body)
    return { response: { statusCode: status, headers: flattenHeaders(headers), body } }
  } catch (error) {
    if (!(error instanceof TransportError)) throw error
    // The SDK retries what bears this name.
    throw Object.assign(new Error(`${service}: ${error.message}`, { cause: error }), { name: 'TimeoutError' })
  }
}

function queryText(query: SdkRequest['query']): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) =>
    [value ?? ''].flat().map((each) => `${encodeURIComponent(name)}=${encodeURIComponent(each)}`),
  )
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

/** The SDK's own error for such an answer quotes it, and what it quotes may be a part of a secret. */
function refuseWhatIsNoJson(status: number, body: Buffer): void {
  if (body.length === 0 && status < 300) return
  try {
    JSON.parse(body.toString('utf8'))
  } catch {
    throw new TransportError('undecodable', `answered ${status} with a body that is not JSON`, true)
  }
}

function flattenHeaders(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
}
