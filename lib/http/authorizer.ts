/** The Lambda authorizer for `jwt`: verifies a bearer token and answers with the policy of the role its claims map to. */
import type { APIGatewayAuthorizerResult } from 'aws-lambda'
import * as z from 'zod/mini'
import type { Operation, Role } from '../operation.ts'
import { includesRole, methodPattern, operationsOf } from './roles.ts'

/** Claims of a verified token. */
export type Claims = Readonly<Record<string, unknown>>

export interface AuthorizerDependencies {
  /** Verifies signature, issuer, audience and times. Rejects for a token that is not to be trusted. */
  readonly verify: (jwt: string) => Promise<Claims>
  /** The claim that carries roles: a space-separated string (`scope`) or a list (`scp`, `roles`). */
  readonly roleClaim: string
  /** Value of the claim -> role. What is not listed gives nothing. */
  readonly roles: ReadonlyMap<string, Role>
  readonly operations: readonly Operation[]
}

const AuthorizerEvent = z.looseObject({
  methodArn: z.string().check(z.regex(/^arn:[a-z-]+:execute-api:[^:]*:[^:]*:[^/]+\/[^/]+\/.*$/)),
  authorizationToken: z.optional(z.string()),
  headers: z.optional(z.nullable(z.record(z.string(), z.optional(z.nullable(z.string()))))),
  multiValueHeaders: z.optional(
    z.nullable(z.record(z.string(), z.optional(z.nullable(z.array(z.string()))))),
  ),
})

/** API Gateway turns a rejection with exactly this message into its 401. */
const UNAUTHORIZED = 'Unauthorized'

/**
 * @returns an authorizer handler. The policy names every route of the caller's role, whichever was asked for, so that
 *   API Gateway may cache it by token. A caller without a role is denied everything.
 *   It rejects with `Unauthorized` for a missing, repeated, expired, forged or foreign token.
 */
export function authorizer(dependencies: AuthorizerDependencies) {
  return async (event: unknown): Promise<APIGatewayAuthorizerResult> => {
    const parsed = z.safeParse(AuthorizerEvent, event)
    if (!parsed.success) throw new Error(UNAUTHORIZED)
    const jwt = bearerOf(parsed.data)
    if (jwt === undefined) throw new Error(UNAUTHORIZED)
    let claims: Claims
    try {
      claims = await dependencies.verify(jwt)
    } catch (cause) {
      throw new Error(UNAUTHORIZED, { cause })
    }
    const principalId = principalOf(claims)
    const role = roleOf(claims, dependencies)
    const api = parsed.data.methodArn.split('/').slice(0, 2).join('/')
    if (role === undefined) return { principalId, policyDocument: statement('Deny', [`${api}/*`]) }
    const allowed = operationsOf(role, dependencies.operations).map(
      (operation) => `${api}/${methodPattern(operation)}`,
    )
    const subject = subjectOf(claims)
    return {
      principalId,
      policyDocument: statement('Allow', allowed),
      context: { role, ...(subject === undefined ? {} : { subject }) },
    }
  }
}

function bearerOf({
  authorizationToken,
  headers,
  multiValueHeaders,
}: z.output<typeof AuthorizerEvent>): string | undefined {
  const given = authorizationToken === undefined ? [] : [authorizationToken]
  for (const [name, values] of Object.entries(multiValueHeaders ?? {})) {
    if (name.toLowerCase() === 'authorization') given.push(...(values ?? []))
  }
  if (given.length === 0) {
    for (const [name, value] of Object.entries(headers ?? {})) {
      if (name.toLowerCase() === 'authorization' && value) given.push(value)
    }
  }
  return given.length === 1 ? /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(given[0] ?? '')?.[1] : undefined
}

/** The subject as the access log may carry it: API Gateway writes it there unescaped. */
function principalOf({ sub }: Claims): string {
  return typeof sub === 'string' ? sub.replaceAll(/[^A-Za-z0-9@._:|/+=-]/g, '_').slice(0, 128) : 'unknown'
}

/** What a subject that is told apart from others may be; the longest that OpenID Connect allows is 255. */
const SUBJECT = /^[^\p{Cc}]{1,256}$/u

/** The subject exactly as the token has it, by which changes are attributed; undefined where it cannot be trusted to be one. */
function subjectOf({ sub }: Claims): string | undefined {
  return typeof sub === 'string' && SUBJECT.test(sub) && sub.isWellFormed() ? sub : undefined
}

/** The highest role any of the claim's values maps to. */
function roleOf(claims: Claims, { roleClaim, roles }: AuthorizerDependencies): Role | undefined {
  const claim = claims[roleClaim]
  const values: unknown[] = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : []
  let highest: Role | undefined
  for (const value of values) {
    const role = typeof value === 'string' ? roles.get(value) : undefined
    if (role && (highest === undefined || includesRole(role, highest))) highest = role
  }
  return highest
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
