/** What API Gateway hands a webhook's function: the bytes as they came, and every value of every header. */
import type { APIGatewayProxyEvent } from 'aws-lambda'

/** Largest body looked at, bytes: an event takes 256 kB in all, and Slack's and Teams' are far smaller. */
const MAX_BODY_BYTES = 150_000

/** A request may have waited for a cold start; one from longer ago has a wrong clock. Milliseconds. */
const MAX_WAITED_MS = 30_000

export interface WebhookRequest {
  readonly rawBody: Uint8Array
  readonly isTooLarge: boolean
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly contentType: string | undefined
  /** Epoch milliseconds. */
  readonly receivedAtMs: number
}

export function webhookRequestOf(event: APIGatewayProxyEvent, nowMs: number): WebhookRequest {
  const { body, isBase64Encoded, multiValueHeaders, requestContext } = event
  // From base64 straight to bytes: what is no UTF-8 would not come back from a string as it was signed.
  const rawBody = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8')
  const headers = new Map<string, string[]>()
  for (const [name, values] of Object.entries(multiValueHeaders ?? {})) {
    const key = name.toLowerCase()
    headers.set(key, [...(headers.get(key) ?? []), ...(values ?? [])])
  }
  const requestedAtMs = requestContext?.requestTimeEpoch
  const isPlausible = requestedAtMs <= nowMs && nowMs - requestedAtMs <= MAX_WAITED_MS
  return {
    rawBody,
    isTooLarge: rawBody.length > MAX_BODY_BYTES,
    headers,
    contentType: headers.get('content-type')?.[0],
    receivedAtMs: isPlausible ? requestedAtMs : nowMs,
  }
}
