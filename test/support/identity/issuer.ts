/** An OIDC issuer over TLS: discovery, keys and tokens, as identity providers have them, and as they fail. */

import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { type AuthorizerMachine, tokenAuthorizer } from '../../../lib/composition/token-authorizer.ts'
import { readEnvironment } from '../../../lib/environment.ts'
import { type FakeClock, fakeClock } from '../fake-clock.ts'
import { takeLines } from '../lines.ts'
import { startTrusted } from '../servers.ts'
import { token } from './tokens.ts'

/** Algorithms that issuers sign with, each with a new key of its kind and the hash that goes with it. */
const kinds = {
  RS256: [() => generateKeyPairSync('rsa', { modulusLength: 2048 }), 'sha256'],
  ES256: [() => generateKeyPairSync('ec', { namedCurve: 'P-256' }), 'sha256'],
  ES384: [() => generateKeyPairSync('ec', { namedCurve: 'P-384' }), 'sha384'],
  ES512: [() => generateKeyPairSync('ec', { namedCurve: 'P-521' }), 'sha512'],
  EdDSA: [() => generateKeyPairSync('ed25519'), null],
} as const

export type SigningAlgorithm = keyof typeof kinds

/** Real time: the library that verifies tokens looks at no other clock. */
const nowSeconds = () => Math.floor(Date.now() / 1000)

export interface Issuer {
  readonly issuer: string
  readonly jwksUri: string
  readonly certificate: string
  /** Paths asked for, in order. */
  readonly asked: string[]
  /** Signs a token with the newest key, or another. */
  readonly mint: (claims?: Readonly<Record<string, unknown>>, kid?: string) => string
  /** Signs with another key from now on. @returns its kid. */
  readonly addKey: () => string
  readonly removeKey: (kid: string) => void
  /** Answers everything, or one path, in this way from now on. */
  readonly failing: (listener: RequestListener, path?: string) => void
  readonly mend: () => void
  /** Nobody listens any more. */
  readonly close: () => Promise<void>
}

export interface IssuerOptions {
  /** Behind the host: '' or '/tenant/v2.0', with a slash at the end where the issuer has one. */
  readonly path?: string
  /** Of the discovery document, in place of its own. */
  readonly discovery?: Readonly<Record<string, unknown>>
  /** RS256 unless it is said. Its keys do not say which they are for. */
  readonly alg?: SigningAlgorithm
  /** More keys of the set, before its own. */
  readonly besides?: readonly unknown[]
}

export async function startIssuer({
  path = '',
  discovery = {},
  alg = 'RS256',
  besides = [],
}: IssuerOptions = {}): Promise<Issuer> {
  const asked: string[] = []
  const [newKey, hash] = kinds[alg]
  const keys = new Map<string, { readonly privateKey: KeyObject; readonly publicKey: KeyObject }>()
  const faults = new Map<string, RequestListener>()
  const base = path.replace(/\/$/, '')
  const documents: Readonly<Record<string, () => unknown>> = {
    [`${base}/.well-known/openid-configuration`]: () => ({
      issuer: `${origin}${path}`,
      jwks_uri: `${origin}/keys`,
      ...discovery,
    }),
    '/keys': () => ({
      keys: [
        ...besides,
        ...[...keys].map(([kid, { publicKey }]) => ({
          ...publicKey.export({ format: 'jwk' }),
          kid,
          use: 'sig',
        })),
      ],
    }),
  }
  const { origin, certificate, close } = await startTrusted((request, response) => {
    const { url = '' } = request
    asked.push(url)
    const fault = faults.get(url) ?? faults.get('*')
    if (fault) return fault(request, response)
    const document = documents[url.replace(/\?.*/, '')]
    response.writeHead(document ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(document?.() ?? {}))
  })
  const addKey = () => {
    const kid = `key-${keys.size + 1}`
    keys.set(kid, newKey())
    return kid
  }
  addKey()
  return {
    issuer: `${origin}${path}`,
    jwksUri: `${origin}/keys`,
    certificate,
    asked,
    addKey,
    removeKey: (kid) => void keys.delete(kid),
    mint(claims = {}, kid = [...keys.keys()].at(-1) ?? '') {
      const standing = { iss: `${origin}${path}`, aud: 'gateway', exp: nowSeconds() + 3600, sub: 'ana' }
      const key = keys.get(kid)?.privateKey
      return token({ alg, kid }, { ...standing, ...claims }, (signed) =>
        key ? sign(hash, Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }) : Buffer.from('forged'),
      )
    },
    failing: (listener, at = '*') => void faults.set(at, listener),
    mend: () => faults.clear(),
    close,
  }
}

export interface AskingOptions {
  /** Of the authorizer, as the stack gives it. */
  readonly environment?: Readonly<Record<string, string>>
  readonly machine?: Partial<AuthorizerMachine>
}

export interface Asking {
  readonly clock: FakeClock
  readonly authorize: ReturnType<typeof tokenAuthorizer>
  /** Asks with this token. */
  readonly ask: (jwt: string) => ReturnType<ReturnType<typeof tokenAuthorizer>>
  /** What was logged since, oldest first. */
  readonly logged: () => readonly Record<string, unknown>[]
}

/** The deployed authorizer before that issuer, on a clock of its own, until the test ends. */
export function askingFor(
  { issuer, certificate }: Pick<Issuer, 'issuer' | 'certificate'>,
  { environment = {}, machine = {} }: AskingOptions = {},
): Asking {
  const clock = fakeClock()
  const written = takeLines()
  const authorize = tokenAuthorizer(
    readEnvironment({
      AWS_REGION: 'eu-west-1',
      GATEWAY_STACK: 'door',
      GATEWAY_AUTH: 'jwt',
      GENESYS_REGION: 'eu_west_1',
      GENESYS_ORG_ID: '00000000-0000-4000-8000-000000000000',
      GENESYS_ORG_NAME: 'Door',
      JWT_ISSUER: issuer,
      JWT_AUDIENCES: '["gateway"]',
      JWT_ROLE_CLAIM: '["scope"]',
      JWT_ROLES: '{"read":"viewer","write":"operator"}',
      ...environment,
    }),
    { clock, keysTimeoutMs: 3_000, authorities: certificate, ...machine },
  )
  return {
    clock,
    authorize,
    ask: (jwt) =>
      authorize({
        type: 'REQUEST',
        methodArn: 'arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/live/GET/v1/openapi.json',
        resource: '/v1/openapi.json',
        httpMethod: 'GET',
        multiValueHeaders: { Authorization: [`Bearer ${jwt}`] },
        requestContext: { requestId: 'request-1' },
      }),
    logged: () => written.map((line) => JSON.parse(line)),
  }
}
