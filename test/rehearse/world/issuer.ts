/** An OIDC issuer: its discovery document, its keys, and tokens that it has signed. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { serveLoopback } from '../../../infra/local/loopback.ts'
import { token } from '../../support/identity/tokens.ts'
import { AUDIENCE, type CallerRole, callers, ISSUER_HOST } from '../template/org-files.ts'

const ISSUER = `https://${ISSUER_HOST}/`
const KEY_ID = 'key-1'
const LIFETIME_SECONDS = 3600

export interface RehearsalIssuer {
  readonly url: string
  readonly mint: (caller: CallerRole) => string
  readonly close: () => Promise<void>
}

export async function startRehearsalIssuer(): Promise<RehearsalIssuer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const documents: Readonly<Record<string, unknown>> = {
    '/.well-known/openid-configuration': { issuer: ISSUER, jwks_uri: `${ISSUER}keys` },
    '/keys': { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: KEY_ID, use: 'sig', alg: 'RS256' }] },
  }
  const { url, close } = await serveLoopback((message, response) => {
    const document = documents[message.url ?? '']
    response.writeHead(document ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(document ?? {}))
  })
  return {
    url,
    close,
    mint(caller) {
      const { subject, scope } = callers[caller]
      const nowSeconds = Math.floor(Date.now() / 1000)
      const claims = { iss: ISSUER, aud: AUDIENCE, sub: subject, scope, exp: nowSeconds + LIFETIME_SECONDS }
      return token({ alg: 'RS256', kid: KEY_ID }, claims, (signed) =>
        sign('sha256', Buffer.from(signed), privateKey),
      )
    },
  }
}
