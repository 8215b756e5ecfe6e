/** What functions are told of an org file by their environment (lib/environment.ts, lib/composition/token-authorizer.ts). */
import { stackNameOf } from '../constructs/names.ts'
import type { JwtAuth, OrgFile } from './org-file.ts'

/** Lambda's own limit for all variables of a function, in bytes of their JSON. */
const MAX_BYTES = 4_096

/** Of every function. */
export function environmentOf(org: OrgFile): Record<string, string> {
  return {
    GATEWAY_STACK: stackNameOf(org),
    GENESYS_REGION: org.region,
    GENESYS_ORG_ID: org.id,
    GENESYS_ORG_NAME: org.orgName,
    GATEWAY_AUTH: org.auth.kind,
  }
}

/** Of the authorizer, besides. */
export function authorizerEnvironmentOf(auth: JwtAuth): Record<string, string> {
  return {
    JWT_ISSUER: auth.issuer,
    JWT_AUDIENCES: JSON.stringify(listOf(auth.audience)),
    ...(auth.audienceClaim === undefined ? {} : { JWT_AUDIENCE_CLAIM: auth.audienceClaim }),
    JWT_ROLE_CLAIM: JSON.stringify(listOf(auth.roleClaim)),
    JWT_ROLES: JSON.stringify(auth.roles),
    ...(auth.jwksUri === undefined ? {} : { JWT_JWKS_URI: auth.jwksUri }),
  }
}

/** @param org without faults of its own. @returns a sentence where Lambda would not take the authorizer's variables. */
export function variableFaults(org: OrgFile): string[] {
  if (org.auth.kind !== 'jwt') return []
  const own = authorizerEnvironmentOf(org.auth)
  const bytes = Buffer.byteLength(JSON.stringify({ ...environmentOf(org), ...own }))
  if (bytes <= MAX_BYTES) return []
  const [longest] = Object.entries(fieldsOf)
    .map(([name, field]) => ({ field, length: Buffer.byteLength(own[name] ?? '') }))
    .sort((one, other) => other.length - one.length)
  return [
    `auth.${longest?.field} must be shorter: the authorizer's variables would take ${bytes} bytes, and Lambda takes ${MAX_BYTES}`,
  ]
}

/** The org file's words for variables of which an org file bounds no length. */
const fieldsOf: Readonly<Record<string, keyof JwtAuth>> = {
  JWT_ROLES: 'roles',
  JWT_AUDIENCES: 'audience',
  JWT_ROLE_CLAIM: 'roleClaim',
  JWT_ISSUER: 'issuer',
  JWT_JWKS_URI: 'jwksUri',
}

function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value
}
