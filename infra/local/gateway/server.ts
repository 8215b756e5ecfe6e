/**
 * The laptop's API Gateway: finds the route, asks the authorizer, invokes the function, and turns HTTP into the proxy
 * event and back. It knows nothing about licenses; what it answers itself comes from the rows that the stack deploys.
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { APIGatewayAuthorizerResult } from 'aws-lambda'
import type { WebhookHandler } from '../../../lib/chat/webhook/answer-webhook.ts'
import { UNAUTHORIZED } from '../../../lib/http/authorizer.ts'
import {
  accessDeniedHint,
  type GatewayResponse,
  gatewayResponses,
} from '../../../lib/http/gateway-responses.ts'
import type { Handler } from '../../../lib/http/lambda.ts'
import { securityHeaders } from '../../../lib/http/security-headers.ts'
import type { StreamedHandler } from '../../../lib/http/streamed.ts'
import { binaryMediaTypes } from '../../../lib/operation.ts'
import { operations } from '../../../lib/operations/index.ts'
import { PAGE_PATHS, STAGE } from '../../constructs/names.ts'
import type { Mounted } from '../issuer/issuer.ts'
import { lambdaContext, STREAM_TIMEOUT_MS } from '../lambda-context.ts'
import { type Loopback, serveLoopback } from '../loopback.ts'
import { readBody } from '../request.ts'
import {
  LOCAL_API_ARN,
  originForm,
  type ProxyResult,
  proxyEvent,
  splitUrl,
  type Vouched,
  writeResult,
} from './event.ts'
import { isAllowed } from './policy.ts'
import { matchRoute } from './routes.ts'
import { isFormless, otherSpelling, type Site } from './site.ts'
import { streamAnswer } from './stream-answer.ts'

/** API Gateway's own limit of a request. Bytes. */
const MAX_BODY_BYTES = 10 * 1024 * 1024

export interface GatewayOptions {
  /** The functions' clock, epoch milliseconds. */
  readonly now: () => number
  readonly authorize: (event: unknown) => Promise<APIGatewayAuthorizerResult>
  /** The function of an operation. */
  readonly functionOf: (operationId: string) => Handler
  /** The function of an operation that has files: its integration streams. */
  readonly streamOf?: (operationId: string) => StreamedHandler
  /** Refuses operations before their function is invoked, with the sentence it returns. */
  readonly refuse?: (operation: { readonly effect: string }) => string | undefined
  /** By path, the functions of POST routes that nobody but the function authorizes; deployed, they are an API of their own. */
  readonly webhooks?: Readonly<Record<string, WebhookHandler>>
  /** What serves the page, as the stack has it at the API's root; fetched when it is first asked for. */
  readonly page?: () => Promise<StreamedHandler>
  /** Pages for whoever sits at this machine, and what they ask. */
  readonly site?: Site
  /** The identity provider, which speaks HTTP itself. */
  readonly issuer?: Mounted
}

/** The gateway's port, before there is a gateway: until it opens, requests are told to come again. */
export interface TakenPort extends Loopback {
  readonly open: (options: GatewayOptions) => void
}

/** Seconds. A start takes about that long. */
const COME_AGAIN_SECONDS = '2'

/** A port that cannot be had; the message says what to do. */
export class PortError extends Error {
  override readonly name = 'PortError'
}

/** @returns what came of listening at a port, as a PortError where a person can do something about it. */
export function portErrorOf(error: unknown, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const another = 'choose another with npm start -- --port N (0 picks a free one)'
  if (code === 'EADDRINUSE')
    return new PortError(`Port ${port} is in use: stop what listens there, or ${another}`, { cause: error })
  // Below 1024, on most systems.
  if (code === 'EACCES')
    return new PortError(`Port ${port} is not yours to listen at: ${another}`, { cause: error })
  return error
}

/**
 * @param port on 127.0.0.1; 0 picks a free one.
 * @throws PortError
 */
export async function takePort(port: number): Promise<TakenPort> {
  let serve: RequestListener = (message, response) => {
    message.resume()
    response.writeHead(503, { 'content-type': 'application/json', 'retry-after': COME_AGAIN_SECONDS })
    response.end(JSON.stringify({ status: 503, code: 'starting', message: 'The gateway is starting' }))
  }
  const loopback = await serveLoopback((message, response) => serve(message, response), {
    port,
    entrances: ['/'],
  }).catch((error: unknown) => {
    throw portErrorOf(error, port)
  })
  return {
    ...loopback,
    open(options) {
      serve = gatewayListener(options)
    },
  }
}

function gatewayListener(options: GatewayOptions): RequestListener {
  const { issuer } = options
  return (message, response) => {
    if (issuer?.isAsked(message.url ?? '/')) {
      issuer.listener(message, response)
      return
    }
    const elsewhere = issuer && otherSpelling(message, issuer.origin)
    if (elsewhere !== undefined) {
      message.resume()
      response.writeHead(307, { location: elsewhere, 'cache-control': 'no-store' }).end()
      return
    }
    const requestId = randomUUID()
    response.on('error', () => response.destroy())
    answer(options, message, response, requestId).then(
      (result) => result && writeResult(response, result),
      (error: unknown) => {
        // As behind API Gateway: a function that fails before it answers is a 502, and its log has the reason; what fails
        // after that breaks the connection.
        console.error(error)
        if (response.headersSent) response.destroy()
        else writeResult(response, own(gatewayResponses.integrationFailure, requestId))
      },
    )
  }
}

