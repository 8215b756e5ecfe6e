/**
 * Conditional puts, one or many at once: all or none. What only passes (another transaction on the same items,
 * throttling, this very one still under way) is tried again, and never read as another's win.
 */
import { randomUUID } from 'node:crypto'
import {
  type CancellationReason,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import type { Clock } from '../../clock.ts'
import { attributesOf, itemInTheWay } from './attributes.ts'
import type { Condition } from './conditions.ts'
import type { Item } from './keys.ts'
import { ledgerErrorOf, unavailable } from './unavailable.ts'

export interface Put {
  readonly item: Item
  readonly condition?: Condition | undefined
}

/** Nothing was put where a condition does not hold: `standing` has what stands there, by place among the puts. */
export type PutAnswer =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly standing: ReadonlyMap<number, Item | undefined> }

interface PutAccess {
  readonly client: DynamoDBClient
  readonly tableName: string
  readonly clock: Pick<Clock, 'sleep' | 'random'>
}

/** DynamoDB's limit of one transaction. */
export const MAX_TRANSACTION_ITEMS = 100

/** Why DynamoDB cancels a transaction that may be sent again as it is (API reference of TransactWriteItems). */
const passingReasons: readonly string[] = [
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]

/** Tries against what passes, the SDK's own of each aside; the waits between them come to less than two seconds. */
const MAX_TRIES = 8

/** The longest wait before the second try, milliseconds; it doubles with each, up to the longest of all. */
const FIRST_WAIT_MS = 25
const LONGEST_WAIT_MS = 400

/**
 * Puts items of different keys, at most `MAX_TRANSACTION_ITEMS`. A condition should hold too where the item stands already
 * as it is put: DynamoDB knows a repeat by its token for ten minutes, and of a transaction alone.
 *
 * @throws GatewayError `ledger.unavailable`: whether they were put is not known then.
 */
export async function transact(access: PutAccess, puts: readonly Put[]): Promise<PutAnswer> {
  const { clock } = access
  const send = sendOf(access, puts)
  for (let tries = 1; ; tries++) {
    try {
      if (puts.length > 0) await send()
      return { kind: 'done' }
    } catch (error) {
      const reasons = reasonsIn(error)
      const isLast = tries === MAX_TRIES
      if (!isLast && isPassing(error, reasons)) {
        await clock.sleep(clock.random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1)))
        continue
      }
      const standing = standingIn(reasons)
      if (standing.size > 0) return { kind: 'refused', standing }
      throw isPassing(error, reasons) ? unavailable(error) : ledgerErrorOf(error)
    }
  }
}

/** What sends them, the same at each call: one put is no transaction, and costs half. */
function sendOf({ client, tableName }: PutAccess, puts: readonly Put[]): () => Promise<unknown> {
  const inputs = puts.map(({ item, condition }) => ({
    TableName: tableName,
    Item: attributesOf(item),
    ConditionExpression: condition?.expression,
    ExpressionAttributeNames: condition?.names,
    ExpressionAttributeValues: condition?.values && attributesOf(condition.values),
    ...(condition && { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const }),
  }))
  const [only, ...others] = inputs
  if (only && others.length === 0) return () => client.send(new PutItemCommand(only))
  const ClientRequestToken = randomUUID()
  const TransactItems = inputs.map((Put) => ({ Put }))
  return () => client.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken }))
}

/** Why each put was refused, by its place; empty where that was not said. */
function reasonsIn(error: unknown): readonly CancellationReason[] {
  if (error instanceof ConditionalCheckFailedException) {
    return [{ Code: 'ConditionalCheckFailed', Item: error.Item }]
  }
  return error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : []
}

function isPassing(error: unknown, reasons: readonly CancellationReason[]): boolean {
  return (
    error instanceof TransactionConflictException ||
    error instanceof TransactionInProgressException ||
    reasons.some(({ Code = '' }) => passingReasons.includes(Code))
  )
}

function standingIn(reasons: readonly CancellationReason[]): ReadonlyMap<number, Item | undefined> {
  return new Map(
    reasons.flatMap(({ Code, Item }, place) =>
      Code === 'ConditionalCheckFailed' ? [[place, itemInTheWay(Item)] as const] : [],
    ),
  )
}
