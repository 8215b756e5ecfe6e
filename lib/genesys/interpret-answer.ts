/** What an answer of Genesys means: a checked value, or the error that the caller of the gateway gets. */
import * as z from 'zod/mini'
import { GatewayError } from '../errors.ts'
import { anyJsonOf, isTooDeep, MAX_LEVELS } from '../json.ts'
import { MIN_RETRY_AFTER_SECONDS, readRetryAfter } from '../transport/retry-after.ts'
import type { TransportError, TransportResponse } from '../transport/transport.ts'
import type { Scope } from './scope.ts'
import { errorBodyOf, isForeign, isHtml } from './who-answered.ts'

/** Statuses that Genesys says and the caller may hear as they are: they are about the request, not about us. */
const passedOn: Readonly<
  Record<
    number,
    'bad.request' | 'not.found' | 'general.conflict' | 'request.entity.too.large' | 'unsupported.media.type'
  >
> = {
  400: 'bad.request',
  404: 'not.found',
  409: 'general.conflict',
  413: 'request.entity.too.large',
  415: 'unsupported.media.type',
}

export function isSuccess({ status }: TransportResponse): boolean {
  return status >= 200 && status < 300
}

/**
 * The value of a 2xx answer, as it came: a model that is read says what must be there and changes nothing, so fields
 * that nobody knows pass through.
 *
 * @throws GatewayError `upstream.bad.response` where the body is no JSON or not of the model.
 */
export function modelOf<S extends z.core.$ZodType>(response: TransportResponse, schema: S): z.core.input<S> {
  const value = parseJson(response)
  if (z.validate(schema, value)) return value
  const { error } = z.safeParse(schema, value)
  throw badResponseError(response, 'Genesys answered with a body that is not of its contract', error)
}

function parseJson(response: TransportResponse): unknown {
  const value = anyJsonOf(response.body)
  if (value === undefined) {
    if (isHtml(response)) throw foreignAnswerError(response)
    throw badResponseError(response, 'Genesys answered with a body that is not JSON')
  }
  if (isTooDeep(value)) {
    throw badResponseError(
      response,
      `Genesys answered with a body that is nested deeper than ${MAX_LEVELS} levels`,
    )
  }
  return value
}

function badResponseError(response: TransportResponse, message: string, cause?: unknown): GatewayError {
  return new GatewayError('upstream.bad.response', `${message} (status ${response.status})`, {
    upstreamStatus: response.status,
    cause,
  })
}

/**
 * Seconds Genesys asks to wait: its Retry-After header, which wins over all its other headers. Of a 429 it asks for a
 * wait even where it cannot be read; undefined where there is none.
 */
export function waitAskedForIn({ status, headers }: TransportResponse, nowMs: number): number | undefined {
  const header = headers['retry-after']
  const isUnread = status === 429 && header !== undefined
  return readRetryAfter(header, nowMs) ?? (isUnread ? MIN_RETRY_AFTER_SECONDS : undefined)
}

/** The error for an answer that is no success. */
export function upstreamErrorOf(
  response: TransportResponse,
  { clock, token }: Pick<Scope, 'clock' | 'token'>,
): GatewayError {
  const { status } = response
  const wait = waitAskedForIn(response, clock.nowMs())
  const upstream = { upstreamStatus: status, retryAfterSeconds: wait }
  if (isFromAnother(response)) return foreignAnswerError(response)
  const code = passedOn[status]
  if (code) {
    const body = errorBodyOf(response)
    // A body that repeats our own request's header must not reach the caller.
    const isServable = body !== undefined && !JSON.stringify(body).includes(token.value)
    return new GatewayError(code, `Genesys answered ${status}`, {
      ...upstream,
      upstreamBody: isServable ? body : undefined,
    })
  }
  switch (status) {
    case 401:
      return new GatewayError(
        'upstream.unauthorized',
        "Genesys does not accept the gateway's access token, not even a renewed one; whoever operates the gateway must look at its OAuth client",
        upstream,
      )
    case 403:
      return new GatewayError(
        'upstream.forbidden',
        `The gateway's OAuth client lacks a permission in Genesys; it needs ${permissionsNamedBy(response)}`,
        upstream,
      )
    case 429:
      return new GatewayError(
        'too.many.requests.retry.after',
        `Rate limit exceeded the maximum. Retry the request in [${wait ?? MIN_RETRY_AFTER_SECONDS}] seconds`,
        { ...upstream, retryAfterSeconds: wait ?? MIN_RETRY_AFTER_SECONDS },
      )
    case 408:
    case 504:
      return new GatewayError('request.timeout', `Genesys answered ${status}: it ran out of time`, upstream)
    case 502:
    case 503:
      return new GatewayError('upstream.unavailable', `Genesys is not available (status ${status})`, {
        ...upstream,
        retryAfterSeconds: wait ?? MIN_RETRY_AFTER_SECONDS,
      })
    default:
      return new GatewayError(
        'upstream.bad.response',
        status >= 300 && status < 400
          ? `Genesys answered with a redirect (status ${status}), which is not followed`
          : `Genesys answered with status ${status}`,
        upstream,
      )
  }
}

/** Statuses that speak of the request or of our client, which nobody but Genesys knows. */
const ofGenesysAlone: readonly number[] = [400, 401, 403, 404, 409, 415]

/** Whether an answer of such a status came from something before Genesys, so that it tells nothing. */
export function isFromAnother(response: TransportResponse): boolean {
  return ofGenesysAlone.includes(response.status) && isForeign(response)
}

function foreignAnswerError({ status }: TransportResponse): GatewayError {
  return new GatewayError(
    'upstream.bad.response',
    `Not Genesys but something before it answered (status ${status}): whoever operates the gateway must look at the proxy, firewall or web filter on its way to Genesys`,
    { upstreamStatus: status },
  )
}

/** The License API's own, where a 403 names none. */
const LICENSE_PERMISSIONS = 'authorization:license:view to read and authorization:grant:add to change'

/** The permissions a 403 asks for, `domain:entity:action`: nothing else of what it says is repeated. */
function permissionsNamedBy(response: TransportResponse): string {
  const named = JSON.stringify(errorBodyOf(response) ?? {}).match(/\b[a-z]+(:[A-Za-z*]+){2}/g) ?? []
  return [...new Set(named)].slice(0, 5).join(' or ') || LICENSE_PERMISSIONS
}

/** The error for a request that got no usable answer. */
export function errorOfFault(error: TransportError): GatewayError {
  switch (error.fault) {
    case 'timeout':
      return new GatewayError('request.timeout', 'Genesys did not answer in time', { cause: error })
    case 'unreachable':
      return new GatewayError('upstream.unavailable', 'Genesys could not be reached', {
        cause: error,
        retryAfterSeconds: MIN_RETRY_AFTER_SECONDS,
      })
    case 'reset':
      return new GatewayError(
        'upstream.bad.response',
        'Genesys closed the connection before its answer was whole',
        {
          cause: error,
        },
      )
    default:
      return new GatewayError(
        'upstream.bad.response',
        'Genesys answered with something that cannot be read',
        {
          cause: error,
        },
      )
  }
}
