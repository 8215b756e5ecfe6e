/** Requests as API Gateway hands them to a webhook's function, signed by us as Slack and Teams would. */
import { createHmac } from 'node:crypto'
import type { APIGatewayProxyEvent } from 'aws-lambda'
import type { WebhookLine, WebhookLog } from '../../lib/chat/webhook/answer-webhook.ts'
import { command, formBody, formType } from './slack/forms.ts'

export const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5'
export const teamsKey = {
  teamId: '19:first@thread.tacv2',
  key: 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=',
}
export const tenantId = '99999999-8888-4777-8666-555555555555'

export interface Posted {
  readonly body?: Uint8Array
  /** As the platform wrote them; those that are undefined are left out. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly isText?: boolean
  readonly requestTimeEpoch?: number
}

/** As API Gateway's REST API makes it of a request, in base64 unless it is asked for text. */
export function proxyEvent({ body, headers = {}, isText = false, requestTimeEpoch = 0 }: Posted) {
  const given = Object.entries(headers).filter(([, value]) => value !== undefined)
  const event = {
    resource: '/slack',
    path: '/slack',
    httpMethod: 'POST',
    headers: Object.fromEntries(given.map(([name, value]) => [name, [value].flat().at(-1)])),
    multiValueHeaders: Object.fromEntries(given.map(([name, value]) => [name, [value].flat()])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    requestContext: { requestTimeEpoch },
    body: body === undefined ? null : Buffer.from(body).toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: body !== undefined && !isText,
  }
  return event as unknown as APIGatewayProxyEvent
}

export interface FromSlack extends Posted {
  readonly secret?: string
  /** Epoch milliseconds; of the timestamp header. */
  readonly sentAtMs: number
}

/** What Slack posts, a command unless another body is given. */
export function fromSlack({
  body = formBody(command),
  secret = signingSecret,
  sentAtMs,
  headers,
  ...rest
}: FromSlack) {
  const timestamp = String(Math.floor(sentAtMs / 1000))
  const hmac = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body)
  return proxyEvent({
    ...rest,
    body,
    headers: {
      'Content-Type': formType,
      'X-Slack-Request-Timestamp': timestamp,
      'X-Slack-Signature': `v0=${hmac.digest('hex')}`,
      ...headers,
    },
  })
}

/** An activity of a channel in Teams. */
export function activity(sentAtMs: number | undefined, change: Readonly<Record<string, unknown>> = {}) {
  return {
    type: 'message',
    id: '1485983408511',
    ...(sentAtMs === undefined ? {} : { timestamp: new Date(sentAtMs).toISOString() }),
    serviceUrl: 'https://smba.trafficmanager.net/emea/',
    text: '<at>license</at> user ana@example.com',
    from: { id: '29:1XJ', name: 'Ana Lima', aadObjectId: '11111111-2222-4333-8444-555555555555' },
    conversation: { id: '19:licenses@thread.tacv2;messageid=1', tenantId },
    channelData: {
      channel: { id: '19:licenses@thread.tacv2' },
      team: { id: teamsKey.teamId },
      tenant: { id: tenantId },
    },
    ...change,
  }
}

export interface FromTeams extends Posted {
  readonly key?: string
}

export function fromTeams(value: unknown, { key = teamsKey.key, headers, ...rest }: FromTeams = {}) {
  const body = Buffer.from(JSON.stringify(value))
  const hmac = createHmac('sha256', Buffer.from(key, 'base64')).update(body).digest('base64')
  return proxyEvent({
    ...rest,
    body,
    headers: { 'Content-Type': 'application/json; charset=utf-8', Authorization: `HMAC ${hmac}`, ...headers },
  })
}

/** Keeps the lines. */
export class KeptLog implements WebhookLog {
  readonly lines: WebhookLine[] = []
  noteDelivery(line: WebhookLine): void {
    this.lines.push(line)
  }
  get last(): WebhookLine | undefined {
    return this.lines.at(-1)
  }
}

/** The values of a secret, counting how often they are read. */
export class KnownProofs<T> {
  values: readonly T[]
  reads = 0
  constructor(...values: readonly T[]) {
    this.values = values
  }
  async read(): Promise<readonly T[]> {
    this.reads += 1
    return this.values
  }
}
