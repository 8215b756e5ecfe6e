/** Headers of answers: each is described once, and declared where it is sent. */
import { idempotencyOf, type Operation } from '../../lib/operation.ts'

const text = { type: 'string' }

const described = {
  'X-Request-Id': {
    description: "The gateway's own id of the request, by which its operator finds it in the log",
    schema: text,
  },
  'ININ-Correlation-Id': {
    description:
      "Genesys's id of the last request that this took there, for its support; absent where it took none",
    schema: text,
  },
  'Retry-After': {
    description: 'Seconds to wait; absent where waiting does not help',
    schema: { type: 'integer', minimum: 1 },
  },
  Deprecation: {
    description:
      "Since when Genesys's own operation does not do what its name says (RFC 9745): `@` and seconds since 1970",
    schema: { type: 'string', pattern: '^@\\d+$' },
  },
  Warning: { description: 'What Genesys does today, behind `299 -`', schema: text },
  Location: {
    description: 'Where to look how far it is, relative to the URL that was asked',
    schema: { type: 'string', format: 'uri-reference' },
  },
  'X-Reading-At': {
    description: 'When the reading that this is from was begun: nothing in it is older',
    schema: { type: 'string', format: 'date-time' },
  },
  'Idempotent-Replayed': {
    description: '`true` where an earlier request with this key had brought the answer about',
    schema: { type: 'string', const: 'true' },
  },
  'X-Change-Id': {
    description: 'The change that the answer is about; absent where it is about none',
    schema: text,
  },
} as const

type HeaderName = keyof typeof described

export const headerComponents: Readonly<Record<string, unknown>> = described

function referencesTo(names: readonly HeaderName[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}

/** Which of the answers with an error an operation gives: those that name a change, those of a deprecated operation. */
export interface ErrorKind {
  readonly namesChange: boolean
  readonly isDeprecated: boolean
}

export const errorKinds: readonly ErrorKind[] = [false, true].flatMap((namesChange) =>
  [false, true].map((isDeprecated) => ({ namesChange, isDeprecated })),
)

export function errorKindOf(operation: Operation): ErrorKind {
  return { namesChange: isAboutChange(operation), isDeprecated: operation.deprecation !== undefined }
}

/** Refused before any change is looked for, and before Genesys is asked. */
const early = [401, 422]

/** Statuses that pass by themselves. */
const passing = [409, 429, 502, 503, 504]

export function errorHeadersOf(
  { namesChange, isDeprecated }: ErrorKind,
  status: number,
): Record<string, unknown> {
  const isEarly = early.includes(status)
  return referencesTo([
    'X-Request-Id',
    ...(isEarly ? [] : (['ININ-Correlation-Id'] as const)),
    ...(passing.includes(status) ? (['Retry-After'] as const) : []),
    ...(namesChange && !isEarly ? (['X-Change-Id', 'Idempotent-Replayed'] as const) : []),
    ...(isDeprecated ? (['Deprecation', 'Warning'] as const) : []),
  ])
}

/** Effects that come without a request to Genesys. */
const apart: readonly Operation['effect'][] = ['record', 'schedule', 'inventory', 'local']

export function successHeadersOf(operation: Operation, status: number): Record<string, unknown> {
  const { effect, deprecation, statuses = [] } = operation
  // What is put on record just now is no repeat; where that has a status of its own, the other one is a mere repeat.
  const isRepeatable = idempotencyOf(operation) !== 'none' && status !== 201
  const isRepeat = status === 200 && statuses.includes(201)
  return referencesTo([
    'X-Request-Id',
    ...(isRepeat || apart.includes(effect) ? [] : (['ININ-Correlation-Id'] as const)),
    ...(isAboutChange(operation) ? (['X-Change-Id'] as const) : []),
    ...(isRepeatable ? (['Idempotent-Replayed'] as const) : []),
    ...(effect === 'walk' ? (['X-Reading-At'] as const) : []),
    // What is recorded and goes on has an id that every answer about it carries.
    ...(effect === 'inventory' && status === 202 ? (['Location'] as const) : []),
    ...(deprecation ? (['Deprecation', 'Warning'] as const) : []),
  ])
}

/** Whatever is recorded, but schedules, is a change. */
function isAboutChange(operation: Operation): boolean {
  return idempotencyOf(operation) !== 'none' && !operation.path.startsWith('/v1/schedules')
}
