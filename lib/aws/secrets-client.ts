import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { Transport } from '../transport/transport.ts'
import { type AwsClientOptions, clientSettings, lightenClient } from './client-settings.ts'

/** `timeoutMs` is of one try; Secrets Manager answers in tens. */
type Patience = Pick<AwsClientOptions, 'timeoutMs' | 'maxAttempts'>
const PATIENCE: Patience = { timeoutMs: 3_000 }

/**
 * @param region AWS region, e.g. `eu-west-1`.
 * @param endpoint only on the laptop: the stand-in's address.
 */
export function secretsClient(
  transport: Transport,
  region: string,
  endpoint?: string,
  patience = PATIENCE,
): SecretsManagerClient {
  const service = 'Secrets Manager'
  return lightenClient(
    new SecretsManagerClient(clientSettings({ transport, region, endpoint, ...patience, service })),
  )
}
