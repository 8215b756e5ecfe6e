/**
 * From a request to an operation's input: parameters, query and body against their schemas, all faults at
 * once. Before that a body's size, media type, encoding and syntax are checked.
 */
import { type $ZodType, safeParse } from 'zod/v4/core'
import { GatewayError } from '../errors.ts'
import { Faults, faultsOf, printableNameOf, sentenceOf } from '../field-faults.ts'
import { parseStrictJson } from '../json.ts'
import { idempotencyOf, type Operation } from '../operation.ts'
import { ruleFor } from '../text.ts'
import type { Input } from './chain.ts'
import type { RestRequest } from './rest-request.ts'

/**
 * @throws GatewayError `bad.request` naming every faulty field; 413 and 415 for the body as a whole.
 */
export function readInput(operation: Operation, request: RestRequest): Input {
  const faults = new Faults()
  const params: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries(operation.params)) {
    const value = decodeOnce(request.pathParameters.get(name))
    params[name] = checkValue(schema, value, name, faults)
  }

  const query: Record<string, unknown> = {}
  for (const name of request.query.keys()) {
    if (Object.hasOwn(operation.query, name)) continue
    const known = Object.keys(operation.query).join(', ') || 'none'
    faults.add({
      fieldName: printableNameOf(name),
      errorCode: 'UNKNOWN_PARAMETER',
      message: ruleFor(`Unknown query parameter; known are: ${known}`, name),
    })
  }
  for (const [name, schema] of Object.entries(operation.query)) {
    query[name] = checkValue(schema, request.query.get(name), name, faults)
  }

  const bytes = uploadOf(operation, request)
  const body = bytes ? undefined : readBodyOf(operation, request, faults)
  if (idempotencyOf(operation) === 'required' && !request.headers.has('idempotency-key')) {
    faults.add({
      fieldName: 'idempotency-key',
      errorCode: 'MISSING_HEADER',
      message:
        'Send an Idempotency-Key of your own making, 1 to 255 of A-Z a-z 0-9 _ . : -, and the same one when you repeat the request',
    })
  }
  faults.refuse()
  return { params, query, body, bytes }
}

/** @returns the file that came in the body's place; undefined where none did. @throws GatewayError 400, 413 or 415. */
function uploadOf({ upload }: Operation, request: RestRequest): Uint8Array | undefined {
  if (!upload) return undefined
  const [mediaType = ''] = (request.headers.get('content-type') ?? '').split(';')
  if (mediaType.trim().toLowerCase() !== upload.mediaType) return undefined
  refuseEncoded(request)
  refuseOtherCharsets(request)
  const { body = '', isBase64Encoded } = request
  refuseTooLarge(request, upload.maxBytes)
  if (isBase64Encoded) return bytesIn(body)
  if (body.includes(REPLACEMENT)) {
    throw invalid(
      'INVALID_BODY',
      'The file has a U+FFFD, which stands for what once was no UTF-8: save it in UTF-8',
    )
  }
  return Buffer.from(body)
}

/** @throws GatewayError 413 and 415, which are about the body as a whole; what else is wrong joins the faults. */
function readBodyOf({ body: spec, upload }: Operation, request: RestRequest, faults: Faults): unknown {
  try {
    const rules = spec === undefined ? 'none' : spec.isOptional ? 'optional' : 'required'
    const raw = readBody(request, rules, upload ? [upload.mediaType] : [], spec)
    return spec === undefined || raw === undefined ? undefined : checkValue(spec.schema, raw, '', faults)
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'bad.request') throw error
    faults.addEach(error.faults)
    return undefined
  }
}

/** Percent-decodes exactly once; a malformed escape becomes a value that no grammar takes. */
function decodeOnce(raw: string | undefined): string {
  try {
    return decodeURIComponent(raw ?? '')
  } catch {
    return '%'
  }
}

function checkValue(schema: $ZodType, value: unknown, name: string, faults: Faults): unknown {
  // Without its input an issue does not tell a missing field from one of the wrong type.
  const result = safeParse(schema, value, { reportInput: true, error: sentenceOf })
  if (result.success) return result.data
  faults.addEach(faultsOf(result.error, name))
  return undefined
}

/** Largest body read, in bytes: many times the largest valid one (500 pairs are 40 kB), and below Lambda's 6 MB. */
const MAX_BODY_BYTES = 2 * 1024 * 1024

/** An empty parameter, as some clients send it, is none. */
const JSON_TYPE = /^application\/json\s*(;\s*charset\s*=\s*("utf-?8"|utf-?8)\s*)?(;\s*)?$/i
const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]*)/i

