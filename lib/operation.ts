/**
 * What an operation is. Each HTTP operation of the gateway is one value made by `defineOperation`; the Lambda,
 * the API Gateway route, the IAM statements, the OpenAPI document, the local route, the README's table and the
 * generated tests are all derived from it.
 */
import * as z from 'zod/mini'
import type { $ZodType, output } from 'zod/v4/core'
import type { Principal } from './changes/model/change.ts'
import type { Changes, Plans, Records, Schedules } from './changes/port.ts'
import type { FilePage, Files } from './files.ts'
import type { Billing } from './genesys/billing.ts'
import type { GenesysReads } from './genesys/genesys-reads.ts'
import type { Inventory } from './inventory/inventory-port.ts'
import type { UsersReading } from './people/shared-walk.ts'
import type { Role } from './roles.ts'
import type { PeriodReport, Seats } from './seats/seats-port.ts'

/**
 * What an operation does; it alone decides what its function is given: which access token, whether the ledger.
 * `read` reads Genesys and has no ledger; `walk` reads the whole organization, which all who ask share by way of the
 * ledger; `write` changes Genesys, through the ledger; `plan` reads Genesys and records; `record` has the ledger alone; `schedule` also makes and unmakes schedules;
 * `inventory` has what readings of the whole org have put into the ledger; `local` has none of these.
 */
export type Effect = 'read' | 'walk' | 'write' | 'plan' | 'record' | 'schedule' | 'inventory' | 'local'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** The organisation a stack serves, from the org file. The License API itself tells neither id nor name. */
export interface OrgIdentity {
  /** Genesys organisation id, a UUID. */
  readonly id: string
  readonly name: string
}

interface Contexts {
  read: { readonly genesys: GenesysReads; readonly org: OrgIdentity }
  walk: { readonly licensesOfAll: () => Promise<UsersReading>; readonly org: OrgIdentity }
  write: { readonly changes: Changes }
  plan: { readonly plans: Plans; readonly billing: Billing }
  record: {
    readonly records: Records
    /** Ids of all that a role includes; of the one function that tells them, since all operations are much. */
    readonly operationsOf?: (role: Role) => string[]
  }
  schedule: { readonly schedules: Schedules }
  inventory: {
    readonly inventory: Inventory
    /** Who calls, for the log; absent for a token that names no subject. */
    readonly actor?: Principal | undefined
    readonly seats: Seats
    /** A page for people; of the one function that answers with it, since what draws it is large. */
    readonly renderPeriod?: (report: PeriodReport) => FilePage
  }
  local: { readonly openapi: Record<string, unknown> }
}

/** What `run` is given besides the request's input, by effect. */
export type ContextOf<E extends Effect> = Contexts[E]

/** The names between braces in a path: `'userId'` for `/users/{userId}`. */
export type PathParameter<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathParameter<Rest>
  : never

type SchemasByName = Readonly<Record<string, $ZodType>>
type ValuesOf<S extends SchemasByName> = { readonly [K in keyof S]: output<S[K]> }

/** What a request carries after parsing and validation. */
export interface OperationInput<Params extends SchemasByName, Query extends SchemasByName, Body> {
  readonly params: ValuesOf<Params>
  readonly query: ValuesOf<Query>
  readonly body: Body
}

interface BodySpec<B extends $ZodType, Optional extends boolean> {
  readonly schema: B
  /** An optional body may be empty or the four bytes `null` (the Python SDK sends those); `run` then gets undefined. */
  readonly isOptional?: Optional
  /** Largest that is read, in bytes, where that is not the usual. */
  readonly maxBytes?: number
  /** As `parseStrictJson` counts them, where that is not the usual. */
  readonly maxValues?: number
}

/** A file that may come in the body's place, of a media type of its own. */
interface UploadSpec<Context, Input> {
  /** One of API Gateway's binary media types, so that its bytes arrive as they were sent. */
  readonly mediaType: string
  readonly maxBytes: number
  run(context: Context, input: Input & { readonly bytes: Uint8Array }): Promise<unknown>
}

/** Permissions of the OAuth client that Genesys asks for; empty where it asks for none. */
export interface Permissions {
  readonly anyOf: readonly string[]
  /** Asked for besides. */
  readonly allOf?: readonly string[]
}

/** Standing facts a caller must know, sent with each answer. */
export interface Deprecation {
  /** The day upstream's behaviour changed, for the Deprecation header (RFC 9745). */
  readonly since: Date
  /** One sentence for the Warning header and the documents: what upstream does today. */
  readonly warning: string
}

/** Lambda answers at most 6 MB to a synchronous call (AWS Lambda quotas); this leaves room for the proxy envelope. */
export const MAX_ANSWER_BYTES = 5_500_000

/** The change that an answer or a refusal is about, for callers whose body has no place for it, and for the log. */
export const CHANGE_ID_HEADER = 'x-change-id'

