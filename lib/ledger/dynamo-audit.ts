/** What the daily audit file is made from, by strongly consistent reads of the table itself, and how far its chain has come. */
import * as z from 'zod/mini'
import type { AuditHead, AuditLedger, MovedRecord } from '../audit/audit-port.ts'
import { systemClock } from '../clock.ts'
import { changeRecords, journal } from './dynamo-changes.ts'
import type { DynamoLedgerOptions } from './dynamo-ledger.ts'
import { writeSwitch } from './dynamo-switch.ts'
import { headerOf, storedScheduleOf, unknownRecord } from './stored-items.ts'
import { absent, all, type Condition, either } from './table/conditions.ts'
import { auditHeadKey, headerKey, type Item, type Key, movedFrom } from './table/keys.ts'
import { movedRecordOf } from './table/moved-rows.ts'
import { storeOf } from './table/store.ts'

/** Records that are read, and in memory, at a time. */
const MAX_ROWS = 100

const HEADER_SK = headerKey('').sk

const StoredFile = z.object({ key: z.string(), sha256: z.string() })

const StoredHead = z.object({
  schema: z.literal(1),
  sinceMs: z.number(),
  nextDay: z.string(),
  last: z.optional(StoredFile),
  coming: z.optional(StoredFile),
  writeId: z.string(),
})

export function dynamoAudit({ client, tableName, clock = systemClock }: DynamoLedgerOptions): AuditLedger {
  const store = storeOf({ client, tableName, clock })
  const { plan } = changeRecords(store)
  const { writeSwitch: standing, switchTurns } = writeSwitch(store)

  return {
    plan,

    async *movedOn(day) {
      const keys = withoutRepeats(await store.from(movedFrom(day)))
      for (let start = 0; start < keys.length; start += MAX_ROWS) {
        const part = keys.slice(start, start + MAX_ROWS)
        const items = await store.getAll(part)
        for (const key of part) yield* movedIn(key, items.get(key.pk))
      }
    },

    async journalBetween(fromMs, toMs) {
      const rows = await journal(store).journal(fromMs, toMs - 1)
      return rows.filter(({ atMs }) => atMs < toMs)
    },

    // First what stands: a turn that it takes meanwhile is among the others then.
    async switchTurns() {
      const stands = await standing()
      const turns = await switchTurns()
      const hasIt = turns.some(({ version }) => version === stands?.version)
      return stands && !hasIt ? [stands, ...turns] : turns
    },

    async auditHead() {
      const item = await store.get(auditHeadKey)
      return item && headIn(item)
    },

    async putAuditHead(next, seen) {
      const item = { ...auditHeadKey, record: { schema: 1, ...next } }
      return await store.put(item, either(seen ? ifAsSeen(seen) : absent, ifWritten(next)))
    },
  }
}

/** A row may stand for a change that never came to be: it is put before a header that another was faster than. */
function* movedIn({ sk }: Key, item: Item | undefined): Generator<MovedRecord> {
  if (sk === HEADER_SK) {
    const header = headerOf(item)
    if (header) yield { kind: 'change', header }
    return
  }
  const record = storedScheduleOf(item)
  if (record) yield { kind: 'schedule', record }
}

/** By where they stand. @throws GatewayError `ledger.record.unknown` for a row that does not say what has moved. */
function withoutRepeats(rows: readonly Item[]): Key[] {
  const keys = new Map<string, Key>()
  for (const row of rows) {
    const key = movedRecordOf(row)
    if (key === undefined) throw unknownRecord(row)
    keys.set(key.pk, key)
  }
  return [...keys.values()]
}

/** @throws GatewayError `ledger.record.unknown` */
function headIn(item: Item): AuditHead {
  const { success, data } = StoredHead.safeParse(item['record'])
  if (!success) throw unknownRecord(item)
  const { schema: _, ...head } = data
  return head
}

/** The day is named beside the write, so that no head ever goes back. */
function ifAsSeen({ writeId, nextDay }: AuditHead): Condition {
  return all(
    {
      expression: '#record.#writeId = :seen',
      names: { '#record': 'record', '#writeId': 'writeId' },
      values: { ':seen': writeId },
    },
    {
      expression: '#record.#nextDay = :day',
      names: { '#record': 'record', '#nextDay': 'nextDay' },
      values: { ':day': nextDay },
    },
  )
}

/** A try whose answer was lost has put it all the same. */
function ifWritten({ writeId }: AuditHead): Condition {
  return {
    expression: '#record.#writeId = :ours',
    names: { '#record': 'record', '#writeId': 'writeId' },
    values: { ':ours': writeId },
  }
}
