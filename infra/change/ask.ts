/** Requests to the gateway: tried again where nothing answers, or where it says later. A POST always has its key, so that it is taken once. */
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod/mini'
import { jsonOf } from '../../lib/json.ts'
import { type Gateway, type GatewayPlace, TOKENS_ALONE } from './place.ts'

/** A file has 120 s (lib/http/files), anything else 29 s. */
const TIMEOUT_MS = 130_000

/** Until whoever typed a wrong address is told so. */
const FIRST_PATIENCE_MS = 5_000

/** Of what answered before: a restart, a deployment, a train in a tunnel. */
const PATIENCE_MS = 10 * 60_000

/** Waits double from one to the other where no Retry-After says how long. */
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 15_000

/** By API Gateway or by the gateway, of what passes. */
const PASSING: readonly number[] = [429, 502, 503, 504]

/** These pass when somebody has done something about it. */
const WAITS_FOR_SOMEBODY: readonly string[] = ['credentials.unavailable', 'upstream.forbidden']

export interface Request {
  readonly path: string
  readonly accept?: string
  /** Makes it a POST. */
  readonly sent?: { readonly key: string; readonly type: string; readonly body: Uint8Array | string }
}

export interface Received {
  readonly bytes: Buffer
  /** Whether the same was asked for before, and this is what it came to. */
  readonly isReplay: boolean
}

const Fault = z.object({ fieldName: z.string(), message: z.string(), line: z.optional(z.int()) })
const ErrorBody = z.object({
  code: z.string(),
  message: z.string(),
  details: z.optional(z.array(z.unknown())),
})

/** The gateway said no. The message is its own, with status and code. */
export class RefusedByGateway extends Error {
  override readonly name = 'RefusedByGateway'
  readonly status: number
  readonly code: string
  /** Its own words. */
  readonly sentence: string
  readonly faults: readonly z.output<typeof Fault>[]

  constructor(status: number, text: string) {
    const said = ErrorBody.safeParse(jsonOf(text)).data
    const sentence = said?.message ?? `The gateway answered ${status}, and nothing that it would say itself`
    const hint = status === 403 && sentence.includes('SigV4') ? `. ${TOKENS_ALONE}` : ''
    super(said ? `${sentence} (${status} ${said.code})${hint}` : sentence)
    this.status = status
    this.code = said?.code ?? ''
    this.sentence = sentence
    this.faults = (said?.details ?? []).flatMap((each) => Fault.safeParse(each).data ?? [])
  }
}

/** @param tell says once that it is tried again, and why. */
export function asker(gateway: Gateway, tell: (sentence: string) => void) {
  let hasAnswered = false
  return async (request: Request): Promise<Received> => {
    const startedMs = performance.now()
    for (let tries = 0; ; tries++) {
      const answer = await tryOnce(gateway, request)
      if (!('failure' in answer) || answer.failure instanceof RefusedByGateway) hasAnswered = true
      if (!('failure' in answer)) return answer
      const { failure, waitMs = Math.min(FIRST_WAIT_MS * 2 ** tries, LONGEST_WAIT_MS) } = answer
      const untilMs = startedMs + (hasAnswered ? PATIENCE_MS : FIRST_PATIENCE_MS)
      const isOver = performance.now() + waitMs > untilMs
      if (isOver || !isPassing(failure) || (failure instanceof NowhereError && !hasAnswered)) throw failure
      if (tries === 0 && hasAnswered) tell(`${failure.message}; it is asked again`)
      await sleep(waitMs)
    }
  }
}
export type Ask = ReturnType<typeof asker>

/** Nothing says where a gateway is. Between two starts of `npm start` it is so for a while. */
class NowhereError extends Error {
  override readonly name = 'NowhereError'
}

interface Failed {
  readonly failure: Error
  readonly waitMs?: number | undefined
}

async function tryOnce(
  gateway: Gateway,
  { path, accept = 'application/json', sent }: Request,
): Promise<Received | Failed> {
  let place: GatewayPlace
  try {
    place = gateway.find()
  } catch (cause) {
    return { failure: new NowhereError(cause instanceof Error ? cause.message : String(cause), { cause }) }
  }
  try {
    const response = await fetch(place.origin + path, {
      method: sent ? 'POST' : 'GET',
      headers: {
        accept,
        authorization: `Bearer ${place.token}`,
        ...(sent && { 'content-type': sent.type, 'idempotency-key': sent.key }),
      },
      body: sent?.body ?? null,
      // A token goes nowhere but where it was meant to go.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const bytes = Buffer.from(await response.arrayBuffer())
    if (response.ok) return { bytes, isReplay: response.headers.has('idempotent-replayed') }
    return {
      failure: new RefusedByGateway(response.status, bytes.toString()),
      waitMs: waitOf(response.headers.get('retry-after')),
    }
  } catch (cause) {
    return {
      failure: new Error(`The gateway at ${place.origin} does not answer (${whyOf(cause)})`, { cause }),
    }
  }
}

function whyOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  if (!(cause instanceof Error)) return String(cause)
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message
}

function waitOf(retryAfter: string | null): number | undefined {
  const seconds = Number(retryAfter ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds * 1_000 : undefined
}

function isPassing(failure: Error): boolean {
  if (!(failure instanceof RefusedByGateway)) return true
  return PASSING.includes(failure.status) && !WAITS_FOR_SOMEBODY.includes(failure.code)
}
