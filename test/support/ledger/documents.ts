import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { clientSettings } from '../../../lib/aws/client-settings.ts'
import { nodeTransport } from '../../../lib/transport/transport.ts'

/** The SDK's own client of plain values, on the table past the ledger. @param endpoint where DynamoDB is; without it, AWS's. */
export function documentClient(endpoint: string | undefined, region = 'us-east-1'): DynamoDBDocumentClient {
  const settings = { transport: nodeTransport, region, endpoint, timeoutMs: 5_000, service: 'DynamoDB' }
  const client = new DynamoDBClient({ ...clientSettings(settings), cacheMiddleware: false })
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } })
}
