/** Puts an org's OAuth clients into its stack's secrets and sees their first tokens through to a working call. */
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  RotateSecretCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import type { Clock } from '../../lib/clock.ts'
import type { ClientCredentials } from '../../lib/credentials/client-credentials.ts'
import type { SecretNames } from '../../lib/credentials/secret-names.ts'
import { tokenOf } from '../../lib/credentials/token-secret.ts'
import { tryToken } from '../../lib/credentials/try-token.ts'
import type { Transport } from '../../lib/genesys/transport.ts'

/** A rotation takes seconds, a cold rotation function included; after this it is taken for stuck. Milliseconds. */
const ROTATION_TIMEOUT_MS = 90_000
const POLL_MS = 500

/** A step failed. The message says which, and what to do, without secrets. */
export class ProvisioningError extends Error {
  override readonly name = 'ProvisioningError'
}

export interface Provisioning {
  readonly client: SecretsManagerClient
  readonly names: SecretNames
  readonly transport: Transport
  readonly clock: Clock
  /** Origin of the Genesys API for the smoke call. */
  readonly apiOrigin: string
  /** Told of each step, in a sentence without secrets. */
  readonly tell: (sentence: string) => void
}

export type Kind = 'read' | 'write'

/**
 * Puts one client's credentials, rotates its token, waits for it, and reads the license definitions with it.
 *
 * @throws ProvisioningError saying which step failed and what to do.
 */
export async function provision(kind: Kind, credentials: ClientCredentials, to: Provisioning): Promise<void> {
  const { client, names, tell } = to
  const clientSecret = kind === 'read' ? names.readClient : names.writeClient
  const tokenSecret = kind === 'read' ? names.readToken : names.writeToken
  await explained(`putting the credentials into ${clientSecret}`, () =>
    client.send(
      new PutSecretValueCommand({ SecretId: clientSecret, SecretString: JSON.stringify(credentials) }),
    ),
  )
  tell(`${kind} client: credentials put into ${clientSecret}`)
  await rotate(tokenSecret, to)
  tell(`${kind} client: token rotated into ${tokenSecret}`)
  const definitions = await smokeCall(tokenSecret, to)
  tell(`${kind} client: Genesys answered with ${definitions} license definitions`)
}

/** Rotates a token's secret and waits until the new version is in force. */
async function rotate(tokenSecret: string, { client, clock }: Provisioning): Promise<void> {
  const before = await currentVersion(client, tokenSecret)
  await explained(`rotating ${tokenSecret}`, () =>
    client.send(new RotateSecretCommand({ SecretId: tokenSecret })),
  )
  const endMs = clock.monotonicMs() + ROTATION_TIMEOUT_MS
  while (clock.monotonicMs() < endMs) {
    const { VersionIdsToStages = {} } = await client.send(
      new DescribeSecretCommand({ SecretId: tokenSecret }),
    )
    const staged = (stage: string) =>
      Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id]?.includes(stage))
    const current = staged('AWSCURRENT')
    if (current !== undefined && current !== before) return
    if (staged('AWSPENDING') === undefined || staged('AWSPENDING') === before) {
      throw new ProvisioningError(
        `The rotation of ${tokenSecret} failed; the rotation function's log says why, in one line (often a wrong client secret, or a Token Duration under 14 hours)`,
      )
    }
    await clock.sleep(POLL_MS)
  }
  throw new ProvisioningError(
    `The rotation of ${tokenSecret} did not end within ${ROTATION_TIMEOUT_MS / 1000} s`,
  )
}

async function currentVersion(client: SecretsManagerClient, secretId: string): Promise<string | undefined> {
  try {
    const { VersionId } = await client.send(new GetSecretValueCommand({ SecretId: secretId }))
    return VersionId
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined
    throw error
  }
}

async function smokeCall(
  tokenSecret: string,
  { client, transport, apiOrigin }: Provisioning,
): Promise<number> {
  const { SecretString, CreatedDate } = await client.send(
    new GetSecretValueCommand({ SecretId: tokenSecret }),
  )
  const body = await tryToken(tokenOf(SecretString, CreatedDate).accessToken, apiOrigin, transport)
  const definitions: unknown = JSON.parse(body.toString('utf8'))
  if (!Array.isArray(definitions))
    throw new ProvisioningError('The smoke call was answered with something else than a list')
  return definitions.length
}

/** @throws ProvisioningError saying what failed and why, where `act` does not say so by itself. */
export async function explained<T>(doing: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (cause) {
    if (cause instanceof ProvisioningError) throw cause
    const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    throw new ProvisioningError(`${doing} failed with ${why}`, { cause })
  }
}
