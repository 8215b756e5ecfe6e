/** What the token's secret holds: `{ accessToken, expiresAt }`, expiresAt in ISO 8601 UTC. */
import * as z from 'zod/mini'
import { CredentialsError } from './credentials-error.ts'

export interface TokenSecret {
  readonly accessToken: string
  /** Epoch milliseconds. */
  readonly expiresAtMs: number
  /** When this version was made, epoch milliseconds. */
  readonly createdAtMs: number
}

/** Visible ASCII alone: anything else cannot stand in an Authorization header. */
export const AccessToken = z.string().check(z.regex(/^[!-~]+$/))

const Stored = z.object({ accessToken: AccessToken, expiresAt: z.iso.datetime() })

/**
 * @param text the secret's string; undefined for a binary secret.
 * @throws CredentialsError saying what is wrong with it, never quoting it.
 */
export function tokenOf(text: string | undefined, createdAt: Date | undefined): TokenSecret {
  if (text === undefined) throw new CredentialsError('the token secret is binary; it must be a JSON string')
  if (text.trim() === '') throw new CredentialsError('the token secret is empty')
  const stored = z.safeParse(Stored, parseSecret(text))
  if (!stored.success) {
    throw new CredentialsError(
      'the token secret has no accessToken and expiresAt: has a rotation succeeded yet?',
    )
  }
  return {
    accessToken: stored.data.accessToken,
    expiresAtMs: Date.parse(stored.data.expiresAt),
    createdAtMs: createdAt?.getTime() ?? 0,
  }
}

/** The string to store for a token. */
export function serializeToken(accessToken: string, expiresAtMs: number): string {
  return JSON.stringify({ accessToken, expiresAt: new Date(expiresAtMs).toISOString() })
}

function parseSecret(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's message quotes what it read, so it is dropped.
    throw new CredentialsError('the token secret is not JSON')
  }
}
