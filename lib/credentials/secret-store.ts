/**
 * The access token's secret, as the functions see it: read it, and ask for a new one; nothing else is
 * allowed them. It holds `{ accessToken, expiresAt }`, expiresAt in ISO 8601 UTC.
 */

import {
  GetSecretValueCommand,
  RotateSecretCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import * as z from 'zod/mini'
import { within } from '../aws/client-settings.ts'
import type { Deadline } from '../clock.ts'
import { CredentialsError } from './credentials-error.ts'

export interface SecretStore {
  /** The token staged AWSCURRENT. @throws CredentialsError */
  read(deadline: Deadline): Promise<TokenSecret>
  /** Starts a rotation; one already under way is as good. @throws CredentialsError */
  askForRotation(deadline: Deadline): Promise<void>
}

/** What to do about each of Secrets Manager's errors. */
const remedies: Readonly<Record<string, string>> = {
  ResourceNotFoundException:
    'the secret does not exist or has no value yet: put the client credentials and rotate',
  AccessDeniedException:
    "the function's role may not read it: check the role, the secret's policy and the KMS key",
  DecryptionFailure: 'KMS could not decrypt it: check that the key is enabled and the role may use it',
  InvalidRequestException: 'it is being deleted, or its state does not allow this',
  ThrottlingException: 'Secrets Manager is throttling this account',
}

/**
 * @param secretId full ARN of the read or the write token's secret.
 */
export function secretStore(client: SecretsManagerClient, secretId: string): SecretStore {
  return {
    async read(deadline) {
      try {
        const { SecretString, CreatedDate } = await within(client, deadline).send(
          new GetSecretValueCommand({ SecretId: secretId }),
        )
        return tokenOf(SecretString, CreatedDate)
      } catch (error) {
        throw secretErrorOf('reading', secretId, error)
      }
    },
    async askForRotation(deadline) {
      try {
        await within(client, deadline).send(new RotateSecretCommand({ SecretId: secretId }))
      } catch (error) {
        if (isRotationUnderWay(error)) return
        throw secretErrorOf('asking for a rotation of', secretId, error)
      }
    },
  }
}

/** Secrets Manager answers so while a version is staged AWSPENDING that is not AWSCURRENT. */
export function isRotationUnderWay(error: unknown): boolean {
  return (
    error instanceof Error &&
    error.name === 'InvalidRequestException' &&
    /previous rotation/i.test(error.message)
  )
}

function secretErrorOf(doing: string, secretId: string, error: unknown): CredentialsError {
  if (error instanceof CredentialsError) return error
  const name = error instanceof Error ? error.name : 'unknown error'
  return new CredentialsError(
    `${doing} ${secretId} failed with ${name}: ${remedies[name] ?? 'see the cause'}`,
    {
      cause: error,
    },
  )
}

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
