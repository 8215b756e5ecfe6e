import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listen } from '../org/listen.ts'
import { readBody } from '../org/request.ts'
import { AwsError } from './aws-error.ts'
import { createFailures, type Failure } from './failures.ts'
import { createRotation, type Rotate } from './rotation.ts'
import { newSecret, putValue, type SecretValue } from './secret.ts'
import { createSecretStore } from './secret-store.ts'
import { type Action, createSecretsManager } from './secrets-manager.ts'

/** How the stand-in is to be. */
export interface AwsOptions {
  /** Port on 127.0.0.1; 0, the default, picks a free one. */
  readonly port?: number
  /** The rotation function; without one every rotation fails. */
  readonly rotate?: Rotate
  /** Where secrets survive a restart; without it, they do not. */
  readonly stateFile?: string
  /** The clock, in epoch milliseconds. */
  readonly now?: () => number
}

/** A call that was made, without what it carried; `secretId` as it was sent, null where the action has none. */
interface AwsRequest {
  readonly action: string
  readonly secretId: string | null
  readonly at: string
}

/** A secret to be there; `rotation` says whether RotateSecret works on it, `value` is its first AWSCURRENT. */
interface NewSecret {
  readonly name: string
  readonly rotation?: boolean
  readonly value?: string | Uint8Array
}

/** A running stand-in for AWS. `url` is the endpoint for the SDK's clients. */
export interface LocalAws {
  readonly url: string
  /** Makes a secret, or sets `rotation` on the one of that name and leaves its value alone. Answers its ARN. */
  readonly createSecret: (secret: NewSecret) => { readonly arn: string }
  /** Puts any text or bytes, however broken, as the new AWSCURRENT of the secret of that name or ARN. */
  readonly putSecret: (secretId: string, value: string | Uint8Array) => void
  /** Every call in order of arrival, failed ones too; also GET /__aws/requests. */
  readonly requests: () => AwsRequest[]
  /** Makes the next calls of an action fail. */
  readonly fail: (action: string, failure: Failure) => void
  /** What made the last rotation of that secret fail; undefined after one that succeeded. */
  readonly lastRotationError: (secretId: string) => unknown
  /** Resolves when no rotation runs. */
  readonly idle: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Largest request body, in bytes: a secret's value has at most 65,536. */
const MAX_BODY_BYTES = 1_000_000

/**
 * Starts a stand-in for the AWS services that the bundle uses, on 127.0.0.1. It speaks AWS JSON 1.1 as the SDK's
 * clients send it; signatures are not checked. Rejects where the port is taken or the state file is damaged.
 */
export async function startAws(options: AwsOptions = {}): Promise<LocalAws> {
  const { port = 0, now = Date.now, rotate = noRotation, stateFile } = options
  const store = createSecretStore(stateFile)
  const rotation = createRotation(store, rotate, now)
  const failures = createFailures()
  const log: AwsRequest[] = []

  /** Services by what stands before the dot in X-Amz-Target; EventBridge's is AWSEvents. */
  const services: Readonly<Record<string, Readonly<Record<string, Action>>>> = {
    secretsmanager: createSecretsManager(store, rotation, now),
  }

  function perform(target: string, body: Buffer | null): unknown {
    const [service = '', name = ''] = target.split('.')
    const actions = services[service]
    const act = actions && Object.hasOwn(actions, name) ? actions[name] : undefined
    const input = parseInput(body)
    const secretId = secretIdOf(input)
    log.push({ action: name, secretId, at: new Date(now()).toISOString() })
    if (!act) throw new AwsError('UnknownOperationException', `There is no stand-in for ${target}.`)
    failures.throwPlanned(name, secretId)
    const output = act(input)
    store.save()
    return output
  }

  async function receive(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(message, MAX_BODY_BYTES)
    if (body === 'aborted') return
    if (message.method === 'GET' && message.url === '/__aws/requests') return sendJson(response, 200, log)
    try {
      sendJson(response, 200, perform(String(message.headers['x-amz-target'] ?? ''), body))
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      const { type, status } = error
      sendJson(response, status, { __type: type, message: error.message }, { 'x-amzn-errortype': type })
    }
  }

  const server = createServer((message, response) => void receive(message, response))
  const url = await listen(server, port)

  return {
    url,
    createSecret({ name, rotation: isRotationEnabled = false, value }) {
      let secret = store.find(name)
      if (!secret) {
        secret = newSecret(name, isRotationEnabled, now() / 1000)
        if (value !== undefined) putValue(secret, randomUUID(), held(value), ['AWSCURRENT'], now() / 1000)
        store.add(secret)
      }
      secret.isRotationEnabled = isRotationEnabled
      store.save()
      return { arn: secret.arn }
    },
    putSecret(secretId, value) {
      putValue(store.get(secretId), randomUUID(), held(value), ['AWSCURRENT'], now() / 1000)
      store.save()
    },
    requests: () => [...log],
    fail: failures.plan,
    lastRotationError: (secretId) => rotation.lastError(store.get(secretId).arn),
    idle: rotation.idle,
    close: () => {
      store.close()
      return new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

const noRotation: Rotate = () => Promise.reject(new Error('The stand-in was given no rotation function.'))

function held(value: string | Uint8Array): SecretValue {
  return typeof value === 'string' ? { string: value } : { base64: Buffer.from(value).toString('base64') }
}

function parseInput(body: Buffer | null): unknown {
  try {
    return JSON.parse(body?.toString('utf8') || '{}')
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON.')
  }
}

function secretIdOf(input: unknown): string | null {
  if (typeof input !== 'object' || input === null) return null
  if ('SecretId' in input && typeof input.SecretId === 'string') return input.SecretId
  return 'Name' in input && typeof input.Name === 'string' ? input.Name : null
}

function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void {
  const body = JSON.stringify(value)
  const length = Buffer.byteLength(body)
  response.writeHead(status, {
    'Content-Type': 'application/x-amz-json-1.1',
    'Content-Length': length,
    'x-amzn-RequestId': randomUUID(),
    ...headers,
  })
  response.end(body)
}
