/** The Secrets Manager client, pared down for a cold start: nothing is looked up, no second HTTP stack is loaded. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { type Transport, TransportError } from '../genesys/transport.ts'

/** One try of Secrets Manager, milliseconds; it answers in tens. */
const TIMEOUT_MS = 3_000

/** Tries, the first included; the SDK backs off between them. */
const MAX_ATTEMPTS = 3

/**
 * @param region AWS region, e.g. `eu-west-1`.
 * @param endpoint only on the laptop: the stand-in's address.
 */
export function secretsClient(transport: Transport, region: string, endpoint?: string): SecretsManagerClient {
  return new SecretsManagerClient({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    // Each of these would otherwise be looked up in files and variables at the first call; in a bundle, where
    // lambda-sdk/config.ts looks nothing up, what is not named here has the SDK's default.
    retryMode: 'standard',
    maxAttempts: MAX_ATTEMPTS,
    defaultsMode: 'standard',
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    requestHandler: {
      handle: (request: SdkRequest) => handle(transport, request),
      updateHttpClientConfig: () => {},
      httpHandlerConfigs: () => ({}),
    },
  })
}

interface SdkRequest {
  readonly method: string
  readonly protocol: string
  readonly hostname: string
  readonly port?: number
  readonly path: string
  readonly headers: Record<string, string>
  readonly body?: string | Uint8Array
}

async function handle(transport: Transport, request: SdkRequest) {
  try {
    const { status, headers, body } = await transport({
      method: 'POST',
      origin: `${request.protocol}//${request.hostname}${request.port === undefined ? '' : `:${request.port}`}`,
      path: request.path,
      headers: request.headers,
      timeoutMs: TIMEOUT_MS,
      ...(request.body === undefined ? {} : { body: request.body }),
    })
    refuseWhatIsNoJson(status, body)
    return { response: { statusCode: status, headers: flat(headers), body } }
  } catch (error) {
    if (!(error instanceof TransportError)) throw error
    // The SDK retries what bears this name.
    throw Object.assign(new Error(`Secrets Manager: ${error.message}`, { cause: error }), {
      name: 'TimeoutError',
    })
  }
}

/** The SDK's own error for such an answer quotes it, and what it quotes may be a part of a secret. */
function refuseWhatIsNoJson(status: number, body: Buffer): void {
  try {
    JSON.parse(body.toString('utf8'))
  } catch {
    throw new TransportError('undecodable', `answered ${status} with a body that is not JSON`, true)
  }
}

function flat(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
}
