/** DynamoDB on the laptop: dynalite on loopback, with the ledger's table. */
import {
  type AttributeDefinition,
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type KeySchemaElement,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb'
import dynalite from 'dynalite'
import { clientSettings } from '../../../lib/aws/client-settings.ts'
import { nodeTransport } from '../../../lib/genesys/transport.ts'
import { table } from '../../../lib/ledger/table.ts'
import { listen } from '../org/listen.ts'

export interface DynamoOptions {
  /** Where items survive a restart, a directory of its own; without it, they do not. */
  readonly directory?: string
  /** Port on 127.0.0.1; 0, the default, picks a free one. */
  readonly port?: number
}

/** A running DynamoDB. `url` is the endpoint for the SDK's clients. */
export interface LocalDynamo {
  readonly url: string
  readonly close: () => Promise<void>
}

/** Starts it, without a table. Rejects where the port is taken. */
export async function startDynamo({ directory, port = 0 }: DynamoOptions = {}): Promise<LocalDynamo> {
  const server = dynalite({ createTableMs: 0, ...(directory === undefined ? {} : { path: directory }) })
  const [serve] = server.listeners('request')
  server.removeAllListeners('request')
  server.on('request', (request, response) => {
    serve?.call(server, request, response)
    // dynalite throws, and the process ends, where a caller hangs up before its answer.
    request.removeAllListeners('error').on('error', () => {})
  })
  const url = await listen(server, port)
  return {
    url,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}

/** Makes the ledger's table as the stack makes it, and waits until it can be used; one that is there is left alone. */
export async function createTable(url: string, tableName: string): Promise<void> {
  const client = new DynamoDBClient({
    ...clientSettings({
      transport: nodeTransport,
      region: 'us-east-1',
      endpoint: url,
      timeoutMs: 5_000,
      service: 'DynamoDB',
    }),
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  const { due, list } = table.indexes
  try {
    await client.send(
      new CreateTableCommand({
        TableName: tableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: keySchema(table),
        AttributeDefinitions: [
          ...[table, due, list].map(({ partitionKey }) => attribute(partitionKey, 'S')),
          attribute(table.sortKey, 'S'),
          attribute(due.sortKey, due.sortType),
          attribute(list.sortKey, list.sortType),
        ],
        GlobalSecondaryIndexes: [due, list].map((index) => ({
          IndexName: index.name,
          KeySchema: keySchema(index),
          Projection: { ProjectionType: 'KEYS_ONLY' },
        })),
      }),
    )
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error
  }
  while (!(await isActive(client, tableName))) await new Promise(setImmediate)
}

async function isActive(client: DynamoDBClient, TableName: string): Promise<boolean> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }))
  return Table?.TableStatus === 'ACTIVE'
}

interface KeyNames {
  readonly partitionKey: string
  readonly sortKey: string
}

function keySchema({ partitionKey, sortKey }: KeyNames): KeySchemaElement[] {
  return [
    { AttributeName: partitionKey, KeyType: 'HASH' },
    { AttributeName: sortKey, KeyType: 'RANGE' },
  ]
}

function attribute(AttributeName: string, AttributeType: 'S' | 'N'): AttributeDefinition {
  return { AttributeName, AttributeType }
}
