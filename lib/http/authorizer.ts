/** The Lambda authorizer for `jwt`: verifies a bearer token and answers with the policy of the role its claims map to. */
import type { APIGatewayAuthorizerResult } from 'aws-lambda'
import * as z from 'zod/mini'
import type { Operation } from '../operation.ts'
import { includesRole, type Role } from '../roles.ts'
import { accessDeniedHint } from './gateway-responses.ts'
import { KeysUnreachable } from './issuer-keys.ts'
import { methodPatternOf, operationsOf } from './method-arns.ts'
import { type Claims, type Refusal, TokenRefused } from './verify-token.ts'

export interface AuthorizerDependencies {
  /**
   * Verifies signature, issuer, audience and times. Rejects with TokenRefused for a token that is not to be trusted, with
   * KeysUnreachable where that cannot be known.
   */
  readonly verify: (jwt: string) => Promise<Claims>
  /** The claim that carries roles: its name, behind the names of the claims that it is nested in. */
  readonly roleClaim: readonly string[]
  /** Value of the claim -> role. What is not listed gives nothing. */
  readonly roles: ReadonlyMap<string, Role>
  /** The claim that names whoever asks, for ever and nobody else. There is no other in its place. */
  readonly subjectClaim: string
  readonly operations: readonly Operation[]
  readonly log: AuthorizerLog
}

/** Of what it does not let in. Never the token nor a part of it. */
export interface AuthorizerLog {
  noteRefusal(reason: Refusal, asked: AskedFor): void
  noteUnreachableKeys(error: KeysUnreachable, asked: AskedFor): void
  /** What nobody foresaw: a fault of ours. */
  noteUnforeseen(error: unknown, asked: AskedFor): void
}

/** Which request it was, as API Gateway tells; its access log has the same. */
export interface AskedFor {
  readonly requestId?: string | undefined
  /** The operation's id, and the role that it needs. */
  readonly operation?: string | undefined
  readonly needs?: Role | undefined
}

const Headers = z.optional(z.nullable(z.record(z.string(), z.optional(z.nullable(z.string())))))
const HeaderLists = z.optional(z.nullable(z.record(z.string(), z.optional(z.nullable(z.array(z.string()))))))

/** API Gateway's event of the type REQUEST, or TOKEN, which has the header alone. */
const AuthorizerEvent = z.looseObject({
  methodArn: z.string().check(z.regex(/^arn:[a-z-]+:execute-api:[^:]*:[^:]*:[^/]+\/[^/]+\/.*$/)),
  authorizationToken: z.optional(z.string()),
  headers: Headers,
  multiValueHeaders: HeaderLists,
  resource: z.optional(z.string()),
  httpMethod: z.optional(z.string()),
  requestContext: z.optional(z.looseObject({ requestId: z.optional(z.string()) })),
})
type AuthorizerEvent = z.output<typeof AuthorizerEvent>

/** API Gateway turns a rejection with exactly this message into its 401, and any other into a 5xx. */
export const UNAUTHORIZED = 'Unauthorized'

/**
 * @returns an authorizer handler. The policy names every route of the caller's role, whichever was asked for, so that
 *   API Gateway may cache it by token. A caller without a role is denied everything. Where it does not allow what was
 *   asked, its context has the end of the sentence that says so. What may be cached is asked for by viewers alone, so that
 *   end fits them all.
 *   It rejects with `Unauthorized` for a missing, repeated, expired, forged or foreign token, and otherwise where it cannot
 *   know.
 */
export function authorizer(dependencies: AuthorizerDependencies) {
  const { operations, log } = dependencies
  return async (event: unknown): Promise<APIGatewayAuthorizerResult> => {
    let asked: AskedFor = {}
    try {
      const request = AuthorizerEvent.parse(event)
      const operation = operations.find(
        ({ method, path }) => method === request.httpMethod && path === request.resource,
      )
      asked = {
        requestId: request.requestContext?.requestId,
        operation: operation?.id,
        needs: operation?.role,
      }
      const claims = await dependencies.verify(bearerOf(request))
      const role = roleOf(claims, dependencies)
      const isEnough = role !== undefined && (asked.needs === undefined || includesRole(role, asked.needs))
      if (!isEnough) log.noteRefusal('role', asked)
      return grantOf(valueAt(claims, [dependencies.subjectClaim]), role, {
        api: request.methodArn.split('/').slice(0, 2).join('/'),
        operations,
        hint: isEnough || asked.needs === undefined ? undefined : `; it needs the role ${asked.needs}`,
      })
    } catch (error) {
      throw rejectionOf(error, asked, log)
    }
  }
}

