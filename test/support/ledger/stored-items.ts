/** The ledger's table as it is stored, for what no port tells: other versions' records, and beginning anew. */
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb'
import type { Environment } from '../../../lib/environment.ts'
import { documentClient } from './documents.ts'

type Item = Readonly<Record<string, unknown>>

export interface StoredItems {
  readonly all: () => Promise<Item[]>
  /** Puts an item as some other version of the gateway might have. */
  readonly put: (item: Item) => Promise<void>
  readonly clear: () => Promise<void>
}

/** @param environment the functions' own. */
export function storedItems(environment: Environment): StoredItems {
  const TableName = environment.required('LEDGER_TABLE')
  const client = documentClient(environment.endpointOf('DYNAMODB'), environment.awsRegion)
  return {
    all: () => scanned(client, TableName),
    async put(Item) {
      await client.send(new PutCommand({ TableName, Item }))
    },
    async clear() {
      for (const { pk, sk } of await scanned(client, TableName)) {
        await client.send(new DeleteCommand({ TableName, Key: { pk, sk } }))
      }
    },
  }
}

async function scanned(client: DynamoDBDocumentClient, TableName: string): Promise<Item[]> {
  const items: Item[] = []
  let ExclusiveStartKey: Record<string, unknown> | undefined
  do {
    const page = await client.send(new ScanCommand({ TableName, ExclusiveStartKey, ConsistentRead: true }))
    items.push(...(page.Items ?? []))
    ExclusiveStartKey = page.LastEvaluatedKey
  } while (ExclusiveStartKey)
  return items
}
