/** Turns API Gateway's REST proxy event (payload version 1.0) into a request; refuses every other shape. */
import { type FieldFault, GatewayError } from '../errors.ts'
import { faultyFields, printable } from './field-faults.ts'

type Texts = Readonly<Record<string, string | null | undefined>> | null | undefined
type Lists = Readonly<Record<string, readonly string[] | null | undefined>> | null | undefined

/** The event as far as it is read. */
interface RestEvent {
  readonly httpMethod: string
  readonly resource: string
  readonly headers?: Texts
  readonly multiValueHeaders?: Lists
  readonly queryStringParameters?: Texts
  readonly multiValueQueryStringParameters?: Lists
  readonly pathParameters?: Texts
  readonly body?: string | null
  readonly isBase64Encoded?: boolean
  readonly requestContext: {
    readonly identity?: { readonly userArn?: string | null } | null
    readonly authorizer?: { readonly role?: string | null } | null
  }
}

/**
 * Checked by hand: a schema's parser copies the event, of which there is much, and took a tenth of a warm read's CPU
 * and 2 ms of a cold start.
 */
function isRestEvent(event: unknown): event is RestEvent {
  return (
    isObject(event) &&
    typeof event['httpMethod'] === 'string' &&
    typeof event['resource'] === 'string' &&
    isRecordOf(event['headers'], isText) &&
    isRecordOf(event['multiValueHeaders'], isList) &&
    isRecordOf(event['queryStringParameters'], isText) &&
    isRecordOf(event['multiValueQueryStringParameters'], isList) &&
    isRecordOf(event['pathParameters'], isText) &&
    isText(event['body']) &&
    (event['isBase64Encoded'] === undefined || typeof event['isBase64Encoded'] === 'boolean') &&
    isObject(event['requestContext']) &&
    hasText(event['requestContext']['identity'], 'userArn') &&
    hasText(event['requestContext']['authorizer'], 'role')
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null
}

function isText(value: unknown): boolean {
  return isAbsent(value) || typeof value === 'string'
}

function isList(value: unknown): boolean {
  return isAbsent(value) || (Array.isArray(value) && value.every((item) => typeof item === 'string'))
}

function isRecordOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  if (isAbsent(value)) return true
  if (!isObject(value)) return false
  for (const name in value) if (!isItem(value[name])) return false
  return true
}

function hasText(value: unknown, name: string): boolean {
  return isAbsent(value) || (isObject(value) && isText(value[name]))
}

export interface RestRequest {
  readonly method: string
  /** The route as declared, `{name}` parts unfilled. */
  readonly resource: string
  /** Single-valued, names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  readonly query: ReadonlyMap<string, string>
  /** As they stood in the URL: still percent-encoded. */
  readonly pathParameters: ReadonlyMap<string, string>
  readonly body: string | undefined
  readonly isBase64Encoded: boolean
  /** What API Gateway vouches for: the IAM identity, or the role our authorizer found. */
  readonly userArn: string | undefined
  readonly role: string | undefined
}

/** More headers that a caller may not repeat than those we read would only refuse honest proxies. */
const singular = ['authorization', 'content-type', 'content-encoding', 'content-length', 'idempotency-key']

/** Characters that could end a header or a log line; no sound client sends them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/

const IDEMPOTENCY_KEY = /^[A-Za-z0-9_.:-]{1,255}$/

/** @throws GatewayError `bad.request` for an event of another shape or a faulty envelope. */
export function restRequest(event: unknown): RestRequest {
  if (!isRestEvent(event)) {
    throw new GatewayError(
      'bad.request',
      'This function answers API Gateway REST proxy events (payload version 1.0) and no other shape',
      {
        faults: [
          {
            fieldName: '$event',
            errorCode: 'UNSUPPORTED_EVENT',
            message: 'not a REST proxy event of payload version 1.0',
          },
        ],
      },
    )
  }
  const faults: FieldFault[] = []
  const headers = headersOf(event, faults)
  const query = queryOf(event, faults)
  if (faults.length > 0) throw faultyFields(faults)
  return {
    method: event.httpMethod,
    resource: event.resource,
    headers,
    query,
    pathParameters: new Map(present(event.pathParameters)),
    body: event.body ?? undefined,
    isBase64Encoded: event.isBase64Encoded ?? false,
    userArn: event.requestContext.identity?.userArn ?? undefined,
    role: event.requestContext.authorizer?.role ?? undefined,
  }
}

function headersOf(event: RestEvent, faults: FieldFault[]): Map<string, string> {
  const headers = new Map<string, string>()
  for (const [given, values] of multi(event.multiValueHeaders, event.headers)) {
    const name = given.toLowerCase()
    const value = values.join(', ')
    if (CONTROL.test(value)) {
      faults.push(header(singular.includes(name) ? name : '$header', 'has a control character in its value'))
    } else if (singular.includes(name) && (values.length > 1 || headers.has(name))) {
      faults.push(header(name, 'must be sent once'))
    } else headers.set(name, value)
  }
  const key = headers.get('idempotency-key')
  if (key !== undefined && !IDEMPOTENCY_KEY.test(key)) {
    faults.push(header('idempotency-key', 'must be 1 to 255 of A-Z a-z 0-9 _ . : -'))
  }
  return headers
}

function header(fieldName: string, rule: string): FieldFault {
  return { fieldName, errorCode: 'INVALID_HEADER', message: `The header ${fieldName} ${rule}` }
}

function queryOf(event: RestEvent, faults: FieldFault[]): Map<string, string> {
  const query = new Map<string, string>()
  for (const [name, values] of multi(event.multiValueQueryStringParameters, event.queryStringParameters)) {
    const [value = ''] = values
    if (values.length > 1) {
      faults.push({
        fieldName: printable(name),
        errorCode: 'REPEATED',
        message: 'A query parameter may be given once',
      })
    } else query.set(name, value)
  }
  return query
}

/** API Gateway gives both forms, a console test event often neither. */
function multi(lists: Lists, singles: Texts): [string, readonly string[]][] {
  const found: [string, readonly string[]][] = []
  if (lists) {
    for (const name in lists) {
      const values = lists[name]
      if (values) found.push([name, values])
    }
  } else for (const [name, value] of present(singles)) found.push([name, [value]])
  return found
}

function present(record: Texts): [string, string][] {
  const found: [string, string][] = []
  for (const name in record) {
    const value = record[name]
    if (typeof value === 'string') found.push([name, value])
  }
  return found
}

const REQUEST_ID = /^[A-Za-z0-9-]{1,64}$/

/** API Gateway's request id, for the log and the answer even where the rest of the event is refused. */
export function requestIdOf(event: unknown): string | undefined {
  const context = isObject(event) ? event['requestContext'] : undefined
  const requestId = isObject(context) ? context['requestId'] : undefined
  return typeof requestId === 'string' && REQUEST_ID.test(requestId) ? requestId : undefined
}
