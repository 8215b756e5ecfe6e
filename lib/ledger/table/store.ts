/**
 * The ledger's one table: keys, items and conditions come in, items go out, errors of DynamoDB as GatewayError.
 * Start here, with the few things that are done to it: strongly consistent reads, conditional puts, queries of its
 * indexes, and many items at once. DynamoDB may leave some of a read undone in an answer of 200; those are asked for
 * again.
 */
import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb'
import type { Clock } from '../../clock.ts'
import { attributesOf, itemOf } from './attributes.ts'
import type { Condition } from './conditions.ts'
import { getsTogether } from './gets-together.ts'
import type { Item, Key } from './keys.ts'
import { MAX_TRANSACTION_ITEMS, type Put, type PutAnswer, transact } from './transact.ts'
import { ledgerErrorOf, unavailable } from './unavailable.ts'

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

export type Store = ReturnType<typeof storeOf>

/** Each method throws GatewayError `ledger.unavailable` where DynamoDB cannot be reached or throttles. */
export function storeOf(table: TableAccess) {
  const { client, tableName: TableName } = table
  const gets = {
    async get({ pk, sk }: Key): Promise<Item | undefined> {
      const { Item: item } = await attempt(() =>
        client.send(new GetItemCommand({ TableName, Key: attributesOf({ pk, sk }), ConsistentRead: true })),
      )
      return item && itemOf(item)
    },

    /** Those of the keys that there are, by partition key. */
    getAll: (keys: readonly Key[]) => attempt(() => getAll(table, keys)),
  }
  return {
    tableName: TableName,

    ...gets,

    /** With what else is asked for in the same turn, in one request. */
    getTogether: getsTogether(gets),

    /** @returns false where the condition does not hold, or did no longer when a lost try was repeated. */
    async put(item: Item, condition?: Condition): Promise<boolean> {
      return (await transact(table, [{ item, condition }])).kind === 'done'
    },

    /** Puts all or none, of different keys, at most `MAX_TRANSACTION_ITEMS`. */
    transact: (puts: readonly Put[]): Promise<PutAnswer> => transact(table, puts),

    /** Puts items that nothing else writes, in transactions: some may be put where it fails. */
    async transactAll(items: readonly Item[]): Promise<void> {
      await inLanes(batchesOf(items), (batch) =>
        transact(
          table,
          batch.map((item) => ({ item })),
        ),
      )
    },

    /** All items of a partition from a sort key on, in its order; strongly consistent, of the table itself. */
    async from({ pk, sk }: Key): Promise<readonly Item[]> {
      const items: Item[] = []
      for await (const item of eachOf(table, { pk, lower: sk })) items.push(item)
      return items
    },

    /** Items of a partition between two sort keys, both inclusive, page after page as they are asked for; strongly consistent, of the table itself. */
    range: (range: Range) => eachOf(table, range),

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
            ExpressionAttributeValues: attributesOf(query.values),
            ScanIndexForward: !query.isNewestFirst,
            Limit: query.limit,
            ExclusiveStartKey: query.startKey && attributesOf(query.startKey),
          }),
        ),
      )
      return { items: Items.map(itemOf), lastKey: LastEvaluatedKey && itemOf(LastEvaluatedKey) }
    },
  }
}

/** Of one partition. */
export interface Range {
  readonly pk: string
  readonly lower: string
  /** To its end where there is none. */
  readonly upper?: string | undefined
  readonly isNewestFirst?: boolean | undefined
}

async function* eachOf(
  { client, tableName: TableName }: TableAccess,
  { pk, lower, upper, isNewestFirst = false }: Range,
): AsyncGenerator<Item, void, void> {
  let startKey: Record<string, AttributeValue> | undefined
  do {
    const { Items = [], LastEvaluatedKey } = await attempt(() =>
      client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: `#pk = :pk AND #sk ${upper === undefined ? '>= :lower' : 'BETWEEN :lower AND :upper'}`,
          ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk' },
          ExpressionAttributeValues: attributesOf({ ':pk': pk, ':lower': lower, ':upper': upper }),
          ConsistentRead: true,
          ScanIndexForward: !isNewestFirst,
          ExclusiveStartKey: startKey,
        }),
      ),
    )
    for (const attributes of Items) yield itemOf(attributes)
    startKey = LastEvaluatedKey
  } while (startKey)
}

async function attempt<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw ledgerErrorOf(error)
  }
}

/** What reads and writes of the table are made with. */
export interface TableAccess {
  readonly client: DynamoDBClient
  readonly tableName: string
  readonly clock: Pick<Clock, 'sleep' | 'random'>
}

/** DynamoDB's own limit of one request, of a batch of reads and of a transaction alike. */
const MAX_BATCH = MAX_TRANSACTION_ITEMS

/** Requests under way at a time: a change of 500 users has some 500 items to put. */
const LANES = 16

/** Answers in a row that did nothing at all before the ledger counts as throttled. */
const MAX_IDLE_ANSWERS = 5

/** The longest wait before what was left undone is asked for again, milliseconds; it doubles each time. */
const FIRST_WAIT_MS = 50

/** @returns the items that there are, by partition key. */
async function getAll(table: TableAccess, keys: readonly Key[]): Promise<ReadonlyMap<string, Item>> {
  const found = new Map<string, Item>()
  await inLanes(batchesOf(withoutRepeats(keys)), async (batch) => {
    let idleAnswers = 0
    for (let left = batch; left.length > 0; ) {
      const { items, unread } = await getBatch(table, left)
      for (const item of items) found.set(item.pk, item)
      if (unread.length === 0) return
      idleAnswers = unread.length < left.length ? 0 : idleAnswers + 1
      if (idleAnswers === MAX_IDLE_ANSWERS) throw unavailable(new Error('DynamoDB left a batch undone'))
      await table.clock.sleep(table.clock.random() * FIRST_WAIT_MS * 2 ** idleAnswers)
      left = unread
    }
  })
  return found
}

/** One by one: who may write in batches may also delete, and nobody may. */
async function putAll({ client, tableName }: TableAccess, items: readonly Item[]): Promise<void> {
  await inLanes(items, (item) =>
    client.send(new PutItemCommand({ TableName: tableName, Item: attributesOf(item) })),
  )
}

async function getBatch({ client, tableName }: TableAccess, keys: readonly Key[]) {
  const { Responses, UnprocessedKeys } = await client.send(
    new BatchGetItemCommand({
      RequestItems: {
        [tableName]: { Keys: keys.map(({ pk, sk }) => attributesOf({ pk, sk })), ConsistentRead: true },
      },
    }),
  )
  return {
    items: (Responses?.[tableName] ?? []).map(itemOf),
    unread: (UnprocessedKeys?.[tableName]?.Keys ?? []).map(itemOf),
  }
}

/** A batch that names one key twice is refused. */
function withoutRepeats(keys: readonly Key[]): Key[] {
  return [...new Map(keys.map((key) => [`${key.pk} ${key.sk}`, key])).values()]
}

function batchesOf<T>(all: readonly T[]): (readonly T[])[] {
  const batches: (readonly T[])[] = []
  for (let start = 0; start < all.length; start += MAX_BATCH)
    batches.push(all.slice(start, start + MAX_BATCH))
  return batches
}

/** After a failure nothing more is begun. */
async function inLanes<T>(all: readonly T[], work: (each: T) => Promise<unknown>): Promise<void> {
  const queue = all.values()
  let hasFailed = false
  const lane = async () => {
    for (const each of queue) {
      if (hasFailed) return
      try {
        await work(each)
      } catch (error) {
        hasFailed = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(LANES, all.length) }, lane))
}
