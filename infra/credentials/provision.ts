/** Puts an org's OAuth clients into its stack's secrets and sees their first tokens through to a working call. */
import { PutSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { Clock } from '../../lib/clock.ts'
import type { ClientCredentials } from '../../lib/credentials/client-credentials.ts'
import type { SecretNames } from '../../lib/credentials/secret-names.ts'
import type { TokenSecret } from '../../lib/credentials/secret-store.ts'
import { tryToken } from '../../lib/credentials/try-token.ts'
import { jsonOf } from '../../lib/json.ts'
import type { Transport } from '../../lib/transport/transport.ts'
import { explained, ProvisioningError } from './provisioning-error.ts'
import { rotate } from './rotate.ts'

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
  const { client, clock, names, tell } = to
  const clientSecret = kind === 'read' ? names.readClient : names.writeClient
  const tokenSecret = kind === 'read' ? names.readToken : names.writeToken
  await explained(`putting the credentials into ${clientSecret}`, () =>
    client.send(
      new PutSecretValueCommand({ SecretId: clientSecret, SecretString: JSON.stringify(credentials) }),
    ),
  )
  tell(`${kind} client: credentials put into ${clientSecret}`)
  const token = await rotate(tokenSecret, {
    client,
    clock,
    tell: (sentence) => tell(`${kind} client: ${sentence}`),
  })
  tell(`${kind} client: token rotated into ${tokenSecret}`)
  const definitions = await smokeCall(token, to)
  tell(`${kind} client: Genesys answered with ${definitions} license definitions`)
}

async function smokeCall(
  { accessToken }: TokenSecret,
  { transport, apiOrigin }: Provisioning,
): Promise<number> {
  const body = await tryToken(accessToken, apiOrigin, transport)
  const definitions = jsonOf(body)
  if (!Array.isArray(definitions))
    throw new ProvisioningError('The smoke call was answered with something else than a list')
  return definitions.length
}
