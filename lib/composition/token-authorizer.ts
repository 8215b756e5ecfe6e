import { fetch } from 'aws-jwt-verify/https'
import * as z from 'zod/mini'
import { type Clock, systemClock } from '../clock.ts'
import { type Environment, readEnvironment } from '../environment.ts'
import { ConfigurationError } from '../errors.ts'
import { authorizer } from '../http/authorizer.ts'
import {
  fixedKeys,
  type IssuerKeys,
  issuerKeys,
  KEYS_TIMEOUT_MS,
  signingKeysIn,
} from '../http/issuer-keys.ts'
import { type TokenRules, tokenVerifier } from '../http/verify-token.ts'
import { handlerOf } from '../invocation.ts'
import { jsonOf } from '../json.ts'
import { authorizerLog, writeStaleKeys } from '../observe/authorizer-log.ts'
import { operations } from '../operations/index.ts'
import { isRole, type Role } from '../roles.ts'
import { USER_AGENT } from '../transport/user-agent.ts'

/** What tests hand in instead of the machine's own. */
export interface AuthorizerMachine {
  readonly clock: Clock
  /** Longest that the issuer's keys are waited for, milliseconds. */
  readonly keysTimeoutMs: number
  /** Authorities, in PEM, that vouch for the issuer's hosts in place of those that Node knows. */
  readonly authorities?: string
}

/** The composition root of the JWT authorizer: any OIDC issuer, claims mapped to roles by the org file. */
export function tokenAuthorizer(
  environment: Environment = readEnvironment(),
  machine: AuthorizerMachine = { clock: systemClock, keysTimeoutMs: KEYS_TIMEOUT_MS },
) {
  const authorize = authorizer({
    verify: tokenVerifier(rulesOf(environment), keysOf(environment, machine)),
    roleClaim: namesIn(environment, 'JWT_ROLE_CLAIM'),
    roles: rolesOf(environment.required('JWT_ROLES')),
    subjectClaim: environment.optional('JWT_SUBJECT_CLAIM') ?? 'sub',
    operations,
    log: authorizerLog(environment.stack, machine.clock),
  })
  return handlerOf(authorize)
}

function rulesOf(environment: Environment): TokenRules {
  const audienceClaim = environment.optional('JWT_AUDIENCE_CLAIM') ?? 'aud'
  if (audienceClaim !== 'aud' && audienceClaim !== 'client_id') {
    throw new ConfigurationError(`JWT_AUDIENCE_CLAIM must be aud or client_id, not '${audienceClaim}'`)
  }
  return {
    issuer: environment.required('JWT_ISSUER'),
    audiences: namesIn(environment, 'JWT_AUDIENCES'),
    audienceClaim,
  }
}

/** Some firewalls refuse requests that do not say who they are. */
const HEADERS = { accept: 'application/json', 'user-agent': USER_AGENT }

function keysOf(
  environment: Environment,
  { clock, keysTimeoutMs, authorities }: AuthorizerMachine,
): IssuerKeys {
  const inline = environment.optional('JWT_JWKS')
  if (inline !== undefined) return fixedKeys(signingKeysIn(jsonOf(inline), 'JWT_JWKS'))
  return issuerKeys({
    issuer: environment.required('JWT_ISSUER'),
    jwksUri: environment.optional('JWT_JWKS_URI'),
    clock,
    timeoutMs: keysTimeoutMs,
    onStale: (error) => writeStaleKeys(error, clock),
    // How much is read has no bound but the time: the library takes none, and whoever keeps the keys can let anybody in.
    fetch: async (url, timeoutMs) =>
      new Uint8Array(
        await fetch(url, {
          headers: HEADERS,
          responseTimeout: timeoutMs,
          ca: authorities,
        }),
      ),
  })
}

function namesIn(environment: Environment, variable: string): readonly string[] {
  const parsed = z.safeParse(
    z.array(z.string().check(z.minLength(1))).check(z.minLength(1)),
    jsonOf(environment.required(variable)),
  )
  if (!parsed.success) throw new ConfigurationError(`${variable} must be a JSON list of at least one text`)
  return parsed.data
}

function rolesOf(text: string): ReadonlyMap<string, Role> {
  const parsed = z.safeParse(z.record(z.string(), z.string()), jsonOf(text))
  if (!parsed.success) throw new ConfigurationError('JWT_ROLES must be a JSON object: claim value -> role')
  return new Map(
    Object.entries(parsed.data).map(([value, role]) => {
      if (isRole(role)) return [value, role]
      throw new ConfigurationError(`JWT_ROLES maps '${value}' to '${role}', which is no role`)
    }),
  )
}