/** @returns undefined where the function has streamed its answer into the response. */
async function answer(
  options: GatewayOptions,
  message: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<ProxyResult | undefined> {
  // API Gateway's own host names have the stage in front of the path, and hand on what is behind it.
  const target = originForm(message.url ?? '/')
  if (target.startsWith(`/${STAGE}/`)) message.url = target.slice(STAGE.length + 1)
  if (AT_STAGE.test(target)) message.url = `/${target.slice(STAGE.length + 1)}`
  const body = await readBody(message, MAX_BODY_BYTES)
  if (body === 'aborted' || body === null) return own(gatewayResponses.tooLarge, requestId)
  const { method = 'GET' } = message
  const { rawPath } = splitUrl(message.url ?? '/')
  const match = matchRoute(method, rawPath)
  if (!match) {
    if (options.page && method === 'GET' && isPagePath(rawPath)) {
      await servePage(options.page, message, response, {
        requestId,
        takenMs: options.now(),
        resource: rawPath,
      })
      return undefined
    }
    return (
      (await webhookAnswer(options, message, body, requestId)) ??
      (await siteAnswer(options, message, body)) ??
      own(gatewayResponses.unknownRoute, requestId)
    )
  }

  // Answers carry the time that their functions have, which may be moved on.
  response.setHeader('date', new Date(options.now()).toUTCString())
  // API Gateway does not invoke the authorizer without its identity source.
  if (!message.headers.authorization) return own(gatewayResponses.noCredentials, requestId)
  const methodArn = `${LOCAL_API_ARN}/${method}${rawPath}`
  const asked = proxyEvent(message, Buffer.alloc(0), {
    requestId,
    takenMs: options.now(),
    resource: match.operation.path,
    pathParameters: match.pathParameters,
  })
  let grant: APIGatewayAuthorizerResult
  try {
    grant = await options.authorize({ ...asked, type: 'REQUEST', methodArn })
  } catch (error) {
    return own(refusalFor(error), requestId)
  }
  if (!isAllowed(grant.policyDocument, methodArn)) return own(denialFor(grant), requestId)
  const refusal = options.refuse?.(match.operation)
  if (refusal !== undefined) return own({ ...gatewayResponses.accessDenied, message: refusal }, requestId)

  const event = proxyEvent(message, body, {
    requestId,
    takenMs: options.now(),
    resource: match.operation.path,
    pathParameters: match.pathParameters,
    authorizer: { ...grant.context, principalId: grant.principalId },
    isBinary: isBinaryType(message.headers['content-type']),
  })
  const { id, files } = match.operation
  if (!files || !options.streamOf) return await options.functionOf(id)(event, lambdaContext(id))
  await streamAnswer(options.streamOf(id), event, lambdaContext(id, STREAM_TIMEOUT_MS), response)
  return undefined
}

/** A stage without the slash behind it is its root as well. */
const AT_STAGE = new RegExp(`^/${STAGE}(?=$|[?])`)

const isPagePath = (path: string): boolean => PAGE_PATHS.some((each) => each === path)

async function servePage(
  page: () => Promise<StreamedHandler>,
  message: IncomingMessage,
  response: ServerResponse,
  vouched: Pick<Vouched, 'requestId' | 'takenMs' | 'resource'>,
): Promise<void> {
  const event = proxyEvent(message, Buffer.alloc(0), { ...vouched, pathParameters: {} })
  await streamAnswer(await page(), event, lambdaContext('get-page'), response)
}

/** As API Gateway has it, parameters aside. */
function isBinaryType(contentType = ''): boolean {
  const [mediaType = ''] = contentType.split(';')
  return binaryMediaTypes(operations).includes(mediaType.trim().toLowerCase())
}

function refusalFor(error: unknown): GatewayResponse {
  const isRefusal = error instanceof Error && error.message === UNAUTHORIZED
  return isRefusal ? gatewayResponses.noCredentials : gatewayResponses.authorizerConfiguration
}

/** As the deployed template does, which puts what the authorizer's context has behind the message. */
function denialFor({ context }: APIGatewayAuthorizerResult): GatewayResponse {
  const { accessDenied } = gatewayResponses
  return { ...accessDenied, message: `${accessDenied.message}${context?.[accessDeniedHint] ?? ''}` }
}

async function webhookAnswer(
  { webhooks = {}, now }: GatewayOptions,
  message: IncomingMessage,
  body: Buffer,
  requestId: string,
): Promise<ProxyResult | undefined> {
  const { rawPath } = splitUrl(message.url ?? '/')
  const webhook =
    message.method === 'POST' && Object.hasOwn(webhooks, rawPath) ? webhooks[rawPath] : undefined
  return await webhook?.(
    proxyEvent(message, body, {
      requestId,
      takenMs: now(),
      resource: rawPath,
      pathParameters: {},
      isBinary: true,
    }),
  )
}

async function siteAnswer(
  { site }: GatewayOptions,
  message: IncomingMessage,
  body: Buffer,
): Promise<ProxyResult | undefined> {
  const { method = 'GET' } = message
  const { rawPath, search } = splitUrl(message.url ?? '/')
  if (!site || !isFormless(message)) return undefined
  const answered = await site({ method, path: rawPath, query: new URLSearchParams(search), body })
  if (!answered) return undefined
  const { status, type, body: content, headers } = answered
  return {
    statusCode: status,
    headers: {
      'content-type': type,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
    body: content,
  }
}

function own({ status, code, message, retryAfterSeconds }: GatewayResponse, requestId: string): ProxyResult {
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/json',
      ...securityHeaders,
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': retryAfterSeconds }),
      'x-request-id': requestId,
    },
    body: JSON.stringify({ status, code, message, contextId: requestId, details: [], errors: [] }),
  }
}
