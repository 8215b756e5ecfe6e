/**
 * The keys that an OIDC issuer signs with: found by discovery, fetched within a bound of time, and kept. What cannot be
 * fetched is not known, which is another thing than a key that is not there.
 */
import { createPublicKey } from 'node:crypto'
import { NonRetryableFetchError } from 'aws-jwt-verify/error'
import { assertIsSignatureJwk, isJwk, type Jwk, type Jwks } from 'aws-jwt-verify/jwk'
import * as z from 'zod/mini'
import { type Clock, type Deadline, deadlineIn } from '../clock.ts'
import { jsonOf } from '../json.ts'

/** Discovery and keys together, milliseconds: whoever waits for an answer waits for this too. */
export const KEYS_TIMEOUT_MS = 3_000

/** With less than this left, a failed fetch is not repeated. Milliseconds. */
const MIN_REPEAT_MS = 500

/**
 * Between two fetches, milliseconds: tokens of unknown keys, which anybody can make, and a key server that is down must
 * not lead to one for each request. A key that is signed with at once after it was published waits this long at most.
 */
const MIN_INTERVAL_MS = 5_000

/** A key that the issuer has withdrawn is good for no longer than this, milliseconds, as long as the issuer answers. */
const MAX_AGE_MS = 3_600_000

/** Old keys of an issuer that does not answer are good on, and it is asked again after this. Milliseconds. */
const STALE_INTERVAL_MS = 60_000

/** Whether a token is good cannot be known: the issuer's keys could not be fetched. */
export class KeysUnreachable extends Error {
  override readonly name = 'KeysUnreachable'
}

export interface IssuerKeys {
  /** @throws KeysUnreachable where there are none yet and none can be had. */
  current(): Promise<Jwks>
  /**
   * After a key was asked for that `current` does not have.
   *
   * @returns undefined where the keys are so new that there is no such key.
   * @throws KeysUnreachable where nobody can tell.
   */
  renew(): Promise<Jwks | undefined>
}

export interface IssuerKeysDependencies {
  /** Exactly as tokens have it. */
  readonly issuer: string
  /** Where the keys are; without it the issuer's discovery document says so. */
  readonly jwksUri?: string | undefined
  /** The body of a 200. Rejects for anything else, and when the time is over. */
  readonly fetch: (url: string, timeoutMs: number) => Promise<Uint8Array>
  readonly clock: Clock
  /** Of discovery and keys together, milliseconds. */
  readonly timeoutMs: number
  /** Told when old keys go on being good because new ones cannot be had. */
  readonly onStale: (error: unknown) => void
}

/** Keys that are never fetched, out of `signingKeysIn`. */
export function fixedKeys(jwks: Jwks): IssuerKeys {
  return { current: async () => jwks, renew: async () => undefined }
}

export function issuerKeys(dependencies: IssuerKeysDependencies): IssuerKeys {
  const { clock, timeoutMs, onStale } = dependencies
  let known: { readonly jwks: Jwks; readonly atMs: number } | undefined
  let failed: { readonly error: unknown; readonly atMs: number } | undefined
  let fetching: Promise<Jwks> | undefined

  const ageMs = (past: { readonly atMs: number } | undefined) =>
    past === undefined ? Number.POSITIVE_INFINITY : clock.monotonicMs() - past.atMs

  async function fetchNow(): Promise<Jwks> {
    try {
      const jwks = await fetchKeys(dependencies, deadlineIn(timeoutMs, clock))
      known = { jwks, atMs: clock.monotonicMs() }
      failed = undefined
      return jwks
    } catch (error) {
      failed = { error, atMs: clock.monotonicMs() }
      throw unreachable(error)
    } finally {
      fetching = undefined
    }
  }

  /** One at a time, for all who wait. */
  function fetchOnce(): Promise<Jwks> {
    fetching ??= fetchNow()
    return fetching
  }

  return {
    async current() {
      if (known === undefined) {
        if (ageMs(failed) < MIN_INTERVAL_MS) throw unreachable(failed?.error)
        return await fetchOnce()
      }
      if (ageMs(known) < MAX_AGE_MS || ageMs(failed) < STALE_INTERVAL_MS) return known.jwks
      const { jwks } = known
      return await fetchOnce().catch((error: unknown) => {
        onStale(error)
        return jwks
      })
    },
    async renew() {
      if (ageMs(failed) < MIN_INTERVAL_MS) throw unreachable(failed?.error)
      return ageMs(known) < MIN_INTERVAL_MS ? undefined : await fetchOnce()
    },
  }
}

