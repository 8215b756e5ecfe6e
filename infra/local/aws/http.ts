/** The stand-in's HTTP side: AWS JSON 1.0 and 1.1, Scheduler's REST, and what people and scripts may ask under /__aws. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import * as z from 'zod/mini'
import { readBody, splitTarget } from '../request.ts'
import { type AccessKey, refusalOfKey } from './access-key.ts'
import { AwsError } from './aws-error.ts'
import { AwsFailures } from './failures.ts'
import { FunctionFailure, invocationOf, TakenEvent } from './lambda.ts'
import { schedulerCall } from './schedules/scheduler.ts'

/** Largest request body, in bytes: a message has at most 1 MiB, and twice that where it is JSON within JSON. */
const MAX_BODY_BYTES = 2_500_000

const ClockMove = z.strictObject({ advanceSeconds: z.number().check(z.minimum(0), z.maximum(366 * 86_400)) })

export interface Surface {
  readonly key: AccessKey
  /** Performs a service's action. Throws AwsError. */
  readonly perform: (service: string, action: string, input: unknown) => unknown
  /** What is listed under GET /__aws/NAME. */
  readonly lists: Readonly<Record<string, () => unknown>>
  /** Makes calls to come fail. */
  readonly addFailures: (failures: z.output<typeof AwsFailures>) => void
  readonly clearFailures: () => void
  /** @returns the time now, ISO 8601. */
  readonly moveClock: (ms: number) => Promise<string>
}

export function awsListener(surface: Surface): RequestListener {
  async function answer(message: IncomingMessage, body: Buffer | null): Promise<unknown> {
    const { path, query } = splitTarget(message.url ?? '')
    const method = message.method ?? ''
    const [, own, name = ''] = path.split('/')
    const target = message.headers['x-amz-target']
    const refusal = refusalOfKey(message.headers.authorization, surface.key)
    // Services that speak REST say 403, those that speak AWS JSON 400.
    if (refusal)
      throw new AwsError(refusal.type, refusal.message, target === undefined ? 403 : refusal.status)
    if (own === '__aws') return await ours(method, name, body)
    if (target === undefined) {
      const call = schedulerCall(method, path, new URLSearchParams(query))
      if (call) return surface.perform('scheduler', call.name, { ...objectIn(body), ...call.input })
      const functionName = invocationOf(method, path)
      if (functionName !== undefined) {
        const type = message.headers['x-amz-invocation-type']
        return await surface.perform('lambda', 'Invoke', { functionName, payload: parsed(body), type })
      }
    }
    const [service = '', action = ''] = String(target ?? '').split('.')
    return await surface.perform(service, action, parsed(body))
  }

  async function ours(method: string, name: string, body: Buffer | null): Promise<unknown> {
    const list = Object.hasOwn(surface.lists, name) ? surface.lists[name] : undefined
    if (method === 'GET' && list) return list()
    if (method === 'POST' && name === 'failures') return addFailures(body)
    if (method === 'DELETE' && name === 'failures') return clearFailures()
    if (method !== 'POST' || name !== 'clock') {
      const known = Object.keys(surface.lists).map((each) => `GET /__aws/${each}`)
      throw new AwsError(
        'NotFound',
        `There are ${known.join(', ')} and POST /__aws/clock {"advanceSeconds": n}, /__aws/failures [{"action": …, "type": …}].`,
        404,
      )
    }
    const move = ClockMove.safeParse(parsed(body))
    if (move.success) return { now: await surface.moveClock(move.data.advanceSeconds * 1000) }
    throw new AwsError('ValidationException', 'The body must be {"advanceSeconds": n}, n from 0 to 31622400.')
  }

  function addFailures(body: Buffer | null): unknown {
    const failures = AwsFailures.safeParse(parsed(body))
    if (!failures.success) {
      throw new AwsError(
        'ValidationException',
        `The body must be [{"action": "PutEvents", "type": "InternalException", "status": 500, "times": 3}]: ${z.prettifyError(failures.error)}`,
      )
    }
    surface.addFailures(failures.data)
    return failures.data
  }

  function clearFailures(): unknown {
    surface.clearFailures()
    return []
  }

  async function receive(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(message, MAX_BODY_BYTES)
    if (body === 'aborted') return
    try {
      const output = await answer(message, body)
      if (output instanceof TakenEvent) response.writeHead(output.status).end()
      else if (output instanceof FunctionFailure) sendJson(response, 200, output.payload, output.headers)
      else sendJson(response, 200, output)
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      const { type, status } = error
      sendJson(response, status, { __type: type, message: error.message }, { 'x-amzn-errortype': type })
    }
  }

  return (message, response) => void receive(message, response)
}

function parsed(body: Buffer | null): unknown {
  try {
    return JSON.parse(body?.toString('utf8') || '{}')
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON.')
  }
}

function objectIn(body: Buffer | null): object {
  const value = parsed(body)
  return typeof value === 'object' && value !== null ? value : {}
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
