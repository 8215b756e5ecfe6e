import { describe, expect, it } from 'vitest'
import { ledgerForTests } from '../support/ledger/ledger.ts'
import { createOn, newHeader, newSchedule, noonMs } from './records.ts'

describe('a schedule', () => {
  it('is created once, with its order', async () => {
    const { ledger, another } = await ledgerForTests()
    const record = newSchedule()
    expect(await ledger.schedule(record.id)).toBeUndefined()
    expect(await ledger.createSchedule(record)).toBe(true)
    expect(await ledger.createSchedule(newSchedule({ id: record.id }))).toBe(false)
    expect(await another().schedule(record.id)).toEqual(record)
  })

  it('moves on only from the version that was seen', async () => {
    const { ledger } = await ledgerForTests()
    const first = newSchedule()
    await ledger.createSchedule(first)
    const active = { ...newSchedule({ id: first.id, state: 'ACTIVE' }), version: 2 }
    expect(await ledger.replaceSchedule(active, 1)).toBe(true)
    expect(await ledger.replaceSchedule({ ...newSchedule({ id: first.id }), version: 2 }, 1)).toBe(false)
    expect(await ledger.schedule(first.id)).toEqual(active)
  })

  it('is not made by a replacement', async () => {
    const { ledger } = await ledgerForTests()
    expect(await ledger.replaceSchedule(newSchedule({ id: 'none', version: 2 }), 1)).toBe(false)
    expect(await ledger.schedule('none')).toBeUndefined()
  })

  it('is created once of fifty at once', async () => {
    const { ledger } = await ledgerForTests()
    const records = Array.from({ length: 50 }, () => newSchedule({ id: 'same' }))
    const created = await Promise.all(records.map((record) => ledger.createSchedule(record)))
    expect(created.filter(Boolean)).toHaveLength(1)
  })
})

describe('schedules', () => {
  it('are listed newest first, page by page, deleted ones too and no changes among them', async () => {
    const { ledger } = await ledgerForTests()
    const records = Array.from({ length: 5 }, (_, n) =>
      newSchedule({ id: `s${n}`, createdAtMs: noonMs + n, state: n === 2 ? 'DELETED' : 'ACTIVE' }),
    )
    for (const record of records) await ledger.createSchedule(record)
    await createOn(ledger, newHeader())

    const first = await ledger.listSchedules({ limit: 3 })
    expect(first.records).toEqual([records[4], records[3], records[2]])
    const second = await ledger.listSchedules({ limit: 3, cursor: first.next ?? '' })
    expect(second).toEqual({ records: [records[1], records[0]] })
  })

  it('are found by whom they are about, page by page, whatever stands between', async () => {
    const { ledger } = await ledgerForTests()
    const about = (n: number, userIdsAdd: string[], userIdsRemove: string[]) =>
      newSchedule({
        id: `s${n}`,
        createdAtMs: noonMs + n,
        order: { kind: 'assignments', assignments: [{ licenseId: 'cloudCX3', userIdsAdd, userIdsRemove }] },
      })
    const records = [
      about(0, ['ann', 'bob'], []),
      about(1, ['bob'], []),
      about(2, [], ['ann']),
      newSchedule({ id: 's3', createdAtMs: noonMs + 3 }),
    ]
    for (const record of records) await ledger.createSchedule(record)
    const first = await ledger.listSchedules({ limit: 1, userId: 'ann' })
    expect(first.records).toEqual([records[2]])
    const second = await ledger.listSchedules({ limit: 1, userId: 'ann', cursor: first.next ?? '' })
    expect(second).toEqual({ records: [records[0]] })
    await expect(
      ledger.listSchedules({ limit: 1, userId: 'bob', cursor: first.next ?? '' }),
    ).rejects.toMatchObject({ code: 'bad.request' })
  })
})
