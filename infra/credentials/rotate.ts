/**
 * One rotation from asking for it to its token in force. Secrets Manager's reads may lag behind what it did: a version
 * that is not there yet, or still there, is looked at again before anything is made of it.
 */
import { randomUUID } from 'node:crypto'
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ResourceNotFoundException,
  RotateSecretCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import type { Clock } from '../../lib/clock.ts'
import { isRotationUnderWay, type TokenSecret, tokenOf } from '../../lib/credentials/secret-store.ts'
import { explained, ProvisioningError } from './provisioning-error.ts'

/** A rotation takes seconds, a cold rotation function included; after this it is taken for stuck. Milliseconds. */
const ROTATION_TIMEOUT_MS = 90_000

/** How long a read may lag behind a write; it is mostly under a second. Milliseconds. */
const LAG_MS = 5_000

/** One under way ends within the 30 s that its function lives, or is one that failed and waits to be tried again. Milliseconds. */
const UNDER_WAY_MS = 35_000

const POLL_MS = 500

export interface Rotating {
  readonly client: SecretsManagerClient
  readonly clock: Clock
  /** Told of what was found in the way, in a sentence. */
  readonly tell: (sentence: string) => void
}

/**
 * Rotates a token's secret and waits for the token. An unfinished rotation is waited for, since it may have begun with
 * other credentials, and given up where it does not end.
 *
 * @throws ProvisioningError saying what failed and what to do.
 */
export async function rotate(tokenSecret: string, at: Rotating): Promise<TokenSecret> {
  const { client, clock } = at
  const version = await begin(tokenSecret, at)
  const endMs = clock.monotonicMs() + ROTATION_TIMEOUT_MS
  let unseenSinceMs: number | undefined
  while (clock.monotonicMs() < endMs) {
    const stages = (await stagesByVersion(client, tokenSecret))[version] ?? []
    if (stages.includes('AWSCURRENT')) return await tokenAt(tokenSecret, version, at)
    unseenSinceMs = stages.includes('AWSPENDING') ? undefined : (unseenSinceMs ?? clock.monotonicMs())
    if (unseenSinceMs !== undefined && clock.monotonicMs() - unseenSinceMs >= LAG_MS) {
      throw new ProvisioningError(
        `The rotation of ${tokenSecret} failed; the rotation function's log says why, in one line (often a wrong client secret, or a Token Duration under 14 hours)`,
      )
    }
    await clock.sleep(POLL_MS)
  }
  throw new ProvisioningError(
    `The rotation of ${tokenSecret} did not end within ${ROTATION_TIMEOUT_MS / 1000} s; Secrets Manager goes on trying it by itself, and the rotation function's log says what is in the way (often that Genesys cannot be reached)`,
  )
}

/** @returns the id of the version that the rotation makes. */
async function begin(tokenSecret: string, at: Rotating): Promise<string> {
  const { client } = at
  const ask = async () => {
    const version = randomUUID()
    await client.send(new RotateSecretCommand({ SecretId: tokenSecret, ClientRequestToken: version }))
    return version
  }
  return await explained(`rotating ${tokenSecret}`, async () => {
    try {
      return await ask()
    } catch (error) {
      if (!isRotationUnderWay(error)) throw error
    }
    const leftover = await pendingAfterWaiting(tokenSecret, at)
    if (leftover !== undefined) {
      await client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: tokenSecret,
          VersionStage: 'AWSPENDING',
          RemoveFromVersionId: leftover,
        }),
      )
      at.tell(`an unfinished rotation of ${tokenSecret} was given up, and another one begun`)
    }
    return await ask()
  })
}

/** @returns the version that is still AWSPENDING, and not in force, when a rotation should have ended. */
async function pendingAfterWaiting(
  tokenSecret: string,
  { client, clock }: Rotating,
): Promise<string | undefined> {
  const endMs = clock.monotonicMs() + UNDER_WAY_MS
  for (;;) {
    const pending = Object.entries(await stagesByVersion(client, tokenSecret)).find(
      ([, stages]) => stages.includes('AWSPENDING') && !stages.includes('AWSCURRENT'),
    )
    if (pending === undefined || clock.monotonicMs() >= endMs) return pending?.[0]
    await clock.sleep(POLL_MS)
  }
}

async function stagesByVersion(
  client: SecretsManagerClient,
  secretId: string,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const { VersionIdsToStages = {} } = await explained(`looking at ${secretId}`, () =>
    client.send(new DescribeSecretCommand({ SecretId: secretId })),
  )
  return VersionIdsToStages
}

async function tokenAt(
  tokenSecret: string,
  version: string,
  { client, clock }: Rotating,
): Promise<TokenSecret> {
  const endMs = clock.monotonicMs() + LAG_MS
  for (;;) {
    try {
      const { SecretString, CreatedDate } = await client.send(
        new GetSecretValueCommand({ SecretId: tokenSecret, VersionId: version }),
      )
      return tokenOf(SecretString, CreatedDate)
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException) || clock.monotonicMs() >= endMs) throw error
      await clock.sleep(POLL_MS)
    }
  }
}
