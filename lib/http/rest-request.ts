/** Turns API Gateway's REST proxy event (payload version 1.0) into a request; refuses every other shape. */
import { type FieldFault, GatewayError } from '../errors.ts'
import { Faults, printableNameOf } from '../field-faults.ts'

/** Names with a text each, or with a list of texts each. */
type EventMap = Readonly<Record<string, unknown>> | null | undefined

/** The event as far as it is read; what the records hold is checked as they are walked. */
interface RestEvent {
  readonly httpMethod: string
  readonly resource: string
  readonly headers?: EventMap
  readonly multiValueHeaders?: EventMap
  readonly queryStringParameters?: EventMap
  readonly multiValueQueryStringParameters?: EventMap
  readonly pathParameters?: EventMap
  readonly body?: string | null
  readonly isBase64Encoded?: boolean
  readonly requestContext: {
    readonly identity?: { readonly userArn?: string | null } | null
    readonly authorizer?: { readonly role?: string | null; readonly subject?: string | null } | null
  }
}

/**
 * Checked by hand: a schema's parser copies the event, of which there is much, and took a tenth of a warm read's CPU
 * and 2 ms of a cold start. What the records hold is checked as each is walked, once; of a pair of twins only the
 * one that is read.
 */
function isRestEvent(event: unknown): event is RestEvent {
  return (
    isObject(event) &&
    typeof event['httpMethod'] === 'string' &&
    typeof event['resource'] === 'string' &&
    isRecord(event['headers']) &&
    isRecord(event['multiValueHeaders']) &&
    isRecord(event['queryStringParameters']) &&
    isRecord(event['multiValueQueryStringParameters']) &&
    isRecord(event['pathParameters']) &&
    isText(event['body']) &&
    (event['isBase64Encoded'] === undefined || typeof event['isBase64Encoded'] === 'boolean') &&
    isObject(event['requestContext']) &&
    hasText(event['requestContext']['identity'], 'userArn') &&
    hasText(event['requestContext']['authorizer'], 'role') &&
    hasText(event['requestContext']['authorizer'], 'subject')
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

function isRecord(value: unknown): boolean {
  return isAbsent(value) || isObject(value)
}

function hasText(value: unknown, name: string): boolean {
  return isAbsent(value) || (isObject(value) && isText(value[name]))
}

export interface RestRequest {
  readonly method: string
  /** The route as declared, `{name}` parts unfilled. */
  readonly resource: string
  /** Those that are read here, names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  readonly query: ReadonlyMap<string, string>
  /** As they stood in the URL: still percent-encoded. */
  readonly pathParameters: ReadonlyMap<string, string>
  readonly body: string | undefined
  readonly isBase64Encoded: boolean
  /** What API Gateway vouches for: the IAM identity, or the role and the subject that our authorizer found. */
  readonly userArn: string | undefined
  readonly role: string | undefined
  readonly subject: string | undefined
}

/** More headers that a caller may not repeat than those we read would only refuse honest proxies. */
const singular = ['authorization', 'content-type', 'content-encoding', 'content-length', 'idempotency-key']

/** Characters that could end a header or a log line; no sound client sends them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/

const IDEMPOTENCY_KEY = /^[A-Za-z0-9_.:-]{1,255}$/

/** @throws GatewayError `bad.request` for an event of another shape or a faulty envelope. */
export function restRequestOf(event: unknown): RestRequest {
  if (!isRestEvent(event)) throw otherShape()
  const faults = new Faults()
  const headers = headersOf(event, faults)
  const query = queryOf(event, faults)
  const pathParameters = new Map<string, string>()
  for (const name in event.pathParameters) {
    const [value] = textsOf(event.pathParameters[name])
    if (value !== undefined) pathParameters.set(name, value)
  }
  faults.refuse()
  return {
    method: event.httpMethod,
    resource: event.resource,
    headers,
    query,
    pathParameters,
    body: event.body ?? undefined,
    isBase64Encoded: event.isBase64Encoded ?? false,
    userArn: event.requestContext.identity?.userArn ?? undefined,
    role: event.requestContext.authorizer?.role ?? undefined,
    subject: event.requestContext.authorizer?.subject ?? undefined,
  }
}

function otherShape(): GatewayError {
  return new GatewayError(
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

const none: readonly string[] = []

/** All values of a name where the record holds lists. @throws GatewayError where it holds something else. */
function listOf(given: unknown): readonly string[] {
  if (isAbsent(given)) return none
  if (Array.isArray(given) && given.every((item) => typeof item === 'string')) return given
  throw otherShape()
}

/** The one value of a name where the record holds texts. @throws GatewayError where it holds something else. */
function textsOf(given: unknown): readonly string[] {
  if (isAbsent(given)) return none
  if (typeof given === 'string') return [given]
  throw otherShape()
}

/** API Gateway gives lists as well as single values, a console test event often only the latter. */
function headersOf(event: RestEvent, faults: Faults): Map<string, string> {
  const { multiValueHeaders: lists, headers: texts } = event
  const headers = new Map<string, string>()
  for (const given in lists ?? texts) {
    const values = lists ? listOf(lists[given]) : textsOf(texts?.[given])
    const [value] = values
    if (value === undefined) continue
    const name = given.toLowerCase()
    const isRead = singular.includes(name)
    if (values.some((each) => CONTROL.test(each))) {
      faults.add(header(isRead ? name : '$header', 'has a control character in its value'))
    } else if (!isRead) continue
    else if (values.length > 1 || headers.has(name)) faults.add(header(name, 'must be sent once'))
    else headers.set(name, value)
  }
  const key = headers.get('idempotency-key')
  if (key !== undefined && !IDEMPOTENCY_KEY.test(key)) {
    faults.add(header('idempotency-key', 'must be 1 to 255 of A-Z a-z 0-9 _ . : -'))
  }
  return headers
}

/**
 * A header that is a list, such as Accept, and may be divided over several of the name (RFC 9110, 5.2).
 *
 * @param name in lower case.
 * @returns undefined where there is none.
 */
export function headerListOf(event: unknown, name: string): string | undefined {
  if (!isRestEvent(event)) throw otherShape()
  const { multiValueHeaders: lists, headers: texts } = event
  const given = Object.entries(lists ?? texts ?? {})
    .filter(([each]) => each.toLowerCase() === name)
    .flatMap(([, values]) => values)
  return given.length === 0 ? undefined : given.join(', ')
}

/** The route as declared, of a request that is no operation's. */
export function resourceOf(event: unknown): string {
  if (!isRestEvent(event)) throw otherShape()
  return event.resource
}

function header(fieldName: string, rule: string): FieldFault {
  return { fieldName, errorCode: 'INVALID_HEADER', message: `The header ${fieldName} ${rule}` }
}

function queryOf(event: RestEvent, faults: Faults): Map<string, string> {
  const { multiValueQueryStringParameters: lists, queryStringParameters: texts } = event
  const query = new Map<string, string>()
  for (const name in lists ?? texts) {
    const values = lists ? listOf(lists[name]) : textsOf(texts?.[name])
    if (values.length > 1) {
      faults.add({
        fieldName: printableNameOf(name),
        errorCode: 'REPEATED',
        message: 'must be given once',
      })
    } else if (values[0]?.includes('\ufffd')) {
      // What API Gateway makes of escapes that are no UTF-8.
      faults.add({
        fieldName: printableNameOf(name),
        errorCode: 'INVALID_VALUE',
        message: 'must be valid UTF-8, percent-encoded',
      })
    } else if (values[0] !== undefined) query.set(name, values[0])
  }
  return query
}

const REQUEST_ID = /^[A-Za-z0-9-]{1,64}$/

/** API Gateway's request id, for the log and the answer even where the rest of the event is refused. */
export function requestIdOf(event: unknown): string | undefined {
  const context = isObject(event) ? event['requestContext'] : undefined
  const requestId = isObject(context) ? context['requestId'] : undefined
  return typeof requestId === 'string' && REQUEST_ID.test(requestId) ? requestId : undefined
}

/** When API Gateway took the request, epoch milliseconds; undefined where the event does not say. */
export function takenAtOf(event: unknown): number | undefined {
  const context = isObject(event) ? event['requestContext'] : undefined
  const takenMs = isObject(context) ? context['requestTimeEpoch'] : undefined
  return typeof takenMs === 'number' && Number.isFinite(takenMs) ? takenMs : undefined
}
