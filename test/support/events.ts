/** Lambda events as API Gateway's REST APIs make them, for what no socket can carry. */
import { randomUUID } from 'node:crypto'
import type { Context } from 'aws-lambda'
import { importFunctions } from '../../infra/local/functions.ts'
import { collectStream } from '../../infra/local/streaming/collect-stream.ts'
import { provideStreaming } from '../../infra/local/streaming/response-stream.ts'
import { type Composition, type Handler, lambda } from '../../lib/http/lambda.ts'
import { streamed } from '../../lib/http/streamed.ts'
import { type Effect, idempotencyOf, type Operation } from '../../lib/operation.ts'
import { operations } from '../../lib/operations/index.ts'
import type { Role } from '../../lib/roles.ts'
import { jsonOf, type RawAnswer } from './gateway.ts'

export type Event = Record<string, unknown>

/** A sound event for an operation; `changes` replaces whole fields, `role` is what the authorizer found. A key where one is needed is each time another. */
export function restEvent(operationId: string, changes: Event = {}, role: Role = 'approver'): Event {
  const operation = operations.find(({ id }) => id === operationId)
  if (!operation) throw new Error(`There is no operation ${operationId}`)
  const headers = {
    'Content-Type': 'application/json',
    ...(idempotencyOf(operation) === 'required' ? { 'Idempotency-Key': randomUUID() } : {}),
  }
  return {
    resource: operation.path,
    path: operation.path,
    httpMethod: operation.method,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    body: null,
    isBase64Encoded: false,
    requestContext: {
      requestId: 'b7a1d0c2-0000-4000-8000-000000000001',
      identity: { sourceIp: '192.0.2.1', userArn: null },
      authorizer: { principalId: 'caller', role, subject: 'caller' },
    },
    ...changes,
  }
}

/** What of an event carries a query. */
export function eventAsking(query: Readonly<Record<string, string>>): Event {
  return {
    queryStringParameters: query,
    multiValueQueryStringParameters: Object.fromEntries(
      Object.entries(query).map(([name, value]) => [name, [value]]),
    ),
  }
}

/** Lambda's context. @param remainingMs what is left of the function's time. */
export function lambdaContext(remainingMs = 28_000): Context {
  const unused = () => {
    throw new Error('the callback style of Lambda is not used')
  }
  return {
    awsRequestId: '5f0f1a2b-0000-4000-8000-000000000002',
    callbackWaitsForEmptyEventLoop: true,
    functionName: 'test',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:test',
    memoryLimitInMB: '256',
    logGroupName: 'test',
    logStreamName: 'test',
    getRemainingTimeInMillis: () => remainingMs,
    done: unused,
    fail: unused,
    succeed: unused,
  }
}

let functions: ReturnType<typeof importFunctions> | undefined

/** Invokes the function that deploys for an operation. The stack must have been started: it has made of the process what functions need. */
export async function invoke(
  operationId: string,
  event: unknown,
  context: Context = lambdaContext(),
): Promise<RawAnswer> {
  functions ??= importFunctions(false)
  const { functionOf, streamOf } = await functions
  const hasFiles = operations.some(({ id, files }) => id === operationId && files !== undefined)
  const handler: Handler = hasFiles
    ? (...given) => collectStream(streamOf(operationId), ...given)
    : functionOf(operationId)
  return await invokeHandler(handler, event, context)
}

/** An operation's function as it deploys; of what streams, the whole answer. */
export function madeOf<E extends Effect>(operation: Operation<E>, composition: Composition<E>): Handler {
  if (!operation.files) return lambda(operation, composition)
  provideStreaming()
  const stream = streamed(operation, composition)
  return (...given) => collectStream(stream, ...given)
}

/** Invokes a handler, its answer in the same form as one from a socket. */
export async function invokeHandler(
  handler: Handler,
  event: unknown,
  context: Context = lambdaContext(),
): Promise<RawAnswer> {
  const { statusCode, headers = {}, body } = await handler(event, context)
  const texts = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])
  return { status: statusCode, headers: Object.fromEntries(texts), text: body, json: jsonOf(body) }
}
