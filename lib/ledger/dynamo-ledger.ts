/**
 * The ledger's port on DynamoDB. Records of changes, locks, schedules, the journal and snapshots come in and become
 * items; items come out and are checked before they are records again. Start here: each `dynamo-*.ts` is one part of
 * the port, where approvers were asked about a change is below, and `table/` knows items, keys and DynamoDB, and
 * nothing of changes.
 *
 * One table, two indexes. There is no DeleteItem, no UpdateItem and no time to live: records are put, one by one or
 * several in one transaction, those that move on condition of what was seen, and stay.
 */

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import * as z from 'zod/mini'
import type { AskedMessage, Ledger } from '../changes/record/ledger.ts'
import { type Clock, systemClock } from '../clock.ts'
import { changeRecords, journal } from './dynamo-changes.ts'
import { commits } from './dynamo-commit.ts'
import { changeLists } from './dynamo-lists.ts'
import { locks } from './dynamo-locks.ts'
import { scheduleRecords } from './dynamo-schedules.ts'
import { listHold, writeSwitch } from './dynamo-switch.ts'
import { absent } from './table/conditions.ts'
import { messageKey } from './table/keys.ts'
import { type Store, storeOf } from './table/store.ts'

export interface DynamoLedgerOptions {
  readonly client: DynamoDBClient
  readonly tableName: string
  /** For the waits before what DynamoDB left undone, or what only passes, is tried again. */
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
    ...commits(store),
    ...locks(store),
    ...changeLists(store),
    ...journal(store),
    ...scheduleRecords(store),
    ...writeSwitch(store),
    ...listHold(store),
    ...messages(store),
  }
}

const Stored = z.object({ schema: z.literal(1), channelId: z.string(), ts: z.string() })

function messages(store: Store): Pick<Ledger, 'addMessage' | 'messages'> {
  return {
    async addMessage(changeId, of, { channelId, ts }) {
      await store.put({ ...messageKey(changeId, of), schema: 1, channelId, ts }, absent)
    },

    async messages(changeId, of) {
      const found: AskedMessage[] = []
      for (const about of of) {
        const { data } = Stored.safeParse(await store.get(messageKey(changeId, about)))
        if (data) found.push({ channelId: data.channelId, ts: data.ts })
      }
      return found
    },
  }
}
