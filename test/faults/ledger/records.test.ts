/** What the ledger stores and reads. */
import { describe, expect, it } from 'vitest'
import type { Ledger, ListFilter } from '../../../lib/changes/record/ledger.ts'
import {
  ann,
  createOn,
  evidenceOf,
  moved,
  newHeader,
  newSchedule,
  noonMs,
  planOf,
  putLockOn,
  replaceOn,
} from '../../ledger/records.ts'
import { ledgerForTests } from '../../support/ledger/ledger.ts'

const all: ListFilter = {}

/** Every kind of record once. */
async function fill(ledger: Ledger): Promise<void> {
  const header = await createOn(ledger, newHeader({ dueAtMs: noonMs, notAfterMs: noonMs }), planOf(60))
  const next = moved(header, { evidenceRow: 'evidence-1' })
  await ledger.commit([{ kind: 'replace', next, seen: header, evidence: evidenceOf(60) }])
  await putLockOn(ledger, 'toggle#wallboards', { holder: header.id }, undefined)
  await ledger.putPointer('key', { changeId: header.id, atMs: noonMs }, undefined)
  await ledger.createSchedule(newSchedule())
}

describe('an item of the table', () => {
  it('has no attribute that DynamoDB could let it expire by (J06)', async () => {
    const { ledger, items } = await ledgerForTests()
    await fill(ledger)
    const attributes = new Set((await items()).flatMap(Object.keys))
    expect([...attributes].sort()).toEqual(
      [
        'pk',
        'sk',
        'listPk',
        'listSk',
        'duePk',
        'dueAt',
        'record',
        'schema',
        'row',
        'changeId',
        'atMs',
        'ofPk',
        'ofSk',
      ].sort(),
    )
    // The one number beside the index of what is due is a pointer's time; DynamoDB would take neither for seconds.
    for (const { dueAt, atMs } of await items()) {
      for (const ms of [dueAt, atMs]) if (ms !== undefined) expect(ms).toBe(noonMs)
    }
  })

  it('is never deleted and never updated in place (J06)', async () => {
    const { ledger, faults } = await ledgerForTests()
    await fill(ledger)
    await ledger.list({ filter: all, limit: 5 })
    await ledger.due(noonMs, 5)
    await ledger.locks(['toggle#wallboards'])
    const actions = new Set(faults.calls.map(({ action }) => action))
    expect([...actions].sort()).toEqual(['BatchGetItem', 'PutItem', 'Query', 'TransactWriteItems'])
    const parts = faults.calls.flatMap(({ input: { TransactItems: items } }) => items ?? [])
    expect(new Set(parts.flatMap(Object.keys))).toEqual(new Set(['Put']))
  })
})

describe('a read', () => {
  it('is strongly consistent wherever something is decided on it (J12)', async () => {
    const { ledger, faults, tableName } = await ledgerForTests()
    await fill(ledger)
    const header = newHeader({ evidenceRow: 'evidence-1' })
    await ledger.commit([{ kind: 'create', header, plan: planOf(60), evidence: evidenceOf(60) }])
    await ledger.get(header.id)
    await ledger.plan(header)
    await ledger.evidence(header)
    await ledger.pointer('key')
    await ledger.schedule('s')
    await ledger.locks(['toggle#a'])
    await ledger.list({ filter: all, limit: 5 })
    await ledger.listSchedules({ limit: 5 })
    // What follows a condition that failed.
    await ledger.createSchedule(newSchedule({ id: 'twice' }))
    await ledger.createSchedule(newSchedule({ id: 'twice' }))

    const gets = faults.calls.filter(({ action }) => action === 'GetItem')
    expect(gets.map(({ input }) => input['ConsistentRead'])).toEqual(Array.from({ length: 6 }, () => true))
    const batches = faults.calls.filter(({ action }) => action === 'BatchGetItem')
    expect(batches.map(({ input }) => input['RequestItems'])).toEqual(
      Array.from({ length: 3 }, () => ({ [tableName]: expect.objectContaining({ ConsistentRead: true }) })),
    )
  })

  it('of a list takes what the record says, and not what the index still has (J13)', async () => {
    const { ledger, putItem, items } = await ledgerForTests()
    const header = await createOn(ledger, newHeader({ state: 'AWAITING_APPROVAL' }))
    const approved = moved(header, { state: 'APPROVED' })
    await replaceOn(ledger, approved, header)
    // As an index that is behind shows it: the header's place in the list of its earlier state.
    const [item] = (await items()).filter(({ sk }) => sk === 'header')
    await putItem({ ...item, listPk: 'state#AWAITING_APPROVAL' })

    const list = async (filter: ListFilter) => (await ledger.list({ filter, limit: 5 })).headers
    expect(await list({ states: ['AWAITING_APPROVAL'] })).toEqual([])
    expect(await list(all)).toEqual([approved])
  })
})

