/**
 * HTTP, inwards. API Gateway's event comes in, the answer it is given goes out; the authorizer, asked before, has
 * `authorizer.ts` as its own beginning. Start here, with the one function that makes an operation's handler: the middy
 * chain, the same for every operation.
 */
import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import { type Clock, deadlineIn } from '../clock.ts'
import type { Auth } from '../environment.ts'
import { GatewayError } from '../errors.ts'
import { newObserved } from '../genesys/scope.ts'
import { OUTCOME_RESERVE_MS, remainingMsOf, runInvocation } from '../invocation.ts'
import type { ContextOf, Effect, Operation } from '../operation.ts'
import { type Answer, type Call, type Middleware, type RequestLog, requirePresent } from './chain.ts'
import { checkCaller } from './check-caller.ts'
import { readInput } from './read-input.ts'
import { renderFailure, renderSuccess, standingHeadersOf } from './render-answer.ts'
import { requestIdOf, restRequestOf, takenAtOf } from './rest-request.ts'

/** After that long every answer is on its way, milliseconds: the official JavaScript SDKs give up after 16 s. */
const TOTAL_TIMEOUT_MS = 14_000

/** Kept of that to render the answer and hand it to API Gateway, milliseconds. */
const RENDER_RESERVE_MS = 500

/**
 * API Gateway gives up after 29 s: nobody waits for a request that it took longer ago. Then, or where it was taken in
 * the future, the event is one that somebody kept or the clock is wrong, and neither may make every write too late.
 * Milliseconds.
 */
const MAX_WAITED_MS = 29_000

/** With less than this to work in, milliseconds, a request is refused before it has any effect. */
const MIN_READING_MS = 1_000

/** The same of what is put on record: reading, recording and telling. */
const MIN_RECORDING_MS = 2_000

/** What a handler stands on, bound in a composition root. */
export interface Composition<E extends Effect> {
  readonly auth: Auth
  readonly clock: Clock
  readonly log: RequestLog
  /** Run after validation and before the operation, e.g. `accessToken`. */
  readonly middlewares: readonly Middleware[]
  /** What the operation's `run` is given, for one call. */
  contextFor(call: Call, operation: Operation): ContextOf<E>
}

export type Handler = (event: unknown, context: Context) => Promise<Answer>

/**
 * @returns a Lambda handler that never rejects for what a caller or an upstream does: every failure is an answer.
 * @throws Error for an operation that declares files, whose function is made by `streamed`.
 */
export function lambda<E extends Effect>(operation: Operation<E>, composition: Composition<E>): Handler {
  if (operation.files) throw new Error(`${operation.id} has files: its function must be made by streamed()`)
  const { clock, log } = composition
  // The line of the request, which names its id by itself.
  const writesAlone = operation.effect === 'read' || operation.effect === 'local'
  const chain = chainOf(operation, composition, answerWithValue)
  return async (event, context) => {
    const call = newCall(event, context, clock)
    const answer = writesAlone
      ? await chain(call, context)
      : await runInvocation(call.requestId, async () => await chain(call, context))
    log.noteRequest(operation, call, answer)
    return answer
  }
}

/** What makes the answer, once all that is asked is known. */
export type Respond = <E extends Effect>(
  operation: Operation<E>,
  context: ContextOf<E>,
  call: Call,
  headers: Readonly<Record<string, string>>,
) => Promise<Answer>

export const answerWithValue: Respond = async (operation, context, call, headers) => {
  const input = requirePresent(call.input, 'input')
  const { params, query, bytes } = input
  const value =
    operation.upload && bytes
      ? await operation.upload.run(context, { params, query, bytes })
      : await operation.run(context, input)
  return renderSuccess(value, call, headers)
}

/** The chain of every operation, in middy's hands. @param more middlewares behind the one that reads the input. */
export function chainOf<E extends Effect>(
  operation: Operation<E>,
  composition: Composition<E>,
  respond: Respond,
  more: readonly Middleware[] = [],
) {
  const headers = standingHeadersOf(operation)
  // The deadline is ours: middy's own timeout would answer in another form and race every call.
  return middy<Call, Answer, Error, Context>({ timeoutEarlyInMillis: 0 })
    .use(enoughTime(operation))
    .use(envelope())
    .use(checkCaller(operation, composition.auth))
    .use(input(operation))
    .use([...more, ...composition.middlewares])
    .onError((request) => {
      request.event.error = request.error
      request.response = renderFailure(request.error, request.event, headers, operation)
    })
    .handler((call: Call) => respond(operation, composition.contextFor(call, operation), call, headers))
}

export function newCall(event: unknown, context: Context, clock: Clock): Call {
  const remainingMs = remainingMsOf(context)
  return {
    event,
    requestId: requestIdOf(event) ?? context.awsRequestId ?? 'unknown',
    startedMs: clock.monotonicMs(),
    deadline: deadlineIn(
      Math.min(
        TOTAL_TIMEOUT_MS - RENDER_RESERVE_MS - waitedMsOf(event, clock),
        remainingMs - OUTCOME_RESERVE_MS,
      ),
      clock,
    ),
    observed: newObserved(),
  }
}

/** How long ago API Gateway took the request: authorizer and cold start have passed since. */
function waitedMsOf(event: unknown, clock: Clock): number {
  const takenMs = takenAtOf(event)
  const waitedMs = takenMs === undefined ? 0 : clock.nowMs() - takenMs
  return waitedMs > 0 && waitedMs < MAX_WAITED_MS ? waitedMs : 0
}

function enoughTime({ effect, method }: Operation): Middleware {
  const isOnRecord = method !== 'GET' && effect !== 'read' && effect !== 'local'
  const minMs = isOnRecord ? MIN_RECORDING_MS : MIN_READING_MS
  return {
    before({ event: call }) {
      if (call.deadline.remainingMs() >= minMs) return
      throw new GatewayError(
        'deadline.too.short',
        'Too little time is left to do this and record it; try again',
        {
          retryAfterSeconds: 1,
        },
      )
    },
  }
}

function envelope(): Middleware {
  return {
    before({ event: call }) {
      call.request = restRequestOf(call.event)
    },
  }
}

function input(operation: Operation): Middleware {
  return {
    before({ event: call }) {
      call.input = readInput(operation, requirePresent(call.request, 'request'))
    },
  }
}
