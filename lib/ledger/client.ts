import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { clientSettings, type SendOptions } from '../aws/client-settings.ts'
import type { Deadline } from '../clock.ts'
import type { Transport } from '../genesys/transport.ts'

/** One try of DynamoDB, milliseconds; it answers in single digits. */
const TIMEOUT_MS = 3_000

/**
 * @param region AWS region, e.g. `eu-west-1`.
 * @param endpoint only on the laptop: where dynalite listens.
 */
export function ledgerClient(
  transport: Transport,
  region: string,
  endpoint?: string,
): DynamoDBDocumentClient {
  const service = 'DynamoDB'
  const client = new DynamoDBClient({
    ...clientSettings({ transport, region, endpoint, timeoutMs: TIMEOUT_MS, service }),
    // One host a region, whatever the credentials say of the account: connections are used again.
    accountIdEndpointMode: 'disabled',
  })
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } })
}

/**
 * The least that one try of a request is given that has used up its time, milliseconds: what is to be put on record by
 * then takes single digits, and three tries of two calls fit into what is kept for the answer.
 */
const MIN_TRY_MS = 75

/** @returns the same client for one request of ours: no call of it takes the answer past its time. */
export function within(client: DynamoDBDocumentClient, deadline: Deadline): DynamoDBDocumentClient {
  return Object.create(client, {
    send: {
      value: (command: unknown, options: object = {}) => {
        const remainingMs = () => Math.max(MIN_TRY_MS, deadline.remainingMs())
        return Reflect.apply(client.send, client, [
          command,
          { ...options, remainingMs } satisfies SendOptions,
        ])
      },
    },
  })
}
