import { describe, expect, it } from 'vitest'
import { createOn, moved, newHeader, newSchedule, replaceOn, togglePlan } from '../../ledger/records.ts'
import { ledgerForTests } from '../../support/ledger/ledger.ts'

describe('a record of a newer version of the gateway', () => {
  const unknown = { code: 'ledger.record.unknown', status: 500 }

  it.each([
    ['another schema', { schema: 3, id: 'c', state: 'PLANNED', version: 7 }],
    ['a state that we do not know', { schema: 1, id: 'c', state: 'ARCHIVED', version: 7 }],
    ['no record at all', 'text'],
  ])('is refused and left as it is: %s (K13)', async (_, record) => {
    const { ledger, items, putItem } = await ledgerForTests()
    const stored = [
      {
        pk: 'change#c',
        sk: 'header',
        record,
        duePk: 'due',
        dueAt: 1,
        listPk: 'state#PLANNED',
        listSk: '0#c',
      },
      { pk: 'schedule#c', sk: 'schedule', record, listPk: 'schedules', listSk: '000000000000000#c' },
      { pk: 'change#d', sk: 'row#plan-1', schema: 2, row: {} },
    ]
    for (const item of stored) await putItem(item)

    await expect(ledger.get('c')).rejects.toMatchObject({
      ...unknown,
      message: expect.stringMatching(/^The record of change c is none that this version/),
    })
    await expect(createOn(ledger, newHeader({ id: 'c' }), { targets: [] })).rejects.toMatchObject(unknown)
    await expect(replaceOn(ledger, moved(newHeader({ id: 'c' })), { version: 1 })).rejects.toMatchObject(
      unknown,
    )
    await expect(ledger.schedule('c')).rejects.toMatchObject(unknown)
    await expect(ledger.createSchedule(newSchedule({ id: 'c' }))).rejects.toMatchObject(unknown)
    expect(await ledger.listSchedules({ limit: 5 })).toEqual({ records: [] })
    await expect(ledger.plan({ id: 'd', planRow: 'plan-1' })).rejects.toMatchObject(unknown)

    const left = (await items()).filter(({ sk }) => ['header', 'schedule', 'row#plan-1'].includes(String(sk)))
    expect(left).toEqual(expect.arrayContaining(stored))
    // The tick still hears of it, and finds no header that it knows.
    expect(await ledger.due(1, 5)).toEqual(['c'])
    expect(await ledger.headers(['c'])).toEqual(new Map())
  })

  it.each([
    ['CLAIMED', { owner: 'one' }, 'leaseUntilMs'],
    ['SENT', { owner: 'one', sentAtMs: 1 }, 'quietUntilMs'],
    ['UNKNOWN', { owner: 'one', quietUntilMs: 1 }, 'sentAtMs'],
    ['NEEDS_ATTENTION', {}, 'sentAtMs, quietUntilMs'],
    ['AWAITING_APPROVAL', {}, 'approval'],
  ])(
    'that is %s and lacks what guards it there is refused by its name, and never guessed (K13)',
    async (state, members, missing) => {
      const { ledger, putItem } = await ledgerForTests()
      const record = { schema: 1, id: 'c', state, version: 7, ...members }
      await putItem({ pk: 'change#c', sk: 'header', record, duePk: 'due', dueAt: 1 })
      await expect(ledger.get('c')).rejects.toMatchObject({
        ...unknown,
        message: expect.stringContaining(
          `The change c is on record as ${state} and lacks what guards it there (${missing})`,
        ),
      })
      expect(await ledger.headers(['c'])).toEqual(new Map())
    },
  )

  it('is not overwritten by a writer who read it while it was ours (K13)', async () => {
    const { ledger, items, putItem } = await ledgerForTests()
    const schedule = newSchedule({ id: 's' })
    const header = await createOn(ledger, newHeader({ id: 'c' }))
    await ledger.createSchedule(schedule)
    for (const item of await items()) {
      if (typeof item['record'] === 'object')
        await putItem({ ...item, record: { ...item['record'], schema: 3 } })
    }
    await expect(replaceOn(ledger, moved(header), header)).rejects.toMatchObject(unknown)
    await expect(ledger.replaceSchedule({ ...schedule, version: 2 }, 1)).rejects.toMatchObject(unknown)
    // One that is not known hides no others from a list.
    await createOn(ledger, newHeader({ id: 'd' }))
    const { headers } = await ledger.list({ filter: {}, limit: 5 })
    expect(headers.map(({ id }) => id)).toEqual(['d'])
  })
})

describe('a header that keeps rows', () => {
  /** The form of headers that the version before transactions knows. */
  const BEFORE = 1

  it('says so by its form, so that a reader of the form before refuses it, and never misses rows', async () => {
    const { ledger, items } = await ledgerForTests()
    const header = await createOn(ledger, newHeader({ id: 'c' }))
    expect(header.keptPlan).toBeDefined()
    await replaceOn(ledger, moved(header), header)
    const [stored] = (await items()).filter(({ sk }) => sk === 'header')
    expect(Object(stored?.['record']).schema).not.toBe(BEFORE)
  })

  it('is of the form before where it keeps none, and one of before moves on as it is', async () => {
    const { ledger, items, putItem } = await ledgerForTests()
    const plan = {
      targets: Array.from({ length: 90 }, (_, n) => ({
        licenseId: 'cloudCX1',
        userId: `u${n}`,
        desired: true,
      })),
    }
    await createOn(ledger, newHeader({ id: 'large' }), plan)
    const old = newHeader({ id: 'old' })
    await putItem({ pk: 'change#old', sk: `row#${old.planRow}`, schema: BEFORE, row: togglePlan })
    await putItem({ pk: 'change#old', sk: 'header', record: old, listPk: 'state#PLANNED', listSk: '0#old' })
    const next = await replaceOn(ledger, moved(old), old)
    expect(await ledger.plan(next ? moved(old) : old)).toEqual(togglePlan)
    const forms = (await items())
      .filter(({ sk }) => sk === 'header')
      .map(({ record }) => Object(record).schema)
    expect(forms).toEqual([BEFORE, BEFORE])
  })
})
