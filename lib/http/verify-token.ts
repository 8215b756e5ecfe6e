/** Whether a bearer token is to be trusted, and if not, why: the signature by aws-jwt-verify, the keys as they are handed in. */
import {
  JwtExpiredError,
  JwtInvalidAudienceError,
  JwtInvalidIssuerError,
  JwtInvalidSignatureAlgorithmError,
  JwtInvalidSignatureError,
  JwtNotBeforeError,
} from 'aws-jwt-verify/error'
import { findJwkInJwks, type Jwks } from 'aws-jwt-verify/jwk'
import { type DecomposedJwt, validateJwtFields } from 'aws-jwt-verify/jwt'
import type { JwtHeader, JwtPayload } from 'aws-jwt-verify/jwt-model'
import {
  JwtVerifier,
  type JwtVerifierProperties,
  supportedSignatureAlgorithms,
  type VerifyProperties,
} from 'aws-jwt-verify/jwt-verifier'
import { type Json, safeJsonParse } from 'aws-jwt-verify/safe-json-parse'
import * as z from 'zod/mini'
import { isTooDeep } from '../json.ts'
import { algorithmsOf, type IssuerKeys } from './issuer-keys.ts'

/** Claims of a token. */
export type Claims = Readonly<Record<string, unknown>>

/** Why a caller is turned away, for the log: they themselves are told only that they are. */
export type Refusal =
  | 'missing'
  | 'repeated'
  | 'malformed'
  | 'algorithm'
  | 'critical'
  | 'expired'
  | 'not.yet'
  | 'issuer'
  | 'audience'
  | 'token.use'
  | 'unknown.key'
  | 'signature'
  | 'role'

/** A token that is not to be trusted. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused'
  readonly reason: Refusal

  constructor(reason: Refusal) {
    super(`The token is refused: ${reason}`)
    this.reason = reason
  }
}

export interface TokenRules {
  /** The `iss` claim, exactly. */
  readonly issuer: string
  /** Any of them will do. */
  readonly audiences: readonly string[]
  /** Which claim names whom the token is for. Access tokens of Cognito have no `aud`: theirs is `client_id`. */
  readonly audienceClaim: 'aud' | 'client_id'
}

/** Clocks of issuers and ours may differ by so much: exp and nbf are taken that much later and earlier. Seconds. */
const LEEWAY_SECONDS = 60

/**
 * @returns what verifies a token. It rejects with TokenRefused for one that is not to be trusted, and with
 *   KeysUnreachable where nobody can tell. Claims are looked at before keys are: what is refused by its own words needs none.
 */
export function tokenVerifier(rules: TokenRules, keys: IssuerKeys): (jwt: string) => Promise<Claims> {
  const signatures = new SignatureVerifier(rules.issuer)
  let held: Jwks | undefined
  const verify = (jwt: string, { header }: DecomposedJwt, jwks: Jwks): Claims | undefined => {
    const key = findJwkInJwks(jwks, header.kid ?? '')
    if (key === undefined) return undefined
    // The library asks no more of it than to be what the key says, which need not say it.
    if (!algorithmsOf(key).some((each) => each === header.alg)) throw new TokenRefused('algorithm')
    if (held !== jwks) signatures.cacheJwks(jwks)
    held = jwks
    try {
      return signatures.verifySync(jwt)
    } catch (error) {
      // The key is whole, so what cannot be worked out is the token's: node:crypto throws for a signature of another length.
      throw refusalOf(error, 'signature')
    }
  }
  return async (jwt) => {
    const token = decompose(jwt)
    expectSound(token, rules)
    const claims = verify(jwt, token, await keys.current())
    if (claims !== undefined) return claims
    const newer = await keys.renew()
    const later = newer && verify(jwt, token, newer)
    if (later === undefined) throw new TokenRefused('unknown.key')
    return later
  }
}

type Settings = JwtVerifierProperties<VerifyProperties>

