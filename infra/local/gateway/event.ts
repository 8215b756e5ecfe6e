/** Raw HTTP to API Gateway's REST proxy event (payload version 1.0) and its answer back to raw HTTP. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { APIGatewayProxyEvent } from 'aws-lambda'

/** The part of the ARN that a deployed API would have here. */
export const LOCAL_API_ARN = 'arn:aws:execute-api:us-east-1:000000000000:local/local'

/** What API Gateway adds of its own knowledge. */
export interface Vouched {
  readonly requestId: string
  /** When the request was taken by the functions' clock, who look how long ago that was; epoch milliseconds. */
  readonly takenMs: number
  /** The route's path, with its `{names}`, and what they stand for in this request. */
  readonly resource: string
  readonly pathParameters: Readonly<Record<string, string>>
  /** What the authorizer answered as its context; absent where a route has none. */
  readonly authorizer?: Readonly<Record<string, unknown>> & { readonly principalId: string }
  /** Whether the API hands bodies on as bytes, in base64. */
  readonly isBinary?: boolean
}

export function proxyEvent(
  message: IncomingMessage,
  body: Buffer,
  { requestId, takenMs, resource, pathParameters, authorizer, isBinary = false }: Vouched,
): APIGatewayProxyEvent {
  const { method: httpMethod = 'GET' } = message
  const { rawPath, search } = splitUrl(message.url ?? '/')
  const headers = grouped(pairs(message.rawHeaders))
  const query = grouped(new URLSearchParams(search))
  const taken = new Date(takenMs)
  return {
    resource,
    path: rawPath,
    httpMethod,
    headers: lastOf(headers),
    multiValueHeaders: headers,
    queryStringParameters: nullIfEmpty(lastOf(query)),
    multiValueQueryStringParameters: nullIfEmpty(query),
    pathParameters: nullIfEmpty(pathParameters),
    stageVariables: null,
    body: body.length === 0 ? null : body.toString(isBinary ? 'base64' : 'utf8'),
    isBase64Encoded: isBinary && body.length > 0,
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      authorizer: authorizer ?? null,
      httpMethod,
      identity: {
        accessKey: null,
        accountId: null,
        apiKey: null,
        apiKeyId: null,
        caller: null,
        clientCert: null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        principalOrgId: null,
        sourceIp: message.socket.remoteAddress ?? '127.0.0.1',
        user: null,
        userAgent: message.headers['user-agent'] ?? null,
        userArn: null,
      },
      path: rawPath,
      protocol: 'HTTP/1.1',
      requestId,
      requestTime: taken.toISOString(),
      requestTimeEpoch: takenMs,
      resourceId: resource,
      resourcePath: resource,
      stage: 'local',
    },
  }
}

/** What stands before the path in a request target of the absolute form, which clients send to what they take for a proxy. */
const AUTHORITY = /^https?:\/\/[^/?#]*/i

/** A request target from its path on. */
export function originForm(target: string): string {
  return target.replace(AUTHORITY, '')
}

/** Path and query of a request line, neither decoded nor normalised. */
export function splitUrl(target: string): { readonly rawPath: string; readonly search: string } {
  const url = originForm(target)
  const at = url.indexOf('?')
  const rawPath = at < 0 ? url : url.slice(0, at)
  return { rawPath: rawPath || '/', search: at < 0 ? '' : url.slice(at + 1) }
}

/** What a function or the gateway itself answers with. */
export interface ProxyResult {
  readonly statusCode: number
  readonly headers?: Readonly<Record<string, string | number | boolean>> | undefined
  readonly body: string | Buffer
  readonly isBase64Encoded?: boolean | undefined
}

export function writeResult(
  response: ServerResponse,
  { statusCode, headers, body, isBase64Encoded }: ProxyResult,
): void {
  const bytes = typeof body === 'string' ? Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8') : body
  response.writeHead(statusCode, {
    ...Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)])),
    'content-length': bytes.length,
  })
  response.end(bytes)
}

function* pairs(rawHeaders: readonly string[]): Generator<[string, string]> {
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) yield [rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '']
}

function grouped(entries: Iterable<[string, string]>): Record<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const [name, value] of entries) {
    const values = groups.get(name)
    if (values) values.push(value)
    else groups.set(name, [value])
  }
  return Object.fromEntries(groups)
}

function lastOf(groups: Readonly<Record<string, string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, values]) => [name, values.at(-1) ?? '']))
}

function nullIfEmpty<T extends object>(record: T): T | null {
  return Object.keys(record).length === 0 ? null : record
}
