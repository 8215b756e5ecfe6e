import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Transport } from '../transport/transport.ts'
import { clientSettings, lightenClient } from './client-settings.ts'

/** One try of DynamoDB, milliseconds; it answers in single digits. */
const TIMEOUT_MS = 3_000

/**
 * @param region AWS region, e.g. `eu-west-1`.
 * @param endpoint only on the laptop: where dynalite listens.
 */
export function ledgerClient(transport: Transport, region: string, endpoint?: string): DynamoDBClient {
  const service = 'DynamoDB'
  const client = new DynamoDBClient({
    ...clientSettings({ transport, region, endpoint, timeoutMs: TIMEOUT_MS, service }),
    // One host a region, whatever the credentials say of the account: connections are used again.
    accountIdEndpointMode: 'disabled',
  })
  return lightenClient(client)
}
