/**
 * The laptop's API Gateway: finds the route, asks the authorizer, invokes the function, and turns HTTP into the proxy
 * event and back. It knows nothing about licenses; what it answers itself comes from the rows that the stack deploys.
 */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { APIGatewayAuthorizerResult } from 'aws-lambda'
import { type GatewayResponse, gatewayResponses } from '../../../lib/http/gateway-responses.ts'
import type { Handler } from '../../../lib/http/lambda.ts'
import { securityHeaders } from '../../../lib/http/security-headers.ts'
import { lambdaContext } from '../lambda-context.ts'
import { listen } from '../org/listen.ts'
import { readBody } from '../org/request.ts'
import { LOCAL_API_ARN, type ProxyResult, proxyEvent, splitUrl, writeResult } from './event.ts'
import { isAllowed } from './policy.ts'
import { matchRoute } from './routes.ts'

/** API Gateway's own limit of a request. Bytes. */
const MAX_BODY_BYTES = 10 * 1024 * 1024

export interface GatewayOptions {
  /** Port on 127.0.0.1; 0 picks a free one. */
  readonly port: number
  readonly authorize: (event: unknown) => Promise<APIGatewayAuthorizerResult>
  /** The function of an operation. */
  readonly functionOf: (operationId: string) => Handler
  /** Refuses operations before their function is invoked, with the sentence it returns. */
  readonly refuse?: (operation: { readonly effect: string }) => string | undefined
}

export interface Gateway {
  readonly url: string
  readonly close: () => Promise<void>
}

/** @throws Error where the port is taken. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const server = createServer((message, response) => {
    const requestId = randomUUID()
    answer(options, message, requestId).then(
      (result) => writeResult(response, result),
      (error: unknown) => {
        // As behind API Gateway: a function that fails before it answers is a 502, and its log has the reason.
        console.error(error)
        writeResult(response, own(gatewayResponses.integrationFailure, requestId))
      },
    )
    response.on('error', () => response.destroy())
  })
  const url = await listen(server, options.port)
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  options: GatewayOptions,
  message: IncomingMessage,
  requestId: string,
): Promise<ProxyResult> {
  const body = await readBody(message, MAX_BODY_BYTES)
  if (body === 'aborted' || body === null) return own(gatewayResponses.tooLarge, requestId)
  const { method = 'GET' } = message
  const { rawPath } = splitUrl(message.url ?? '/')
  const match = matchRoute(method, rawPath)
  if (!match) return own(gatewayResponses.unknownRoute, requestId)

  // API Gateway does not invoke the authorizer without its identity source.
  if (!message.headers.authorization) return own(gatewayResponses.noCredentials, requestId)
  const methodArn = `${LOCAL_API_ARN}/${method}${rawPath}`
  let grant: APIGatewayAuthorizerResult
  try {
    grant = await options.authorize({
      type: 'TOKEN',
      methodArn,
      authorizationToken: message.headers.authorization,
    })
  } catch {
    return own(gatewayResponses.noCredentials, requestId)
  }
  if (!isAllowed(grant.policyDocument, methodArn)) return own(gatewayResponses.accessDenied, requestId)
  const refusal = options.refuse?.(match.operation)
  if (refusal !== undefined) return own({ ...gatewayResponses.accessDenied, message: refusal }, requestId)

  const event = proxyEvent(message, match, body, {
    requestId,
    authorizer: { ...grant.context, principalId: grant.principalId },
  })
  return await options.functionOf(match.operation.id)(event, lambdaContext(match.operation.id))
}

function own({ status, code, message }: GatewayResponse, requestId: string): ProxyResult {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json', ...securityHeaders, 'x-request-id': requestId },
    body: JSON.stringify({ status, code, message, contextId: requestId, details: [], errors: [] }),
  }
}
