/** What goes back through API Gateway: JSON with the standing headers, and errors in Genesys's ErrorBody. */
import { GatewayError } from '../errors.ts'
import {
  type Deprecation,
  idempotencyOf,
  MAX_ANSWER_BYTES,
  type Operation,
  OperationAnswer,
} from '../operation.ts'
import { changeHeadersOf } from '../operations/answer-change.ts'
import type { Answer, Call } from './chain.ts'
import { securityHeaders } from './security-headers.ts'

/** Headers of an operation that are the same for every answer, made once. */
export function standingHeadersOf({ deprecation }: Operation): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/json',
    ...securityHeaders,
    ...(deprecation ? deprecationHeadersOf(deprecation) : {}),
  }
}

/** RFC 9745 gives Deprecation a date in epoch seconds; 299 is RFC 7234's code for a lasting warning of any kind. */
function deprecationHeadersOf({ since, warning }: Deprecation): Record<string, string> {
  return { deprecation: `@${since.getTime() / 1000}`, warning: `299 - "${warning}"` }
}

/**
 * @param result what the operation's `run` answered: a value, or a Reply with its status and headers.
 * @throws GatewayError `response.too.large` where Lambda could not hand it on.
 */
export function renderSuccess(
  result: unknown,
  call: Call,
  standing: Readonly<Record<string, string>>,
): Answer {
  const { value, status, headers } =
    result instanceof OperationAnswer
      ? { ...result, headers: { ...standing, ...result.headers } }
      : { value: result, status: 200, headers: standing }
  const body = textOf(value, call)
  // No character of a text takes more than three bytes.
  if (body.length * 3 > MAX_ANSWER_BYTES && Buffer.byteLength(body) > MAX_ANSWER_BYTES) {
    throw new GatewayError(
      'response.too.large',
      'The answer is too large to be sent at once; ask for smaller pages',
    )
  }
  return renderAnswer(status, body, call, headers)
}

/**
 * What Genesys answered goes on to the letter: written anew, large numbers would be others, and names that are numbers
 * would come first.
 */
function textOf(value: unknown, { observed: { lastRead } }: Call): string {
  return lastRead && lastRead.value === value ? lastRead.body.toString() : JSON.stringify(value)
}

/** Renders any failure; what is not a GatewayError is ours, and its reason stays in the log. */
export function renderFailure(
  error: unknown,
  call: Call,
  headers: Readonly<Record<string, string>>,
  operation: Pick<Operation, 'path' | 'method' | 'effect'>,
): Answer {
  const known =
    error instanceof GatewayError
      ? error
      : new GatewayError(
          'internal.server.error',
          'The gateway failed; its log names the cause under this contextId',
        )
  const { retryAfterSeconds: wait, changeId } = known
  return renderAnswer(known.status, JSON.stringify(bodyOfError(known, call, operation)), call, {
    ...headers,
    ...changeHeadersOf(known.isReplay, changeId),
    ...(wait === undefined ? {} : { 'retry-after': String(wait) }),
  })
}

/** Genesys's own body is served as it came, with what the gateway has to say of it (a change's id) behind its details. */
function bodyOfError(
  { status, code, message, faults, upstreamBody }: GatewayError,
  call: Call,
  operation: Pick<Operation, 'path' | 'method' | 'effect'>,
) {
  // The ledger serves ticks, events and reads as well, which have no key.
  const isKeyed = code === 'ledger.unavailable' && idempotencyOf(operation) !== 'none'
  const details = faults.map(({ errorCode, fieldName, message: sentence, entityId, line }) => ({
    errorCode,
    fieldName,
    message: sentence,
    entityId,
    line,
  }))
  if (upstreamBody) {
    const { details: theirs } = upstreamBody
    return details.length === 0
      ? upstreamBody
      : { ...upstreamBody, details: [...(Array.isArray(theirs) ? theirs : []), ...details] }
  }
  return {
    status,
    code,
    message: isKeyed ? `${message}, with the same Idempotency-Key` : message,
    contextId: call.observed.correlationId ?? call.requestId,
    details,
    errors: faults.map((fault) => ({
      status,
      code: 'invalid.value',
      message: `${fault.line === undefined ? '' : `line ${fault.line}, `}${fault.fieldName}: ${fault.message}`,
      messageParams: { fieldName: fault.fieldName },
    })),
  }
}

export function renderAnswer(
  statusCode: number,
  body: string,
  call: Call,
  headers: Readonly<Record<string, string>>,
): Answer {
  const { correlationId } = call.observed
  return {
    statusCode,
    headers: {
      ...headers,
      'x-request-id': call.requestId,
      ...(correlationId === undefined ? {} : { 'inin-correlation-id': correlationId }),
    },
    body,
    isBase64Encoded: false,
  }
}
