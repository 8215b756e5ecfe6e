/**
 * What API Gateway itself answers when no function was reached, in Genesys's ErrorBody. The stack turns each row
 * into a gateway response; the local gateway answers from the same rows.
 */
import type { ErrorCode } from '../errors.ts'

export interface GatewayResponse {
  /** API Gateway's response type. */
  readonly type: string
  readonly status: number
  readonly code: ErrorCode
  readonly message: string
  /** Seconds, where waiting helps. */
  readonly retryAfterSeconds?: number
}

/** The name in the authorizer's context under which the message of `accessDenied` goes on, where it has been asked. */
export const accessDeniedHint = 'hint'

const authorizerFailed = {
  status: 503,
  code: 'authorizer.unavailable',
  message: 'Whether your token is good cannot be told at the moment; nothing was done, try again',
  retryAfterSeconds: 5,
} as const

export const gatewayResponses = {
  unknownRoute: {
    type: 'MISSING_AUTHENTICATION_TOKEN',
    status: 404,
    code: 'not.found',
    message: 'No operation has this method and path; GET /v1/openapi.json lists those there are',
  },
  noCredentials: {
    type: 'UNAUTHORIZED',
    status: 401,
    code: 'authentication.required',
    message: 'Send an Authorization header with a valid bearer token',
  },
  accessDenied: {
    type: 'ACCESS_DENIED',
    status: 403,
    code: 'not.authorized',
    message: 'Your role does not allow this operation',
  },
  unknownResource: {
    type: 'RESOURCE_NOT_FOUND',
    status: 404,
    code: 'not.found',
    message: 'No operation has this method and path; GET /v1/openapi.json lists those there are',
  },
  badApiKey: {
    type: 'INVALID_API_KEY',
    status: 403,
    code: 'not.authorized',
    message: 'An API key opens nothing here; sign the request or send a bearer token',
  },
  badSignature: {
    type: 'INVALID_SIGNATURE',
    status: 403,
    code: 'not.authorized',
    message: 'The request signature does not match; sign with SigV4 for execute-api',
  },
  expiredToken: {
    type: 'EXPIRED_TOKEN',
    status: 403,
    code: 'not.authorized',
    message: 'The AWS session token has expired',
  },
  authorizerFailure: {
    type: 'AUTHORIZER_FAILURE',
    ...authorizerFailed,
  },
  /** A Lambda authorizer that fails with anything but `Unauthorized`, takes too long or cannot be invoked. */
  authorizerConfiguration: {
    type: 'AUTHORIZER_CONFIGURATION_ERROR',
    ...authorizerFailed,
  },
  apiConfiguration: {
    type: 'API_CONFIGURATION_ERROR',
    status: 500,
    code: 'internal.server.error',
    message: 'The API is set up wrongly; deploy it again',
  },
  badBody: {
    type: 'BAD_REQUEST_BODY',
    status: 400,
    code: 'bad.request',
    message: 'The body is not acceptable',
  },
  badParameters: {
    type: 'BAD_REQUEST_PARAMETERS',
    status: 400,
    code: 'bad.request',
    message: 'The parameters are not acceptable',
  },
  tooLarge: {
    type: 'REQUEST_TOO_LARGE',
    status: 413,
    code: 'request.entity.too.large',
    message: 'The request body is larger than the 10 MB that API Gateway takes: send it in parts',
  },
  unsupportedMediaType: {
    type: 'UNSUPPORTED_MEDIA_TYPE',
    status: 415,
    code: 'unsupported.media.type',
    message: 'Send application/json in utf-8',
  },
  throttled: {
    type: 'THROTTLED',
    status: 429,
    code: 'too.many.requests.retry.after',
    message: 'Rate limit exceeded the maximum. Retry the request in [1] seconds',
    retryAfterSeconds: 1,
  },
  quotaExceeded: {
    type: 'QUOTA_EXCEEDED',
    status: 429,
    code: 'too.many.requests.retry.after',
    message: 'The usage quota is exceeded',
  },
  wafFiltered: {
    type: 'WAF_FILTERED',
    status: 403,
    code: 'not.authorized',
    message: 'The request was filtered',
  },
  integrationFailure: {
    type: 'INTEGRATION_FAILURE',
    status: 502,
    code: 'internal.server.error',
    message: 'The function failed before it could answer; its log names the cause',
  },
  integrationTimeout: {
    type: 'INTEGRATION_TIMEOUT',
    status: 504,
    code: 'request.timeout',
    message:
      'The function did not answer in time. After a write, the outcome is unknown: look before repeating it',
  },
  default4xx: {
    type: 'DEFAULT_4XX',
    status: 400,
    code: 'bad.request',
    message: 'The request is not acceptable',
  },
  default5xx: {
    type: 'DEFAULT_5XX',
    status: 500,
    code: 'internal.server.error',
    message: 'The gateway failed; its log names the cause',
  },
} as const satisfies Record<string, GatewayResponse>
