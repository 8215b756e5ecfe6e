/** Genesys's ErrorBody, which every failure is answered with, and a response for each status with the gateway's codes. */
import { errorCodes } from '../../lib/errors.ts'
import type { Operation } from '../../lib/operation.ts'
import { type ErrorKind, errorHeadersOf, errorKindOf, errorKinds } from './headers.ts'

const text = { type: 'string' }

const descriptions: Readonly<Record<number, string>> = {
  400: 'The request is malformed; details and errors name every faulty field',
  401: 'No credentials, or none that are valid',
  403: "The caller's role does not allow it, or the caller may not decide on this change",
  404: 'Neither Genesys nor the ledger knows such a thing, or no operation has this path',
  406: 'The operation answers with none of the media types that Accept names',
  409: 'Another change is open on the same thing, a second person must approve (`change.approval.required`), nobody knows yet what became of a write (`outcome.unknown`: do not send it again), or the state of the change does not allow it; `details` has the id of the change',
  413: 'The request, or the answer, is too large',
  415: 'The body is not application/json in utf-8, nor a file that the operation takes in its place',
  422: 'The Idempotency-Key came with another request before',
  429: 'The rate limit is exceeded; Retry-After tells when to come back',
  500: 'The gateway failed',
  502: 'Genesys answered with a fault of its own, refused a token that the gateway had renewed for this very request (`upstream.unauthorized`), or its OAuth client lacks a permission',
  503: 'Genesys is not available, or the gateway has no usable access token (`credentials.unavailable`: none was put, or Genesys refuses one made less than 10 minutes ago, which is not rotated again before); Retry-After tells when to come back',
  504: 'Genesys did not answer in time',
}

export const errorComponents = {
  schemas: {
    Detail: {
      type: 'object',
      properties: {
        errorCode: text,
        fieldName: text,
        message: { type: 'string', description: 'What is wrong with the field, and what it must be' },
        entityId: text,
        entityName: text,
        line: { type: 'integer' },
      },
    },
    ErrorBody: {
      type: 'object',
      required: ['status', 'code', 'message'],
      properties: {
        status: { type: 'integer' },
        code: text,
        message: text,
        messageWithParams: text,
        messageParams: { type: 'object', additionalProperties: text },
        contextId: text,
        details: { type: 'array', items: { $ref: '#/components/schemas/Detail' } },
        errors: { type: 'array', items: { $ref: '#/components/schemas/ErrorBody' } },
        entityId: text,
        entityName: text,
      },
    },
  },
  responses: Object.fromEntries(
    errorKinds.flatMap((kind) =>
      Object.keys(descriptions).map((status) => [
        nameOf(kind, Number(status)),
        responseOf(kind, Number(status)),
      ]),
    ),
  ),
}

/** Operations of a kind share their answers. */
export function errorReference(operation: Operation, status: number) {
  return { $ref: `#/components/responses/${nameOf(errorKindOf(operation), status)}` }
}

/** Such as `409`, `409-change` and `409-change-deprecated`. */
function nameOf({ namesChange, isDeprecated }: ErrorKind, status: number): string {
  return `${status}${namesChange ? '-change' : ''}${isDeprecated ? '-deprecated' : ''}`
}

function responseOf(kind: ErrorKind, status: number) {
  const description = descriptions[status] ?? ''
  return {
    description: `${description}. Codes of the gateway: ${codesOf(status).map(quoted).join(', ')}.`,
    headers: errorHeadersOf(kind, status),
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/ErrorBody' },
        example: exampleOf(status, description),
      },
    },
  }
}

function codesOf(status: number): string[] {
  return Object.entries(errorCodes).flatMap(([code, of]) => (of === status ? [code] : []))
}

function exampleOf(status: number, description: string) {
  const [code] = codesOf(status)
  const [message] = description.replaceAll('`', '').split(/[;,:(]/, 1)
  return { status, code, message, contextId: '3f1c9a52-7f0e-4d5b-9c1d-2b8a6e4f7d10' }
}

function quoted(code: string): string {
  return `\`${code}\``
}
