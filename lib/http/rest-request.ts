/** Turns API Gateway's REST proxy event (payload version 1.0) into a request; refuses every other shape. */
import * as z from 'zod/mini'
import { type FieldFault, GatewayError } from '../errors.ts'
import { faultyFields, printable } from './field-faults.ts'

const isString = (value: unknown) => typeof value === 'string'

/** An object as it came: z.record would drop a key named `__proto__`, and it would not be refused. */
function named<V>(isValue: (value: unknown) => boolean) {
  return z.optional(
    z.nullable(
      z.custom<Readonly<Record<string, V | null | undefined>>>(
        (given) =>
          typeof given === 'object' &&
          given !== null &&
          Object.values(given).every((value) => (value ?? undefined) === undefined || isValue(value)),
      ),
    ),
  )
}

const strings = named<string>(isString)
const lists = named<string[]>((value) => Array.isArray(value) && value.every(isString))

const RestEvent = z.looseObject({
  httpMethod: z.string(),
  resource: z.string(),
  headers: strings,
  multiValueHeaders: lists,
  queryStringParameters: strings,
  multiValueQueryStringParameters: lists,
  pathParameters: strings,
  body: z.optional(z.nullable(z.string())),
  isBase64Encoded: z.optional(z.boolean()),
  requestContext: z.looseObject({
    requestId: z.optional(z.string()),
    identity: z.optional(z.nullable(z.looseObject({ userArn: z.optional(z.nullable(z.string())) }))),
    authorizer: z.optional(z.nullable(z.looseObject({ role: z.optional(z.nullable(z.string())) }))),
  }),
})

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
  const parsed = z.safeParse(RestEvent, event)
  if (!parsed.success) {
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
  const { data } = parsed
  const faults: FieldFault[] = []
  const headers = headersOf(data, faults)
  const query = queryOf(data, faults)
  if (faults.length > 0) throw faultyFields(faults)
  return {
    method: data.httpMethod,
    resource: data.resource,
    headers,
    query,
    pathParameters: new Map(present(data.pathParameters)),
    body: data.body ?? undefined,
    isBase64Encoded: data.isBase64Encoded ?? false,
    userArn: data.requestContext.identity?.userArn ?? undefined,
    role: data.requestContext.authorizer?.role ?? undefined,
  }
}

type Event = z.output<typeof RestEvent>

function headersOf(event: Event, faults: FieldFault[]): Map<string, string> {
  const headers = new Map<string, string>()
  for (const [given, values] of multi(event.multiValueHeaders, event.headers)) {
    const name = given.toLowerCase()
    if (values.some((value) => CONTROL.test(value))) {
      faults.push(header(singular.includes(name) ? name : '$header', 'has a control character in its value'))
    } else if (singular.includes(name) && (values.length > 1 || headers.has(name))) {
      faults.push(header(name, 'must be sent once'))
    } else headers.set(name, values.join(', '))
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

function queryOf(event: Event, faults: FieldFault[]): Map<string, string> {
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
function* multi(lists: Event['multiValueHeaders'], singles: Event['headers']): Generator<[string, string[]]> {
  if (lists) {
    for (const [name, values] of Object.entries(lists)) if (values) yield [name, values]
  } else for (const [name, value] of present(singles)) yield [name, [value]]
}

function present(record: Event['headers']): [string, string][] {
  return Object.entries(record ?? {}).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value]] : [],
  )
}

const WithRequestId = z.looseObject({
  requestContext: z.looseObject({ requestId: z.string().check(z.regex(/^[A-Za-z0-9-]{1,64}$/)) }),
})

/** API Gateway's request id, for the log and the answer even where the rest of the event is refused. */
export function requestIdOf(event: unknown): string | undefined {
  const parsed = z.safeParse(WithRequestId, event)
  return parsed.success ? parsed.data.requestContext.requestId : undefined
}
