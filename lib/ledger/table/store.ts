/**
 * The ledger's one table: keys, items and conditions come in, items go out, errors of DynamoDB as GatewayError. Start here,
 * with the few things that are done to it: strongly consistent reads, conditional puts, queries of its indexes.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { getAll, putAll, type TableAccess } from './batches.ts'
import type { Item, Key } from './keys.ts'
import { ledgerErrorOf } from './unavailable.ts'

/** On what a put depends: nothing but placeholders stands in the expression. */
export interface Condition {
  readonly expression: string
  readonly names: Record<string, string>
  readonly values?: Record<string, unknown>
}

export interface IndexQuery extends Omit<Condition, 'values'> {
  readonly index: string
  readonly values: Record<string, unknown>
  readonly isNewestFirst: boolean
  readonly limit: number
  /** Where an earlier page of the same query ended. */
  readonly startKey?: Item | undefined
}

interface QueryAnswer {
  readonly items: readonly Item[]
  /** Where to go on; undefined where this was the end. */
  readonly lastKey: Item | undefined
}

/** No item has this key. */
export const absent: Condition = { expression: 'attribute_not_exists(#pk)', names: { '#pk': 'pk' } }

export type Store = ReturnType<typeof storeOf>

/** Each method throws GatewayError `ledger.unavailable` where DynamoDB cannot be reached or throttles. */
export function storeOf(table: TableAccess) {
  const { client, tableName: TableName } = table
  return {
    tableName: TableName,

    async get({ pk, sk }: Key): Promise<Item | undefined> {
      const { Item: item } = await attempt(() =>
        client.send(new GetCommand({ TableName, Key: { pk, sk }, ConsistentRead: true })),
      )
      return item as Item | undefined
    },

    /** Those of the keys that there are, by partition key. */
    getAll: (keys: readonly Key[]) => attempt(() => getAll(table, keys)),

    /** @returns false where the condition does not hold, or did no longer when a lost try was repeated. */
    async put(item: Item, condition?: Condition): Promise<boolean> {
      try {
        await client.send(
          new PutCommand({
            TableName,
            Item: item,
            ConditionExpression: condition?.expression,
            ExpressionAttributeNames: condition?.names,
            ExpressionAttributeValues: condition?.values,
          }),
        )
        return true
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false
        throw ledgerErrorOf(error)
      }
    },

    /** All items of a partition from a sort key on, in its order; strongly consistent, of the table itself. */
    async from({ pk, sk }: Key): Promise<readonly Item[]> {
      const items: Item[] = []
      let startKey: Record<string, unknown> | undefined
      do {
        const { Items = [], LastEvaluatedKey } = await attempt(() =>
          client.send(
            new QueryCommand({
              TableName,
              KeyConditionExpression: '#pk = :pk AND #sk >= :sk',
              ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk' },
              ExpressionAttributeValues: { ':pk': pk, ':sk': sk },
              ConsistentRead: true,
              ExclusiveStartKey: startKey,
            }),
          ),
        )
        items.push(...(Items as Item[]))
        startKey = LastEvaluatedKey
      } while (startKey)
      return items
    },

    /** Puts items that nothing else writes, in any order. */
    putAll: (items: readonly Item[]) => attempt(() => putAll(table, items)),

    async query(query: IndexQuery): Promise<QueryAnswer> {
      const { Items = [], LastEvaluatedKey } = await attempt(() =>
        client.send(
          new QueryCommand({
            TableName,
            IndexName: query.index,
            KeyConditionExpression: query.expression,
            ExpressionAttributeNames: query.names,
            ExpressionAttributeValues: query.values,
            ScanIndexForward: !query.isNewestFirst,
            Limit: query.limit,
            ExclusiveStartKey: query.startKey,
          }),
        ),
      )
      return { items: Items as Item[], lastKey: LastEvaluatedKey as Item | undefined }
    },
  }
}

async function attempt<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw ledgerErrorOf(error)
  }
}
