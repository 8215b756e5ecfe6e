import { endToTellOf, type ScheduleRecord } from '../changes/model/schedule.ts'
import type { Ledger } from '../changes/record/ledger.ts'
import {
  ifKnown,
  refuseUnstorable,
  SCHEDULES_DUE_PK,
  scheduleItem,
  storedScheduleOf,
} from './stored-items.ts'
import { absent, type Condition } from './table/conditions.ts'
import { type Item, listPks, scheduleKey } from './table/keys.ts'
import { movedRowOfSchedule } from './table/moved-rows.ts'
import { pageNewestFirst } from './table/newest-first.ts'
import type { Store } from './table/store.ts'
import { table } from './table/table.ts'

type ScheduleRecords = Pick<
  Ledger,
  'schedule' | 'createSchedule' | 'replaceSchedule' | 'schedulesToTell' | 'listSchedules'
>

export function scheduleRecords(store: Store): ScheduleRecords {
  const schedule = async (id: string) => storedScheduleOf(await store.get(scheduleKey(id)))

  async function put(record: ScheduleRecord, condition: Condition): Promise<boolean> {
    const puts = [{ item: scheduleItem(record), condition }, { item: movedRowOfSchedule(record) }]
    return (await store.transact(puts)).kind === 'done'
  }

  async function read(rows: readonly Item[], userId: string | undefined) {
    const items = await store.getAll(rows)
    return rows.map(({ pk }) => {
      const record = ifKnown(storedScheduleOf, items.get(pk))
      const isListed = record && !record.isRefused && (userId === undefined || isAbout(record, userId))
      return isListed ? record : undefined
    })
  }

  return {
    schedule,

    async createSchedule(record) {
      refuseUnstorable('This schedule', record)
      if (await put(record, absent)) return true
      return (await schedule(record.id))?.writeId === record.writeId
    },

    async replaceSchedule(next, seenVersion) {
      refuseUnstorable('The record of this schedule', next)
      const isPut = await put(next, {
        expression: '#record.#schema = :schema AND #record.#version = :version',
        names: { '#record': 'record', '#schema': 'schema', '#version': 'version' },
        values: { ':schema': 1, ':version': seenVersion },
      })
      return isPut || (await schedule(next.id))?.writeId === next.writeId
    },

    async schedulesToTell(nowMs, limit) {
      const { name, partitionKey, sortKey } = table.indexes.due
      const { items } = await store.query({
        index: name,
        expression: '#pk = :pk AND #at <= :now',
        names: { '#pk': partitionKey, '#at': sortKey },
        values: { ':pk': SCHEDULES_DUE_PK, ':now': nowMs },
        isNewestFirst: false,
        limit,
      })
      const records = items.length === 0 ? [] : await read(items, undefined)
      const isToTell = (record: ScheduleRecord) => (endToTellOf(record)?.atMs ?? nowMs + 1) <= nowMs
      // The index is behind the records.
      return records.flatMap((record) => (record && isToTell(record) ? [record] : []))
    },

    async listSchedules({ userId, ...query }) {
      const { found, ...rest } = await pageNewestFirst(
        store,
        {
          lists: [listPks.schedules],
          of: userId === undefined ? ['schedules'] : ['schedules', userId],
          isSparse: userId !== undefined,
          ...query,
        },
        (rows) => read(rows, userId),
      )
      return { records: found, ...rest }
    },
  }
}

function isAbout({ order }: ScheduleRecord, userId: string): boolean {
  if (order.kind === 'toggle') return false
  return order.assignments.some(
    ({ userIdsAdd, userIdsRemove }) => userIdsAdd.includes(userId) || userIdsRemove.includes(userId),
  )
}
