/**
 * The ledger's port on DynamoDB. Records of changes, locks, schedules, the journal and snapshots come in and become items;
 * items come out and are checked before they are records again. Start here: each `dynamo-*.ts` is one part of the port, and
 * `table/` knows items, keys and DynamoDB, and nothing of changes.
 *
 * One table, two indexes. There is no DeleteItem, no UpdateItem, no transaction and no time to live: records are put, those
 * that move on condition of what was seen, and stay.
 */
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Ledger } from '../changes/record/ledger.ts'
import { type Clock, systemClock } from '../clock.ts'
import { changeRecords } from './dynamo-changes.ts'
import { journal } from './dynamo-journal.ts'
import { changeLists } from './dynamo-lists.ts'
import { locks } from './dynamo-locks.ts'
import { messages } from './dynamo-messages.ts'
import { scheduleRecords } from './dynamo-schedules.ts'
import { storeOf } from './table/store.ts'

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
