/**
 * What the webhooks of all platforms share. Enters a request of API Gateway, with the bytes as they came and every
 * value of every header; leaves its answer and a line of the log. Between the two a platform verifies it and hands
 * it on as queued.ts says.
 */
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import type { Clock } from '../../clock.ts'

/** How a request ended, for the log: the platform's id of the delivery, our own words, and nothing that a person wrote. */
export interface WebhookLine {
  readonly platform: 'slack' | 'teams'
  /** API Gateway's; its access log has the same. */
  readonly requestId: string | undefined
  readonly status: number
  /** `lost`: it was sound, and could not be handed on. `failed`: it could not even be looked at. */
  readonly outcome: 'handed.on' | 'answered' | 'checked' | 'refused' | 'lost' | 'failed'
  readonly durationMs: number
  readonly deliveryId?: string | undefined
  readonly reason?: string | undefined
  readonly error?: unknown
}

export interface WebhookLog {
  noteDelivery(line: WebhookLine): void
}

/** What a secret holds, read again where what is known of it is older than this. */
export interface Proofs<T> {
  read(maxAgeMs?: number): Promise<readonly T[]>
}

export interface Ending extends Pick<WebhookLine, 'outcome' | 'deliveryId' | 'reason' | 'error'> {
  readonly answer: APIGatewayProxyResult
}

export type WebhookHandler = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>

/** @param endOf what is to be done about a request; where it throws, the answer is 500. */
export function answerWebhook(
  platform: WebhookLine['platform'],
  { clock, log }: { readonly clock: Clock; readonly log: WebhookLog },
  endOf: (request: WebhookRequest) => Promise<Ending>,
): WebhookHandler {
  return async (event) => {
    const startedMs = clock.monotonicMs()
    const { answer, ...rest } = await endRequest(webhookRequestOf(event, clock.nowMs()), endOf)
    const durationMs = Math.round(clock.monotonicMs() - startedMs)
    const { requestId } = event.requestContext ?? {}
    log.noteDelivery({ platform, requestId, status: answer.statusCode, durationMs, ...rest })
    return answer
  }
}

async function endRequest(
  request: WebhookRequest,
  endOf: (request: WebhookRequest) => Promise<Ending>,
): Promise<Ending> {
  if (request.isTooLarge)
    return endingOfRefusal({ status: 413, reason: 'the body is larger than any of theirs' })
  try {
    return await endOf(request)
  } catch (error) {
    return { answer: answerEmpty(500), outcome: 'failed', error }
  }
}

/** Why a delivery is not taken. */
export interface DeliveryRefusal {
  readonly status: number
  /** For the log, with nothing of the body in it: whoever is refused learns the status alone. */
  readonly reason: string
  /** Where it was read so far. */
  readonly deliveryId?: string | undefined
}

export function endingOfRefusal({ status, reason, deliveryId }: DeliveryRefusal): Ending {
  return { answer: answerEmpty(status), outcome: 'refused', reason, deliveryId }
}

export function answerEmpty(statusCode: number): APIGatewayProxyResult {
  return { statusCode, headers: { 'cache-control': 'no-store' }, body: '' }
}

export function answerJson(body: unknown): APIGatewayProxyResult {
  return {
    statusCode: 200,
    headers: { 'cache-control': 'no-store', 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
  }
}

/** What a proof was refused by may be older than the one it was made with. Asked at most so often, milliseconds. */
const READ_AGAIN_AFTER_MS = 30_000

/** @returns the verdict by the proofs that are known, or where they say no, by those that there are now. */
export async function judgeByProofs<T, V extends { readonly isSound: boolean }>(
  proofs: Proofs<T>,
  verdictOf: (known: readonly T[]) => V,
): Promise<V> {
  const known = await proofs.read()
  const verdict = verdictOf(known)
  if (verdict.isSound) return verdict
  const now = await proofs.read(READ_AGAIN_AFTER_MS)
  return now === known ? verdict : verdictOf(now)
}

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

function webhookRequestOf(event: APIGatewayProxyEvent, nowMs: number): WebhookRequest {
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
