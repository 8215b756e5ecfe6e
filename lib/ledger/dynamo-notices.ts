/** What was told last, on the ledger's table: one item a thing, put on condition of what was seen. */
import * as z from 'zod/mini'
import type { Notice, Notices } from '../seats/notices/notices.ts'
import { unknownRecord } from './stored-items.ts'
import { absent, type Condition } from './table/conditions.ts'
import { firstNoticeKey, type Item, noticeKey } from './table/keys.ts'
import type { Store } from './table/store.ts'

/** What guards is checked; the rest are our own writes. */
const Known = z.looseObject({
  schema: z.literal(1),
  kind: z.enum(['seats', 'outside', 'digest', 'contract']),
  name: z.string(),
  version: z.int(),
  writeId: z.string(),
  atMs: z.number(),
  isTold: z.boolean(),
  tellingUntilMs: z.number(),
  told: z.looseObject({ asOf: z.string() }),
})

export function dynamoNotices(store: Store): Notices {
  return {
    async all() {
      return (await store.from(firstNoticeKey)).map(noticeOf)
    },

    async put(next, seen) {
      const key = noticeKey(next.kind, next.name)
      if (await store.put({ ...key, record: { schema: 1, ...next } }, seen ? ifAsSeen(seen) : absent))
        return true
      // A try whose answer was lost has put it all the same.
      const standing = await store.get(key)
      return standing !== undefined && noticeOf(standing).writeId === next.writeId
    },
  }
}

/** @throws GatewayError `ledger.record.unknown`: what cannot be read may have been told. */
function noticeOf(item: Item): Notice {
  if (!Known.safeParse(item['record']).success) throw unknownRecord(item)
  return item['record'] as Notice
}

function ifAsSeen({ writeId }: Notice): Condition {
  return {
    expression: '#record.#writeId = :writeId',
    names: { '#record': 'record', '#writeId': 'writeId' },
    values: { ':writeId': writeId },
  }
}