function rejectionOf(error: unknown, asked: AskedFor, log: AuthorizerLog): unknown {
  if (error instanceof TokenRefused) {
    log.noteRefusal(error.reason, asked)
    return new Error(UNAUTHORIZED)
  }
  if (error instanceof KeysUnreachable) log.noteUnreachableKeys(error, asked)
  else log.noteUnforeseen(error, asked)
  return error
}

interface Grant {
  /** ARN of the API's stage. */
  readonly api: string
  readonly operations: readonly Operation[]
  readonly hint: string | undefined
}

function grantOf(
  claimed: unknown,
  role: Role | undefined,
  { api, operations, hint }: Grant,
): APIGatewayAuthorizerResult {
  const subject = subjectOf(claimed)
  const context = {
    ...(role === undefined ? {} : { role, ...(subject === undefined ? {} : { subject }) }),
    ...(hint === undefined ? {} : { [accessDeniedHint]: hint }),
  }
  const policyDocument =
    role === undefined
      ? statement('Deny', [`${api}/*`])
      : statement(
          'Allow',
          operationsOf(role, operations).map((operation) => `${api}/${methodPatternOf(operation)}`),
        )
  return {
    principalId: principalOf(claimed),
    policyDocument,
    ...(Object.keys(context).length === 0 ? {} : { context }),
  }
}

/** More than one blank behind the scheme is none of RFC 6750, and common. */
const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i

/** @throws TokenRefused where there is no one token. */
function bearerOf({ authorizationToken, headers, multiValueHeaders }: AuthorizerEvent): string {
  const given = authorizationToken === undefined ? [] : [authorizationToken]
  for (const [name, values] of Object.entries(multiValueHeaders ?? {})) {
    if (name.toLowerCase() === 'authorization') given.push(...(values ?? []))
  }
  if (given.length === 0) {
    for (const [name, value] of Object.entries(headers ?? {})) {
      if (name.toLowerCase() === 'authorization' && value) given.push(value)
    }
  }
  if (given.length > 1) throw new TokenRefused('repeated')
  const token = BEARER.exec(given[0] ?? '')?.[1]
  if (token === undefined) throw new TokenRefused('missing')
  return token
}

/** The subject as the access log may carry it: API Gateway writes it there unescaped. */
function principalOf(claimed: unknown): string {
  return typeof claimed === 'string'
    ? claimed.replaceAll(/[^A-Za-z0-9@._:|/+=-]/g, '_').slice(0, 128)
    : 'unknown'
}

/** What a subject that is told apart from others may be; the longest that OpenID Connect allows is 255. */
const SUBJECT = /^[^\p{Cc}]{1,256}$/u

/** The subject exactly as the token has it, by which changes are attributed; undefined where it cannot be trusted to be one. */
function subjectOf(claimed: unknown): string | undefined {
  return typeof claimed === 'string' && SUBJECT.test(claimed) && claimed.isWellFormed() ? claimed : undefined
}

/**
 * The highest role any of the claim's values maps to: a text's are between blanks, a list's may have blanks in them, and
 * of true and false the word is looked up.
 */
function roleOf(claims: Claims, { roleClaim, roles }: AuthorizerDependencies): Role | undefined {
  const claim = valueAt(claims, roleClaim)
  const values = valuesIn(claim)
  let highest: Role | undefined
  for (const value of values) {
    const role = typeof value === 'string' ? roles.get(value) : undefined
    if (role && (highest === undefined || includesRole(role, highest))) highest = role
  }
  return highest
}

function valuesIn(claim: unknown): readonly unknown[] {
  if (typeof claim === 'string') return claim.split(' ')
  if (typeof claim === 'boolean') return [String(claim)]
  return Array.isArray(claim) ? claim : []
}

function valueAt(claims: Claims, path: readonly string[]): unknown {
  let value: unknown = claims
  for (const name of path) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined
    value = value[name]
  }
  return value
}

function isObject(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function statement(
  effect: 'Allow' | 'Deny',
  resources: string[],
): APIGatewayAuthorizerResult['policyDocument'] {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: effect, Action: 'execute-api:Invoke', Resource: resources }],
  }
}