/** The library's, but for two things: a `scope` may be a list, as some issuers have it, and keys are never fetched by it. */
class SignatureVerifier extends JwtVerifier<Partial<VerifyProperties>, Settings, false> {
  constructor(issuer: string) {
    super({ issuer, audience: null, graceSeconds: LEEWAY_SECONDS, jwksUri: issuer })
  }

  protected override getVerifyParameters(jwt: string) {
    const { jwksUri, ...verifyProperties } = this.getIssuerConfig()
    return { decomposedJwt: decompose(jwt), jwksUri, verifyProperties: { ...verifyProperties, jwksUri } }
  }
}

function expectSound({ header, payload }: DecomposedJwt, rules: TokenRules): void {
  const { issuer, audiences, audienceClaim } = rules
  if (!supportedSignatureAlgorithms.some((each) => each === header.alg)) throw new TokenRefused('algorithm')
  // RFC 7515, section 4.1.11: what a token says must be understood, and is not, makes it invalid.
  if ('crit' in header) throw new TokenRefused('critical')
  const isForUs = audienceClaim === 'aud'
  try {
    validateJwtFields(payload, {
      issuer,
      audience: isForUs ? [...audiences] : null,
      graceSeconds: LEEWAY_SECONDS,
    })
  } catch (error) {
    throw refusalOf(error, 'malformed')
  }
  if (isForUs) return
  if (!audiences.some((each) => each === payload['client_id'])) throw new TokenRefused('audience')
  // Cognito's ID tokens say who somebody is and not what they may do.
  if ((payload['token_use'] ?? 'access') !== 'access') throw new TokenRefused('token.use')
}

const reasons: readonly (readonly [new (...given: never[]) => Error, Refusal])[] = [
  [JwtExpiredError, 'expired'],
  [JwtNotBeforeError, 'not.yet'],
  [JwtInvalidIssuerError, 'issuer'],
  [JwtInvalidAudienceError, 'audience'],
  [JwtInvalidSignatureAlgorithmError, 'algorithm'],
  [JwtInvalidSignatureError, 'signature'],
]

/** What the library found, as a refusal. What it did not foresee comes of nothing but the token, and is refused as said. */
function refusalOf(error: unknown, otherwise: Refusal): TokenRefused {
  const found = reasons.find(([kind]) => error instanceof kind)
  return new TokenRefused(found?.[1] ?? otherwise)
}

const Header = z.looseObject({ alg: z.string(), kid: z.string() })

const Payload = z.looseObject({
  iss: z.string(),
  // Needed: a token that never ends is not accepted.
  exp: z.number(),
  nbf: z.optional(z.number()),
  iat: z.optional(z.number()),
  sub: z.optional(z.string()),
  aud: z.optional(z.union([z.string(), z.array(z.string())])),
})

/** Three parts in base64url. */
const JWT = /^([A-Za-z0-9_-]+={0,2})\.([A-Za-z0-9_-]+={0,2})\.([A-Za-z0-9_-]+={0,2})$/

/** @throws TokenRefused for what is no JWT. */
function decompose(jwt: string): DecomposedJwt {
  const [, headerB64 = '', payloadB64 = '', signatureB64 = ''] = JWT.exec(jwt) ?? []
  const header = jsonIn(headerB64)
  const payload = jsonIn(payloadB64)
  if (!isHeader(header) || !isPayload(payload)) throw new TokenRefused('malformed')
  return { header, headerB64, payload, payloadB64, signatureB64 }
}

function jsonIn(part: string): Json {
  try {
    const json = safeJsonParse(Buffer.from(part, 'base64url').toString('utf8'))
    return isTooDeep(json) ? null : json
  } catch {
    return null
  }
}

function isHeader(json: Json): json is JwtHeader {
  return Header.safeParse(json).success
}

/** But for `scope`, which is left to whoever looks for roles in it. */
function isPayload(json: Json): json is JwtPayload {
  return Payload.safeParse(json).success
}
