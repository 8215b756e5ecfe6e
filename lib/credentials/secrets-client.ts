import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { clientSettings } from '../aws/client-settings.ts'
import type { Transport } from '../genesys/transport.ts'

/** One try of Secrets Manager, milliseconds; it answers in tens. */
const TIMEOUT_MS = 3_000

/**
 * @param region AWS region, e.g. `eu-west-1`.
 * @param endpoint only on the laptop: the stand-in's address.
 */
export function secretsClient(transport: Transport, region: string, endpoint?: string): SecretsManagerClient {
  const service = 'Secrets Manager'
  return new SecretsManagerClient(
    clientSettings({ transport, region, endpoint, timeoutMs: TIMEOUT_MS, service }),
  )
}