/** FF FE or FE FF in base64, whatever follows. */
const UTF16_MARK = /^(?:\/\/[4-7]|\/v[89+/])/

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/** API Gateway hands a text body on with this for each byte that is no UTF-8, and what it was is lost. */
const REPLACEMENT = '\ufffd'

/** Bytes that are no UTF-8 are refused; a byte order mark stays, and then is no JSON. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * @param rules whether the operation takes a body, and whether it can do without.
 * @returns the JSON value; undefined where there is no body, or it is the `null` that stands for none.
 * @throws GatewayError 400, 413 or 415.
 */
function readBody(
  request: RestRequest,
  rules: 'none' | 'optional' | 'required',
  others: readonly string[],
  { maxBytes = MAX_BODY_BYTES, maxValues }: Partial<NonNullable<Operation['body']>> = {},
): unknown {
  refuseTooLarge(request, maxBytes)
  const text = textOf(request)
  if (rules !== 'required' && (text === '' || text === 'null')) return undefined
  if (rules === 'none') throw invalid('INVALID_BODY', 'This operation takes no body')
  if (request.body === undefined) throw invalid('INVALID_BODY', 'This operation needs a JSON body')
  if (text.trim() === '') throw invalid('INVALID_JSON', 'The body is empty; this operation needs JSON')
  refuseOtherTypes(request, others)
  return parseStrictJson(text, maxValues)
}

function textOf({ body = '', isBase64Encoded }: RestRequest): string {
  const text = isBase64Encoded ? decodeBase64(body) : body
  if (text.includes(REPLACEMENT)) {
    throw invalid(
      'INVALID_JSON',
      'The body is not valid UTF-8, or has a U+FFFD for what once was not: send it in UTF-8, and a U+FFFD that is meant as \\ufffd',
    )
  }
  return text
}

function refuseTooLarge({ body = '', isBase64Encoded }: RestRequest, maxBytes: number): void {
  const bytes = isBase64Encoded ? Math.floor((body.length * 3) / 4) : Buffer.byteLength(body)
  if (bytes > maxBytes) throw tooLarge(maxBytes)
}

function bytesIn(body: string): Buffer {
  if (body.length % 4 === 0 && BASE64.test(body)) return Buffer.from(body, 'base64')
  throw invalid('INVALID_BODY', 'The body is not valid base64')
}

function decodeBase64(body: string): string {
  const bytes = bytesIn(body)
  try {
    return utf8.decode(bytes)
  } catch {
    throw invalid('INVALID_JSON', 'The body is not valid UTF-8')
  }
}

function refuseEncoded({ headers }: RestRequest): void {
  const encoding = headers.get('content-encoding')
  if (encoding !== undefined && encoding !== 'identity') {
    throw unsupported('content-encoding', 'Send the body without a content encoding')
  }
}

/** What is read as another than it is said to be says something else. */
function refuseOtherCharsets({ headers, body = '', isBase64Encoded }: RestRequest): void {
  const [, charset = 'utf-8'] = CHARSET.exec(headers.get('content-type') ?? '') ?? []
  if (/^utf-?8$/i.test(charset)) return
  const isMarked = isBase64Encoded && UTF16_MARK.test(body)
  if (/^utf-?16$/i.test(charset) && isMarked) return
  throw unsupported(
    'content-type',
    'Send the file in utf-8, or in utf-16 with a byte order mark: it is not read in the charset that is named',
  )
}

/** @param others media types that a file may have in its place. */
function refuseOtherTypes(request: RestRequest, others: readonly string[]): void {
  refuseEncoded(request)
  if (JSON_TYPE.test(request.headers.get('content-type') ?? '')) return
  const types = ['application/json in utf-8', ...others].join(', or as ')
  throw unsupported('content-type', `Send the body as ${types}`)
}

function unsupported(fieldName: string, message: string): GatewayError {
  return new GatewayError('unsupported.media.type', message, {
    faults: [{ fieldName, errorCode: 'UNSUPPORTED_MEDIA_TYPE', message }],
  })
}

function invalid(errorCode: string, message: string): GatewayError {
  return new GatewayError('bad.request', message, { faults: [{ fieldName: '$', errorCode, message }] })
}

function tooLarge(maxBytes: number): GatewayError {
  const message = `The body is larger than ${maxBytes} bytes: send it in parts`
  return new GatewayError('request.entity.too.large', message, {
    faults: [{ fieldName: '$', errorCode: 'TOO_LARGE', message }],
  })
}
