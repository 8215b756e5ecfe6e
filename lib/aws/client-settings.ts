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
    // Middlewares are put together once for each kind of command, not at each call.
    cacheMiddleware: true,
    requestHandler: {
      handle: (request: SdkRequest) => {
        const remainingMs = remainingMsOf.get(request)?.() ?? timeoutMs
        return handleRequest(request, { transport, timeoutMs: Math.min(timeoutMs, remainingMs), service })
      },
      updateHttpClientConfig: () => {},
      httpHandlerConfigs: () => ({}),
    },
  } as const
}

interface Sent {
  readonly input: object
  readonly request: unknown
}

interface Lightened<Scheme, Signer> {
  readonly config: { signer: (scheme?: Scheme) => Promise<Signer> }
  readonly middlewareStack: {
    readonly remove: (name: string) => boolean
    readonly add: (
      middleware: <Output>(next: (args: Sent) => Promise<Output>) => (args: Sent) => Promise<Output>,
      options: { readonly step: 'deserialize'; readonly name: string },
    ) => void
  }
}

/**
 * Leaves out of a client what it does anew at each call and nobody has anything of: what a log would say, a User-Agent
 * (the transport has one, always the same), a signer from a copy of all settings. What a signer signs for, and when, it is
 * told each time, and credentials it asks for anew, so that a client does with one. Of 115 µs that a call of DynamoDB takes
 * beside its transport the signer is 15, the User-Agent 12, the log 3; that middlewares are kept, 20.
 *
 * @returns the client, which is changed.
 */
export function lightenClient<Scheme, Signer, Client extends Lightened<Scheme, Signer>>(
  client: Client & Lightened<Scheme, Signer>,
): Client {
  const { config, middlewareStack } = client
  for (const name of ['loggerMiddleware', 'getUserAgentMiddleware']) {
    if (!middlewareStack.remove(name)) throw new Error(`The AWS SDK's clients have no ${name} any more`)
  }
  middlewareStack.add(handDeadlineOn, { step: 'deserialize', name: 'deadlineMiddleware' })
  const make = config.signer
  let signer: Signer | undefined
  config.signer = async (scheme) => {
    signer ??= await make(scheme)
    return signer
  }
  return client
}

/**
 * How long a command's input, and then each request that is made of it, may take; milliseconds. As an option of `send` it
 * would make the SDK put its middlewares together for this call alone.
 */
const remainingMsOf = new WeakMap<object, () => number>()

function handDeadlineOn<Output>(next: (args: Sent) => Promise<Output>) {
  return (args: Sent): Promise<Output> => {
    const remainingMs = remainingMsOf.get(args.input)
    if (remainingMs && typeof args.request === 'object' && args.request !== null)
      remainingMsOf.set(args.request, remainingMs)
    return next(args)
  }
}

/**
 * The least that one try of a request is given that has used up its time, milliseconds: what is to be put on record by
 * then takes single digits, and three tries of two calls fit into what is kept for the answer.
 */
const MIN_TRY_MS = 75

/** @returns the same lightened client for one request of ours: no call of it takes the answer past its time. */
export function within<Client extends { readonly send: (...given: never[]) => unknown }>(
  client: Client,
  deadline: Deadline,
): Client {
  const remainingMs = () => Math.max(MIN_TRY_MS, deadline.remainingMs())
  return Object.create(client, {
    send: {
      value: (command: { readonly input: object }) => {
        remainingMsOf.set(command.input, remainingMs)
        return Reflect.apply(client.send, client, [command])
      },
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
