/**
 * The only module that sends writes to Genesys; only lib/changes may import it. A write has no idempotency key
 * upstream, so it is resent only where upstream certainly did not act on it: after 429, after the one renewal of a
 * refused token, or when no connection came about.
 */
import { GatewayError } from '../errors.ts'
import { backoffMsOf } from '../transport/retry-after.ts'
import { TransportError, type TransportResponse } from '../transport/transport.ts'
import { type ApiCall, exchange } from './exchange.ts'
import { errorOfFault, isSuccess, upstreamErrorOf, waitAskedForIn } from './interpret-answer.ts'
import type { Scope } from './scope.ts'
import { isForeign } from './who-answered.ts'

/** Sendings of one write that upstream certainly did not act on, the first included. */
const MAX_SENDINGS = 3

/** Before connecting again. Milliseconds. */
const RECONNECT_MS = 200

/** Left over after a wait, or the wait is not worth it. Milliseconds. */
const MIN_TRY_MS = 1_000

/** Upstream's answers that prove a write was turned down whole, where they are its own. */
const refusals: readonly number[] = [400, 401, 403, 404, 413, 415, 429]

/**
 * What became of a write.
 * `answered`: 2xx; the body is evidence, not proof. `refused`: it was not applied. `ambiguous`: it may have been.
 * `unsent`: it was not applied either, and that is the gateway's doing: upstream has not seen it, or had refused the token.
 */
export type WriteOutcome =
  | { readonly kind: 'answered'; readonly response: TransportResponse }
  | { readonly kind: 'refused'; readonly error: GatewayError }
  | { readonly kind: 'ambiguous'; readonly error: GatewayError }
  | { readonly kind: 'unsent'; readonly error: GatewayError }

/** Sends one write. Never throws for what upstream does; @throws GatewayError where no access token is to be had. */
export async function sendWrite(scope: Scope, call: ApiCall): Promise<WriteOutcome> {
  let hasRenewed = false
  for (let sendings = 1; ; sendings++) {
    // Nothing kills a sender that outlives its time on a laptop, and AWS not at once: it looks itself, each time.
    if (scope.deadline.remainingMs() < MIN_TRY_MS) return { kind: 'unsent', error: tooLate() }
    const outcome = await sendOnce(scope, call, sendings)
    if (outcome.kind !== 'refused') return outcome
    const { status, waitMs } = outcome
    if (status === 401 && !hasRenewed) {
      hasRenewed = true
      await scope.token.renew()
      continue
    }
    const { deadline, longestWaitMs = waitMs } = scope
    const canWait =
      waitMs !== undefined && waitMs <= (longestWaitMs ?? 0) && waitMs + MIN_TRY_MS <= deadline.remainingMs()
    if (!canWait || sendings >= MAX_SENDINGS) return outcome
    await scope.clock.sleep(waitMs)
  }
}

function tooLate(): GatewayError {
  return new GatewayError('deadline.too.short', 'Too little time was left to send this; nothing was sent', {
    retryAfterSeconds: 1,
  })
}

/** Something before upstream may turn away the answer, and not the request; of its size it is sure. */
function mayBeLetThrough(response: TransportResponse): boolean {
  return response.status !== 413 && isForeign(response)
}

type Sent = WriteOutcome & { readonly status?: number; readonly waitMs?: number }

async function sendOnce(scope: Scope, call: ApiCall, sendings: number): Promise<Sent> {
  let response: TransportResponse
  try {
    response = await exchange(scope, call, { isResent: sendings > 1, freshConnection: true })
  } catch (error) {
    if (!(error instanceof TransportError)) throw error
    const failure = errorOfFault(error)
    return error.mayHaveArrived
      ? { kind: 'ambiguous', error: failure }
      : { kind: 'refused', error: failure, waitMs: RECONNECT_MS }
  }
  const { status } = response
  scope.observed.writeStatus = status
  if (isSuccess(response)) return { kind: 'answered', response }
  const failure = upstreamErrorOf(response, scope)
  if (!refusals.includes(status) || mayBeLetThrough(response)) return { kind: 'ambiguous', error: failure }
  if (status !== 429) return { kind: 'refused', error: failure, status }
  const asked = waitAskedForIn(response, scope.clock.nowMs())
  const waitMs = asked === undefined ? backoffMsOf(sendings, scope.clock) : 1000 * asked
  return { kind: 'refused', error: failure, status, waitMs }
}
