/** Events of API Gateway's REST APIs, in the full shape in which they come over the internet. */
import { randomBytes, randomUUID } from 'node:crypto'
import { STAGE } from '../../../infra/constructs/names.ts'
import { ACCOUNT, type CallerRole, callers, REGION, type Variant } from '../template/org-files.ts'

const API_ID = 'abcdefghij'
const HOST = `${API_ID}.execute-api.${REGION}.amazonaws.com`
const USER_AGENT = 'license-report/1.4 node/24'

export interface ApiCall {
  readonly variant: Variant
  readonly method: string
  /** The route, its `{names}` unfilled. */
  readonly resource: string
  readonly parameters?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly caller?: CallerRole
}

/** A request as its function gets it, signed or with what the authorizer said of it. */
export function apiEvent(call: ApiCall) {
  const { variant, method, resource, parameters = {}, query = {}, body, caller = 'operator' } = call
  const { scope, subject } = callers[caller]
  const authorizer = {
    role: scope.endsWith('approve') ? 'approver' : 'operator',
    subject,
    principalId: subject,
  }
  const headers = {
    ...headersOf(variant),
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(method === 'GET' ? {} : { 'Idempotency-Key': randomUUID() }),
  }
  return {
    ...envelope({ resource, path: pathOf(resource, parameters), method, headers, query }),
    pathParameters: nullIfEmpty(parameters),
    body: body === undefined ? null : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: {
      ...contextOf(resource, pathOf(resource, parameters), method),
      authorizer: variant === 'jwt' ? { ...authorizer, integrationLatency: 12 } : null,
      identity: identityOf(variant === 'iam' ? callers[caller].userArn : null),
    },
  }
}

/** What the authorizer is asked. */
export function authorizerEvent(
  resource: string,
  parameters: Readonly<Record<string, string>>,
  token: string,
) {
  const path = pathOf(resource, parameters)
  const headers = { ...headersOf('jwt'), Authorization: `Bearer ${token}` }
  return {
    type: 'REQUEST',
    methodArn: `arn:aws:execute-api:${REGION}:${ACCOUNT}:${API_ID}/${STAGE}/GET${path}`,
    ...envelope({ resource, path, method: 'GET', headers, query: {} }),
    pathParameters: nullIfEmpty(parameters),
    requestContext: { ...contextOf(resource, path, 'GET'), identity: identityOf(null) },
  }
}

/** What was posted to the chat API, which hands bodies on in base64. */
export function webhookEvent(platform: string, headers: Readonly<Record<string, string>>, body: Buffer) {
  const path = `/${platform}`
  return {
    ...envelope({ resource: path, path, method: 'POST', headers: { Host: HOST, ...headers }, query: {} }),
    pathParameters: null,
    body: body.toString('base64'),
    isBase64Encoded: true,
    requestContext: { ...contextOf(path, path, 'POST'), authorizer: null, identity: identityOf(null) },
  }
}

function pathOf(resource: string, parameters: Readonly<Record<string, string>>): string {
  return resource.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parameters[name] ?? ''))
}

function headersOf(variant: Variant): Record<string, string> {
  const signature = `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/${REGION}/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`
  return {
    Accept: 'application/json',
    'Accept-Encoding': 'gzip, deflate, br',
    Authorization: variant === 'iam' ? signature : 'Bearer seen-by-the-authorizer-alone',
    Host: HOST,
    'User-Agent': USER_AGENT,
    'X-Amzn-Trace-Id': 'Root=1-67748580-0123456789abcdef01234567',
    'X-Forwarded-For': '192.0.2.10',
    'X-Forwarded-Port': '443',
    'X-Forwarded-Proto': 'https',
  }
}

interface Envelope {
  readonly resource: string
  readonly path: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
}

function envelope({ resource, path, method, headers, query }: Envelope) {
  return {
    resource,
    path,
    httpMethod: method,
    headers,
    multiValueHeaders: listed(headers),
    queryStringParameters: nullIfEmpty(query),
    multiValueQueryStringParameters: nullIfEmpty(listed(query)),
    stageVariables: null,
  }
}

function contextOf(resource: string, path: string, method: string) {
  const now = new Date()
  return {
    resourceId: 'a1b2c3',
    resourcePath: resource,
    httpMethod: method,
    extendedRequestId: 'EXAMPLEextendedId=',
    requestTime: commonLogTime(now),
    path: `/${STAGE}${path}`,
    accountId: ACCOUNT,
    protocol: 'HTTP/1.1',
    stage: STAGE,
    domainPrefix: API_ID,
    requestTimeEpoch: now.getTime(),
    requestId: randomUUID(),
    domainName: HOST,
    deploymentId: randomBytes(3).toString('hex'),
    apiId: API_ID,
  }
}

function identityOf(userArn: string | null) {
  const isSigned = userArn !== null
  return {
    cognitoIdentityPoolId: null,
    accountId: isSigned ? ACCOUNT : null,
    cognitoIdentityId: null,
    caller: isSigned ? 'AROAEXAMPLE:session' : null,
    sourceIp: '192.0.2.10',
    principalOrgId: null,
    accessKey: isSigned ? 'ASIAIOSFODNN7EXAMPLE' : null,
    cognitoAuthenticationType: null,
    cognitoAuthenticationProvider: null,
    userArn,
    userAgent: USER_AGENT,
    user: isSigned ? 'AROAEXAMPLE:session' : null,
  }
}

/** As 01/Jan/2026:00:00:00 +0000. */
function commonLogTime(time: Date): string {
  const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) (.*) GMT$/.exec(time.toUTCString()) ?? []
  return `${day}/${month}/${year}:${clock} +0000`
}

function listed(record: Readonly<Record<string, string>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, [value]]))
}

function nullIfEmpty<T extends object>(record: T): T | null {
  return Object.keys(record).length === 0 ? null : record
}
