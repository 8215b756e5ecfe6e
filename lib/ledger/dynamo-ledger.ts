/**
 * The ledger on DynamoDB: one table, two indexes. There is no DeleteItem, no UpdateItem, no transaction and no time to
 * live: records are put, those that move on condition of what was seen, and stay.
 */
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Ledger } from '../changes/ledger.ts'
import { type Clock, systemClock } from '../clock.ts'
import { changeLists } from './change-lists.ts'
import { changeRecords } from './change-records.ts'
import { journal } from './journal.ts'
import { locks } from './locks.ts'
import { messages } from './messages.ts'
import { scheduleRecords } from './schedule-records.ts'
import { storeOf } from './store.ts'

export interface DynamoLedgerOptions {
  readonly client: DynamoDBDocumentClient
  readonly tableName: string
  /** For the waits before what DynamoDB left undone of a batch is asked for again. */
  readonly clock?: Pick<Clock, 'sleep' | 'random'>
}

/**
 * @returns the ledger; besides what the port says, its methods throw GatewayError `request.entity.too.large` (413) for
 *   a record that one item cannot hold.
 */
export function dynamoLedger({ client, tableName, clock = systemClock }: DynamoLedgerOptions): Ledger {
  const store = storeOf({ client, tableName, clock })
  return {
    ...changeRecords(store),
    ...locks(store),
    ...changeLists(store),
    ...journal(store),
    ...scheduleRecords(store),
    ...messages(store),
  }
}
