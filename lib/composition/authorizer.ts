import { JwtVerifier } from 'aws-jwt-verify'
import { assertIsJwks } from 'aws-jwt-verify/jwk'
import * as z from 'zod/mini'
import { ConfigurationError, type Environment, readEnvironment } from '../environment.ts'
import { authorizer, type Claims } from '../http/authorizer.ts'
import { isRole } from '../http/roles.ts'
import { jsonOf } from '../json.ts'
import type { Role } from '../operation.ts'
import { operations } from '../operations/index.ts'

/** The composition root of the JWT authorizer: any OIDC issuer, claims mapped to roles by the org file. */
export function tokenAuthorizer(environment: Environment = readEnvironment()) {
  return authorizer({
    verify: verifierOf(environment),
    roleClaim: environment.required('JWT_ROLE_CLAIM'),
    roles: rolesOf(environment.required('JWT_ROLES')),
    operations,
  })
}

function verifierOf(environment: Environment): (jwt: string) => Promise<Claims> {
  const jwksUri = environment.optional('JWT_JWKS_URI')
  const verifier = JwtVerifier.create({
    issuer: environment.required('JWT_ISSUER'),
    audience: environment.required('JWT_AUDIENCE'),
    ...(jwksUri === undefined ? {} : { jwksUri }),
    customJwtCheck({ header, payload }) {
      // RFC 7515, section 4.1.11: what a token says must be understood, and is not, makes it invalid.
      if ('crit' in header) throw new Error('the token has a critical header that is not understood')
      // The library checks exp only where there is one; a token that never ends is not accepted.
      if (payload.exp === undefined) throw new Error('the token has no exp claim')
    },
  })
  const inline = environment.optional('JWT_JWKS')
  if (inline !== undefined) {
    const jwks: Parameters<typeof assertIsJwks>[0] = JSON.parse(inline)
    assertIsJwks(jwks)
    verifier.cacheJwks(jwks)
  }
  return (jwt) => verifier.verify(jwt)
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
