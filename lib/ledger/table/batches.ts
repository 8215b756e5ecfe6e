/** Many items at once. DynamoDB may leave some of a read undone in an answer of 200; those are asked for again. */
import { BatchGetCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import type { Clock } from '../../clock.ts'
import type { Item, Key } from './keys.ts'
import { unavailable } from './unavailable.ts'

/** What reads and writes of the table are made with. */
export interface TableAccess {
  readonly client: DynamoDBDocumentClient
  readonly tableName: string
  readonly clock: Pick<Clock, 'sleep' | 'random'>
}

/** DynamoDB's own limit of one request. */
const MAX_GETS = 100

/** Requests under way at a time: a change of 500 users has some 500 items to put. */
const LANES = 16

/** Answers in a row that did nothing at all before the ledger counts as throttled. */
const MAX_IDLE_ANSWERS = 5

/** The longest wait before what was left undone is asked for again, milliseconds; it doubles each time. */
const FIRST_WAIT_MS = 50

/** @returns the items that there are, by partition key. */
export async function getAll(table: TableAccess, keys: readonly Key[]): Promise<ReadonlyMap<string, Item>> {
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
export async function putAll({ client, tableName }: TableAccess, items: readonly Item[]): Promise<void> {
  await inLanes(items, (item) => client.send(new PutCommand({ TableName: tableName, Item: item })))
}

async function getBatch({ client, tableName }: TableAccess, keys: readonly Key[]) {
  const { Responses, UnprocessedKeys } = await client.send(
    new BatchGetCommand({
      RequestItems: { [tableName]: { Keys: keys.map(({ pk, sk }) => ({ pk, sk })), ConsistentRead: true } },
    }),
  )
  return {
    items: (Responses?.[tableName] ?? []) as Item[],
    unread: (UnprocessedKeys?.[tableName]?.Keys ?? []) as Key[],
  }
}

/** A batch that names one key twice is refused. */
function withoutRepeats(keys: readonly Key[]): Key[] {
  return [...new Map(keys.map((key) => [`${key.pk} ${key.sk}`, key])).values()]
}

function batchesOf(keys: readonly Key[]): (readonly Key[])[] {
  const batches: (readonly Key[])[] = []
  for (let start = 0; start < keys.length; start += MAX_GETS)
    batches.push(keys.slice(start, start + MAX_GETS))
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