describe('a value that DynamoDB finds odd', () => {
  it.each([
    ['an empty text', ''],
    ['words that expressions reserve', 'NAME SIZE STATUS :a #b attribute_exists(pk)'],
    ['signs of every kind', '#:{}[]"\'\\\t\u2028\u0000é漢\u{1f680}'],
  ])('is stored as it is: %s (J14)', async (_, text) => {
    const { ledger } = await ledgerForTests()
    const header = newHeader({
      reason: text,
      owner: text,
      actor: { kind: 'jwt', id: text },
      keys: { [text || 'none']: text },
    })
    const stored = await createOn(ledger, header)
    expect(stored).toMatchObject({ ...header, schema: 2 })
    expect(await ledger.get(header.id)).toEqual(stored)
    expect(await replaceOn(ledger, moved(stored), stored)).toBe(true)
    expect(await putLockOn(ledger, text, { holder: text }, undefined)).toBe(true)
    expect(await putLockOn(ledger, text, { holder: 'next' }, { holder: text })).toBe(true)
    expect(await ledger.locks([text])).toEqual(new Map([[text, { holder: 'next' }]]))
  })

  it('is refused where it is a name, and empty: before DynamoDB is asked', async () => {
    const { ledger, faults } = await ledgerForTests()
    const refused = { code: 'bad.request', status: 400 }
    const header = newHeader({ keys: { '': 'digest' } })
    await expect(createOn(ledger, header)).rejects.toMatchObject(refused)
    await expect(replaceOn(ledger, header, newHeader())).rejects.toMatchObject(refused)
    const schedule = newSchedule({ keys: { '': 'digest' } })
    await expect(ledger.createSchedule(schedule)).rejects.toMatchObject(refused)
    await expect(ledger.replaceSchedule(schedule, 1)).rejects.toMatchObject(refused)
    expect(faults.calls).toEqual([])
    // What only looks like one is none.
    const reason = '{"":1},"":'
    await createOn(ledger, newHeader({ reason, keys: { ' ': '' } }))
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'is refused where it is no number: %s (J14)',
    async (ms) => {
      const { ledger, another } = await ledgerForTests()
      const header = newHeader({ updatedAtMs: ms })
      await expect(createOn(ledger, header)).rejects.toThrow(/numeric value/)
      expect(await another().get(header.id)).toBeUndefined()
    },
  )
})

describe("a caller's filter", () => {
  it.each([
    'jwt:ann#x',
    'jwt:ann OR #pk = :pk',
    'all',
    '#',
    ':pk',
    '',
    '../state#PLANNED',
    'x'.repeat(5_000),
  ])('finds no more than what it names (J17)', async (actor) => {
    const { ledger, faults } = await ledgerForTests()
    await createOn(ledger, newHeader())
    await createOn(ledger, newHeader({ id: 'theirs', actor: { kind: 'jwt', id: 'x', person: actor } }))
    const { headers } = await ledger.list({ filter: { actor }, limit: 5 })
    expect(headers.map(({ id }) => id)).toEqual(['theirs'])
    const query = faults.calls.findLast(({ action }) => action === 'Query')
    expect(query?.input['KeyConditionExpression']).toBe('#pk = :pk AND #sk BETWEEN :lower AND :upper')
    expect(query?.input['FilterExpression']).toBeUndefined()
  })
})

describe('a cursor', () => {
  const refused = {
    code: 'bad.request',
    status: 400,
    faults: [{ fieldName: 'cursor', errorCode: 'INVALID_CURSOR', message: expect.any(String) }],
  }

  it('that is made up is a 400 that names the field (J18)', async () => {
    const { ledger } = await ledgerForTests()
    const encoded = (text: string) => Buffer.from(text).toString('base64url')
    const forged = [
      '',
      'x',
      '%',
      'null',
      encoded('0'.repeat(16)),
      encoded(`${'0'.repeat(16)}all`),
      '9'.repeat(5_000),
    ]
    for (const cursor of forged) {
      await expect(ledger.list({ filter: all, limit: 5, cursor })).rejects.toMatchObject(refused)
      await expect(ledger.listSchedules({ limit: 5, cursor })).rejects.toMatchObject(refused)
    }
  })

  it('of another list, or with anything changed, is a 400 (J18)', async () => {
    const { ledger } = await ledgerForTests()
    for (let n = 0; n < 3; n++) await createOn(ledger, newHeader())
    const { next: cursor = '' } = await ledger.list({ filter: all, limit: 1 })
    expect((await ledger.list({ filter: all, limit: 5, cursor })).headers).toHaveLength(2)

    const others: ListFilter[] = [
      { actor: 'jwt:ann' },
      { featureName: 'wallboards' },
      { userId: ann },
      { states: ['PLANNED'] },
    ]
    for (const filter of others) {
      await expect(ledger.list({ filter, limit: 5, cursor })).rejects.toMatchObject(refused)
    }
    for (const bounds of [{ fromMs: 0 }, { toMs: noonMs }]) {
      await expect(ledger.list({ filter: all, limit: 5, cursor, ...bounds })).rejects.toMatchObject(refused)
    }
    await expect(ledger.listSchedules({ limit: 5, cursor })).rejects.toMatchObject(refused)
    for (const changed of [`${cursor}=`, `${cursor}A`, cursor.slice(0, -1), ` ${cursor}`, `${cursor}\n`]) {
      await expect(ledger.list({ filter: all, limit: 5, cursor: changed })).rejects.toMatchObject(refused)
    }
  })
})
