/** What functions are told of an org file by their environment (lib/environment.ts, lib/composition/token-authorizer.ts and doors/page-site.ts). */
import { stackNameOf } from '../constructs/names.ts'
import type { JwtAuth, OrgFile, PageSettings } from './org-file.ts'

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
    ...(auth.subjectClaim === undefined ? {} : { JWT_SUBJECT_CLAIM: auth.subjectClaim }),
    ...(auth.jwksUri === undefined ? {} : { JWT_JWKS_URI: auth.jwksUri }),
  }
}

/** Of the page's function, besides. */
export function pageEnvironmentOf(page: PageSettings, { issuer }: JwtAuth): Record<string, string> {
  const { clientId, scopes = DEFAULT_SCOPES, audience, connect } = page
  return {
    JWT_ISSUER: issuer,
    PAGE_CLIENT_ID: clientId,
    PAGE_SCOPES: JSON.stringify(scopes),
    ...(audience === undefined ? {} : { PAGE_AUDIENCE: audience }),
    ...(connect === undefined ? {} : { PAGE_CONNECT: JSON.stringify(connect) }),
  }
}

/** Every issuer knows it; an issuer that does not know a scope may refuse the sign-in. */
const DEFAULT_SCOPES = ['openid']

/** @param org without faults of its own. @returns a sentence where Lambda would not take the variables of a function. */
export function variableFaults(org: OrgFile): string[] {
  const { auth, page } = org
  if (auth.kind !== 'jwt') return []
  return [
    ...tooLongFor("the authorizer's", org, authorizerEnvironmentOf(auth)),
    ...(page ? tooLongFor("the page's", org, pageEnvironmentOf(page, auth)) : []),
  ]
}

function tooLongFor(whose: string, org: OrgFile, own: Readonly<Record<string, string>>): string[] {
  const bytes = Buffer.byteLength(JSON.stringify({ ...environmentOf(org), ...own }))
  if (bytes <= MAX_BYTES) return []
  const [longest] = Object.entries(fieldsOf)
    .map(([name, field]) => ({ field, length: Buffer.byteLength(own[name] ?? '') }))
    .sort((one, other) => other.length - one.length)
  return [
    `${longest?.field} must be shorter: ${whose} variables would take ${bytes} bytes, and Lambda takes ${MAX_BYTES}`,
  ]
}

/** The org file's words for variables that may be long. */
const fieldsOf: Readonly<Record<string, string>> = {
  JWT_ROLES: 'auth.roles',
  JWT_AUDIENCES: 'auth.audience',
  JWT_ROLE_CLAIM: 'auth.roleClaim',
  JWT_ISSUER: 'auth.issuer',
  JWT_JWKS_URI: 'auth.jwksUri',
  PAGE_SCOPES: 'page.scopes',
  PAGE_CONNECT: 'page.connect',
}

function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value
}