/** What `run` answers where the status is not 200 or a header is to be sent. */
export class OperationAnswer {
  readonly value: unknown
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(value: unknown, status: number, headers: Readonly<Record<string, string>> = {}) {
    this.value = value
    this.status = status
    this.headers = headers
  }
}

interface Spec<
  Path extends string,
  E extends Effect,
  Params extends SchemasByName,
  Query extends SchemasByName,
  B extends $ZodType,
  Optional extends boolean,
  Column extends string,
> {
  readonly id: string
  readonly method: Method
  readonly path: Path
  readonly summary: string
  /** What a caller should know beyond the summary; Markdown, for the OpenAPI document. */
  readonly description: string
  readonly effect: E
  readonly role: Role
  /** One schema for each {name} in the path: no more, no fewer, or it does not compile. */
  readonly params: Params &
    Record<PathParameter<Path>, $ZodType> &
    Record<Exclude<keyof Params, PathParameter<Path>>, never>
  readonly query?: Query
  readonly body?: BodySpec<B, Optional>
  readonly upload?: UploadSpec<ContextOf<E>, Omit<OperationInput<Params, Query, undefined>, 'body'>>
  readonly response: $ZodType
  /** Where it answers with files too: of GET operations alone. Its function streams, and has more time. */
  readonly files?: Files<ContextOf<E>, OperationInput<Params, Query, undefined>, Column>
  /** Statuses of success, where they are not 200 alone. */
  readonly statuses?: readonly number[]
  readonly permissions: Permissions
  readonly deprecation?: Deprecation
  readonly isPreview?: boolean
  /**
   * What is typed in chat for it: a verb, with the word behind it where that decides which operation is meant. Whoever
   * types it must have the operation's role. What it does there is chat's own: a wish becomes a plan first.
   */
  readonly chat?: readonly string[]
  readonly run: (
    context: ContextOf<E>,
    input: OperationInput<Params, Query, Optional extends true ? output<B> | undefined : output<B>>,
  ) => Promise<unknown> | unknown
}

/** An operation as every consumer sees it, its input types erased. Made only by `defineOperation`. */
export interface Operation<E extends Effect = Effect> {
  readonly id: string
  readonly method: Method
  readonly path: string
  readonly summary: string
  readonly description: string
  readonly effect: E
  readonly role: Role
  readonly params: SchemasByName
  readonly query: SchemasByName
  readonly body?: BodySpec<$ZodType, boolean>
  readonly upload?: UploadSpec<
    ContextOf<E>,
    Omit<OperationInput<SchemasByName, SchemasByName, undefined>, 'body'>
  >
  readonly response: $ZodType
  readonly files?: Files<ContextOf<E>, OperationInput<SchemasByName, SchemasByName, undefined>>
  readonly statuses?: readonly number[]
  readonly permissions: Permissions
  readonly deprecation?: Deprecation
  readonly isPreview?: boolean
  readonly chat?: readonly string[]
  run(
    context: ContextOf<E>,
    input: OperationInput<SchemasByName, SchemasByName, unknown>,
  ): Promise<unknown> | unknown
}

/**
 * Declares an operation.
 *
 * @param spec everything there is to know about it; `params` must name exactly the path's parameters.
 * @returns the same declaration with `query` defaulted and its input types erased.
 */
export function defineOperation<
  const Path extends string,
  const E extends Effect,
  Params extends SchemasByName = Record<never, never>,
  Query extends SchemasByName = Record<never, never>,
  B extends $ZodType = $ZodType<undefined>,
  const Optional extends boolean = false,
  const Column extends string = string,
>(spec: Spec<Path, E, Params, Query, B, Optional, Column>): Operation<E> {
  const query = { ...spec.query, ...(spec.files ? { bom } : {}) }
  return { ...spec, query } as Operation<E>
}

/** Of whatever has files: by the byte order mark spreadsheets know a CSV file's encoding. */
const bom = z.optional(z.literal('true', 'must be true, or left out'))

/** Media types of the files that operations take: their bytes are to arrive as they were sent. */
export function binaryMediaTypes(operations: readonly Pick<Operation, 'upload'>[]): readonly string[] {
  return [...new Set(operations.flatMap(({ upload }) => upload?.mediaType ?? []))]
}

/**
 * Whether a request may, must or cannot carry an Idempotency-Key: required on what /v1 changes, honoured on Genesys's
 * own writes, meaningless elsewhere: reads change nothing, and who asks for a reading twice is given the one that is
 * under way.
 */
export function idempotencyOf({ path, method, effect }: Pick<Operation, 'path' | 'method' | 'effect'>) {
  if (path.startsWith('/v1/') && method !== 'GET' && effect !== 'inventory') return 'required'
  return effect === 'write' ? 'optional' : 'none'
}
