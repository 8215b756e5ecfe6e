/** Bearer tokens as an attacker would make them: any header, any claims, any signature. */
import { createHmac, sign } from 'node:crypto'

const encoded = (text: string) => Buffer.from(text).toString('base64url')

/** What is signed, and its signature; an empty one where `signature` says nothing. */
export function token(
  header: unknown,
  claims: unknown,
  signature: (signed: string) => Buffer = () => Buffer.alloc(0),
): string {
  return signedText(header, JSON.stringify(claims), signature)
}

/** As token, of claims that are written already. */
export function signedText(
  header: unknown,
  claims: string,
  signature: (signed: string) => Buffer = () => Buffer.alloc(0),
): string {
  const signed = `${encoded(JSON.stringify(header))}.${encoded(claims)}`
  return `${signed}.${signature(signed).toString('base64url')}`
}

/** An Ed25519 signature. */
export const signedBy = (privateKeyPem: string) => (signed: string) =>
  sign(null, Buffer.from(signed), privateKeyPem)

/** HMAC-SHA-256 with a secret that may well be somebody's public key. */
export const hmacOf = (secret: string | Buffer) => (signed: string) =>
  createHmac('sha256', secret).update(signed).digest()

/** What a token says, whoever signed it. */
export function claimsOf(jwt: string): Claims {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'))
}

interface Claims {
  readonly sub?: string
  readonly scope?: string
  readonly iss?: string
  readonly aud?: string
  readonly exp?: number
  readonly iat?: number
}