function unreachable(cause: unknown): KeysUnreachable {
  return new KeysUnreachable("The issuer's keys could not be fetched", { cause })
}

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.string() })

async function fetchKeys(
  { issuer, jwksUri, fetch }: IssuerKeysDependencies,
  deadline: Deadline,
): Promise<Jwks> {
  const json = async (url: string) => jsonOf(text(await fetchTwice(fetch, url, deadline)))
  if (jwksUri !== undefined) return signingKeysIn(await json(jwksUri), jwksUri)
  const where = discoveryOf(issuer)
  const found = Discovery.safeParse(await json(where))
  if (!found.success) throw new Error(`${where} is no discovery document`)
  // Without this, whoever can put a document there could hand in keys of their own (OpenID Connect Discovery, 4.3).
  if (found.data.issuer !== issuer) {
    throw new Error(`${where} is of the issuer ${found.data.issuer}, not of ${issuer}`)
  }
  const { jwks_uri: named } = found.data
  if (!URL.canParse(named) || new URL(named).protocol !== 'https:') {
    throw new Error(`${where} has a jwks_uri that is no https URL`)
  }
  return signingKeysIn(await json(named), named)
}

/** OpenID Connect Discovery 1.0, section 4: a slash at the issuer's end is taken off first. */
function discoveryOf(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
}

/** A connection that was broken heals at once or not in time; an answer that is none would be the same again. */
async function fetchTwice(
  fetch: IssuerKeysDependencies['fetch'],
  url: string,
  deadline: Deadline,
): Promise<Uint8Array> {
  try {
    return await fetch(url, deadline.remainingMs())
  } catch (error) {
    if (error instanceof NonRetryableFetchError || deadline.remainingMs() < MIN_REPEAT_MS) throw error
    return await fetch(url, deadline.remainingMs())
  }
}

const KeySet = z.object({ keys: z.array(z.json()) })

/**
 * Keys of a set that could sign. Others may stand beside them (for encryption, of kinds yet to come, damaged) and are
 * passed over: a token that names one of those names no key.
 *
 * @param where they are from, for whoever reads why there are none.
 */
export function signingKeysIn(json: unknown, where: string): Jwks {
  const found = KeySet.safeParse(json)
  if (!found.success) throw new Error(`${where} is no set of keys`)
  const keys = found.data.keys.filter(isSigning)
  if (keys.length === 0) throw new Error(`${where} has no key that signs, is whole and has a kid`)
  return { keys }
}

/** Whether the key is whole enough to judge a signature, of a kind that is taken. */
function isSigning(key: z.core.util.JSONType): key is Jwks['keys'][number] {
  if (!isJwk(key) || typeof key.kid !== 'string' || (key.use ?? 'sig') !== 'sig') return false
  if (algorithmsOf(key).length === 0) return false
  try {
    assertIsSignatureJwk(key)
    createPublicKey({ key, format: 'jwk' })
    return true
  } catch {
    return false
  }
}

const RSA_ALGORITHMS: readonly string[] = ['RS256', 'RS384', 'RS512']

/** RFC 7518, section 3.4, and RFC 8037, section 3.1. */
const curves: ReadonlyMap<string, string> = new Map([
  ['P-256', 'ES256'],
  ['P-384', 'ES384'],
  ['P-521', 'ES512'],
  ['Ed25519', 'EdDSA'],
  ['Ed448', 'EdDSA'],
])

/** What a key of that type and curve can sign with, or what of that it says it is for. */
export function algorithmsOf({ kty, crv = '', alg }: Jwk): readonly string[] {
  const possible = kty === 'RSA' ? RSA_ALGORITHMS : [curves.get(crv) ?? []].flat()
  return alg ? possible.filter((each) => each === alg) : possible
}

function text(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}
