/** One try: sends a request with the token in force, and notes what came of it. */
import { MAX_RETRY_AFTER_SECONDS } from '../transport/retry-after.ts'
import type { TransportResponse } from '../transport/transport.ts'
import { isFromAnother, waitAskedForIn } from './interpret-answer.ts'
import type { Scope } from './scope.ts'

/** A request to the License API, before token and origin. */
export interface ApiCall {
  readonly method: 'GET' | 'POST'
  /** Path and query; every variable part has passed an id grammar or is a number. */
  readonly path: string
  readonly body?: unknown
  /** Largest answer that is taken, in bytes, where it may be larger than others. */
  readonly maxBodyBytes?: number
}

/** @throws TransportError */
export async function exchange(
  scope: Scope,
  call: ApiCall,
  options: { readonly isResent: boolean; readonly freshConnection?: boolean },
): Promise<TransportResponse> {
  const { observed, clock } = scope
  const startedMs = clock.monotonicMs()
  observed.sent += 1
  if (options.isResent) observed.resent += 1
  try {
    const response = await scope.transport({
      method: call.method,
      origin: scope.origins.api,
      path: call.path,
      headers: {
        authorization: `Bearer ${scope.token.value}`,
        accept: 'application/json',
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.freshConnection ? { connection: 'close' } : {}),
      },
      timeoutMs: Math.max(1, Math.min(scope.perTryTimeoutMs, scope.deadline.remainingMs())),
      body: call.body === undefined ? undefined : JSON.stringify(call.body),
      freshConnection: options.freshConnection,
      maxBodyBytes: call.maxBodyBytes,
    })
    noteResponse(scope, response)
    return response
  } finally {
    observed.latencyMs += clock.monotonicMs() - startedMs
  }
}

function noteResponse({ observed, isOptional, clock }: Scope, response: TransportResponse): void {
  const { status, headers } = response
  observed.lastStatus = status
  observed.correlationId = correlationIdOf(headers['inin-correlation-id'])
  observed.rateLimitUsed = countOf(headers['inin-ratelimit-count'])
  observed.rateLimitAllowed = countOf(headers['inin-ratelimit-allowed'])
  const resetSeconds = countOf(headers['inin-ratelimit-reset'])
  observed.rateLimitResetSeconds =
    resetSeconds === undefined ? undefined : Math.min(resetSeconds, MAX_RETRY_AFTER_SECONDS)
  if (status === 429) {
    const seconds = waitAskedForIn(response, clock.nowMs()) ?? observed.rateLimitResetSeconds ?? 0
    observed.refusedUntilMs = clock.nowMs() + seconds * 1_000
  }
  // What something before Genesys refuses is no fault of our token or our client.
  if (isFromAnother(response)) return
  if (status === 401) observed.unauthorized += 1
  if (status === 403 && !isOptional) observed.forbidden += 1
}

/** Upstream's header goes into our log and our answer: harmless characters alone, and no room for an access token. */
function correlationIdOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[A-Za-z0-9._:-]{1,64}$/.test(header) ? header : undefined
}

function countOf(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : undefined
}
