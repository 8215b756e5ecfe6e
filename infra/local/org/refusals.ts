/**
 * What the embedded org refuses, in Genesys's codes. The codes, and the message of 429, are documented; the other
 * messages are our wording in Genesys's manner, since nothing may rely on them. 405 has no documented code ([?]).
 */
import type { OrgRefusal } from './answers.ts'

export const authenticationRequired: OrgRefusal = {
  status: 401,
  code: 'authentication.required',
  template: 'No authentication bearer token specified in authorization header.',
}

export const badCredentials: OrgRefusal = {
  status: 401,
  code: 'bad.credentials',
  template: 'Invalid login credentials.',
}

export const credentialsExpired: OrgRefusal = {
  status: 401,
  code: 'credentials.expired',
  template: 'The supplied credentials are expired and cannot be used.',
}

export function missingPermissions(anyOf: readonly string[]): OrgRefusal {
  return {
    status: 403,
    code: 'missing.any.permissions',
    template:
      'Unable to perform the requested action. You must have at least one of the following permissions assigned: {permissions}',
    params: { permissions: `[${anyOf.join(', ')}]` },
  }
}

export function missingPermission(permission: string): OrgRefusal {
  return {
    status: 403,
    code: 'missing.permissions',
    template:
      'Unable to perform the requested action. You are missing the following permission(s): {permissions}',
    params: { permissions: permission },
  }
}

export const notFound: OrgRefusal = {
  status: 404,
  code: 'not.found',
  template: 'The requested resource was not found.',
}

export function methodNotAllowed(allowed: readonly string[]): OrgRefusal {
  return {
    status: 405,
    code: 'method.not.allowed',
    template: 'The request method is not supported by the requested resource.',
    headers: { Allow: allowed.join(', ') },
  }
}

export const bodyTooLarge: OrgRefusal = {
  status: 413,
  code: 'request.entity.too.large',
  template: 'The request is over the size limit.',
}

export const unsupportedMediaType: OrgRefusal = {
  status: 415,
  code: 'unsupported.media.type',
  template: 'The content type of the request body is not supported.',
}

export const malformedBody: OrgRefusal = {
  status: 400,
  code: 'bad.request',
  template: 'The request could not be understood by the server due to malformed syntax.',
}

export function invalidValue(fieldName: string): OrgRefusal {
  return {
    status: 400,
    code: 'invalid.value',
    template: 'The value of {field} is not valid.',
    params: { field: fieldName },
    details: [{ errorCode: 'invalid.value', fieldName }],
  }
}

export function rateLimited(seconds: number, requestsPerMinute: number): OrgRefusal {
  return {
    status: 429,
    code: 'too.many.requests.retry.after',
    template: 'Rate limit exceeded the maximum. Retry the request in [{seconds}] seconds',
    params: { seconds: String(seconds) },
    limit: { key: 'token.rate.per.minute', namespace: 'platform.api', value: requestsPerMinute },
    headers: { 'Retry-After': String(seconds) },
  }
}
