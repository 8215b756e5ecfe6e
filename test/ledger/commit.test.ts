/** What is written together: a change with its rows, its locks, its journal and what lists find it by. */
import { describe, expect, it } from 'vitest'
import type { EvidenceRow, PlanRow } from '../../lib/changes/model/change.ts'
import type { Header } from '../../lib/changes/model/header.ts'
import type { LedgerWrite, Lock } from '../../lib/changes/record/ledger.ts'
import { rowItem } from '../../lib/ledger/dynamo-changes.ts'
import { headerItem } from '../../lib/ledger/stored-items.ts'
import { type Call, ledgerForTests } from '../support/ledger/ledger.ts'
import {
  ann,
  committed,
  createOn,
  evidence,
  evidenceOf,
  moved,
  newHeader,
  noonMs,
  pair,
  planOf,
  putLockOn,
  replaceOn,
  togglePlan,
} from './records.ts'

const lock = (key: string, next: Lock, seen?: Lock): LedgerWrite => ({ kind: 'lock', key, next, seen })

const create = (header: Header, plan: PlanRow = togglePlan): LedgerWrite => ({ kind: 'create', header, plan })

const journal = (changeId: string): LedgerWrite => ({
  kind: 'journal',
  row: { changeId, atMs: noonMs, sequence: 1, pairs: [{ licenseId: 'cloudCX1', userId: ann, isHeld: true }] },
})

/** How many items each call put, in order. */
const putsOf = (calls: readonly Call[]) =>
  calls.map(({ action, input: { TransactItems: items } }) => (Array.isArray(items) ? items.length : action))

describe('a change that is committed with all that belongs to it', () => {
  it('takes one call, and is there with its plan, its evidence, its lock, its journal and its place in lists', async () => {
    const { ledger, another, faults } = await ledgerForTests()
    const header = newHeader({ state: 'CLAIMED', owner: 'worker-1', evidenceRow: 'evidence-1' })
    const commit = await ledger.commit([
      { kind: 'create', header, plan: togglePlan, evidence },
      lock('toggle#wallboards', { holder: 'x.worker-1' }),
      { kind: 'pointer', key: 'p', next: { changeId: header.id, atMs: noonMs }, seen: undefined },
      journal(header.id),
    ])
    // Header, lock, pointer, journal, that it moved, and three lists: all, its actor, its toggle.
    expect(putsOf(faults.calls)).toEqual([8])
    const stored = committed(commit, header.id)
    expect(stored).toMatchObject({ ...header, schema: 2 })
    expect(await another().get(header.id)).toEqual(stored)
    const reader = another(faults.transport)
    expect(await reader.plan(stored)).toEqual(togglePlan)
    expect(await reader.evidence(stored)).toEqual(evidence)
    expect(faults.calls).toHaveLength(1)
    expect(await reader.locks(['toggle#wallboards'])).toEqual(
      new Map([['toggle#wallboards', { holder: 'x.worker-1' }]]),
    )
    expect(await reader.pointer('p')).toEqual({ changeId: header.id, atMs: noonMs })
    expect(await reader.journal(noonMs, noonMs)).toMatchObject([{ changeId: header.id }])
    const { headers } = await reader.list({ filter: { featureName: 'wallboards' }, limit: 10 })
    expect(headers).toEqual([stored])
  })

  it('moves on with what it keeps, and gets new evidence', async () => {
    const { ledger, another } = await ledgerForTests()
    const plan: PlanRow = { ...togglePlan, before: [undefined] }
    const first = newHeader()
    const stored = committed(await ledger.commit([create(first, plan)]), first.id)
    const seen: EvidenceRow = { outcomes: ['unknown'], after: [undefined], texts: [null] }
    const sent = moved(stored, { state: 'SENT', owner: 'worker-1', evidenceRow: 'evidence-1' })
    const then = committed(
      await ledger.commit([{ kind: 'replace', next: sent, seen: stored, evidence: seen }]),
      first.id,
    )
    const settled = moved(then, { state: 'APPLIED', evidenceRow: 'evidence-2' })
    await ledger.commit([{ kind: 'replace', next: settled, seen: then, evidence }])
    const found = await another().get(first.id)
    expect(found).toMatchObject({ state: 'APPLIED', version: 3, evidenceRow: 'evidence-2' })
    if (!found) return
    expect((await another().plan(found)).before).toEqual([undefined])
    expect(await another().evidence(found)).toEqual(evidence)
    expect(await another().evidence(then)).toEqual(seen)
  })

  it('keeps a plan and evidence in rows of their own once they are large', async () => {
    const { ledger, another, items } = await ledgerForTests()
    const plan = planOf(60)
    const header = newHeader({ evidenceRow: 'evidence-1' })
    const large = evidenceOf(60)
    await ledger.commit([{ kind: 'create', header, plan, evidence: large }])
    const found = await another().get(header.id)
    expect(found).toEqual(header)
    expect(await another().plan(header)).toEqual(plan)
    expect(await another().evidence(header)).toEqual(large)
    const rows = (await items()).filter(({ sk }) => String(sk).startsWith('row#'))
    expect(rows).toHaveLength(2)
  })

  it('is found in the list of a license of many, whether its plan is kept in it or not', async () => {
    const { ledger, another } = await ledgerForTests()
    const targets = Array.from({ length: 25 }, (_, n) => pair(`license-${n}`, ann))
    const subject = { pairs: 25, users: 1, licenses: targets.slice(0, 20).map((_, n) => `license-${n}`) }
    const [one, other] = [
      newHeader({ kind: 'assignments', subject }),
      newHeader({ kind: 'assignments', subject }),
    ]
    const kept = await createOn(ledger, one, { targets })
    const holdings = [{ userId: ann, licenses: Array.from({ length: 300 }, (_, n) => `license-${n}`) }]
    const apart = await createOn(ledger, other, { targets, holdings })
    expect([kept.keptPlan?.row, apart.keptPlan]).toEqual([{ targets }, undefined])
    const filter = { userId: ann, licenseId: 'license-24' }
    const { headers } = await another().list({ filter, limit: 10 })
    expect(headers.map(({ id }) => id).toSorted()).toEqual([one.id, other.id].toSorted())
    const none = await another().list({ filter: { userId: ann, licenseId: 'license-99' }, limit: 10 })
    expect(none.headers).toEqual([])
  })
})

describe('what stands in the way of a commit', () => {
  it('is told without a read, and nothing of it is written', async () => {
    const { ledger, another, faults } = await ledgerForTests()
    const first = newHeader()
    const stored = committed(await ledger.commit([create(first)]), first.id)
    const claimed = moved(stored, { state: 'CLAIMED', owner: 'theirs' })
    await replaceOn(another(), claimed, stored)
    await putLockOn(another(), 'toggle#a', { holder: 'theirs' }, undefined)
    await another().putPointer('p', { changeId: 'theirs', atMs: 1 }, undefined)
    const before = faults.calls.length
    const ours = moved(stored, { state: 'CLAIMED', owner: 'ours' })
    const refused = await ledger.commit([
      lock('toggle#a', { holder: 'ours' }),
      lock('toggle#b', { holder: 'ours' }),
      { kind: 'replace', next: ours, seen: stored },
      { kind: 'pointer', key: 'p', next: { changeId: 'ours', atMs: 2 }, seen: { changeId: 'else', atMs: 0 } },
      lock('toggle#c', { holder: 'ours' }, { holder: 'before' }),
    ])
    expect(refused).toEqual({
      kind: 'refused',
      headers: new Map([[first.id, claimed]]),
      locks: new Map([
        ['toggle#a', { holder: 'theirs' }],
        ['toggle#c', undefined],
      ]),
      pointers: new Map([['p', { changeId: 'theirs', atMs: 1 }]]),
    })
    expect(faults.calls).toHaveLength(before + 1)
    expect((await another().locks(['toggle#b'])).size).toBe(0)
  })

  it('is the change that was created first, of fifty at once under one id', async () => {
    const { ledger, another } = await ledgerForTests()
    const headers = Array.from({ length: 50 }, () => newHeader({ id: 'same' }))
    const commits = await Promise.all(headers.map((header) => ledger.commit([create(header)])))
    const won = commits.flatMap((each) => (each.kind === 'done' ? [each.headers.get('same')] : []))
    expect(won).toHaveLength(1)
    expect(await another().get('same')).toEqual(won[0])
    const told = commits.flatMap((each) => (each.kind === 'refused' ? [each.headers.get('same')] : []))
    expect(told).toEqual(Array.from({ length: 49 }, () => won[0]))
  })

  it('is what the header keeps, where the next one was built without it', async () => {
    const { ledger, another } = await ledgerForTests()
    const bare = newHeader()
    const stored = committed(await ledger.commit([create(bare)]), bare.id)
    expect(await replaceOn(ledger, moved(bare), bare)).toBe(false)
    expect(await another().get(bare.id)).toEqual(stored)
    expect(await replaceOn(ledger, moved(stored), stored)).toBe(true)
  })
})

describe('a commit that is sent again', () => {
  it.each([
    ['before', 'drop'],
    ['after', 'drop.answer'],
  ] as const)('after its answer was lost, %s it was carried out, is done', async (_, how) => {
    const { ledger, another, faults } = await ledgerForTests()
    const header = newHeader()
    faults.failNext('TransactWriteItems', how)
    const commit = await ledger.commit([create(header), lock('toggle#a', { holder: 'ours' })])
    expect(await another().get(header.id)).toEqual(committed(commit, header.id))
  })

  it('by another request long after, and as it was, is done', async () => {
    const { ledger } = await ledgerForTests()
    const header = newHeader()
    const writes = [create(header), lock('toggle#a', { holder: 'ours' })]
    expect(await ledger.commit(writes)).toEqual(await ledger.commit(writes))
  })

  it.each([
    ['another transaction on one of its items', { reasons: ['None', 'TransactionConflict', 'None', 'None'] }],
    ['throttling', { reasons: ['ThrottlingError', 'None', 'None', 'None'] }],
    ['throttling of an index', { reasons: ['None', 'None', 'ProvisionedThroughputExceeded', 'None'] }],
    ['a try of its own that is under way', { type: 'TransactionInProgressException' }],
  ])('after %s, is done', async (_, failure) => {
    const { ledger, another, faults } = await ledgerForTests()
    const header = newHeader()
    faults.failNext('TransactWriteItems', failure, 4)
    const commit = await ledger.commit([create(header)])
    expect(await another().get(header.id)).toEqual(committed(commit, header.id))
  })

  it('against conflicts without end is a 503 once it is known that it does not stand', async () => {
    const { ledger, another, faults } = await ledgerForTests()
    const header = newHeader()
    faults.failNext('TransactWriteItems', { reasons: ['TransactionConflict', 'None', 'None', 'None'] }, 99)
    await expect(ledger.commit([create(header)])).rejects.toMatchObject({ code: 'ledger.unavailable' })
    expect(await another().get(header.id)).toBeUndefined()
  })

  it('with every answer lost is done where it stands, and unknown where nobody can tell', async () => {
    const { ledger, faults } = await ledgerForTests()
    const [one, other] = [newHeader(), newHeader()]
    faults.failNext('TransactWriteItems', 'drop.answer', 3)
    expect((await ledger.commit([create(one)])).kind).toBe('done')
    faults.failNext('TransactWriteItems', 'drop.answer', 3)
    faults.failNext('GetItem', 'drop', 3)
    await expect(ledger.commit([create(other)])).rejects.toMatchObject({ code: 'outcome.unknown' })
  })

  it('of one put alone meets a transaction on its item, and is done', async () => {
    const { ledger, faults } = await ledgerForTests()
    faults.failNext('PutItem', { type: 'TransactionConflictException' }, 4)
    expect(await putLockOn(ledger, 'toggle#a', { holder: 'ours' }, undefined)).toBe(true)
  })
})

describe('a change of 500 pairs', () => {
  it('is created by six calls, of at most a hundred items each, its header last', async () => {
    const { ledger, another, faults, items } = await ledgerForTests()
    const header = newHeader()
    const plan = planOf(500)
    expect((await ledger.commit([create(header, plan)])).kind).toBe('done')
    // 503 rows of lists, that it moved, the plan and the header.
    expect(putsOf(faults.calls)).toEqual([100, 100, 100, 100, 100, 6])
    expect(await items()).toHaveLength(506)
    expect(await another().plan(header)).toEqual(plan)
  })

  it('has all its locks taken by five', async () => {
    const { ledger, faults } = await ledgerForTests()
    const keys = Array.from({ length: 500 }, (_, n) => `pair#cloudCX1#${String(n).padStart(3, '0')}`)
    for (let start = 0; start < keys.length; start += 100) {
      await ledger.commit(keys.slice(start, start + 100).map((key) => lock(key, { holder: 'ours' })))
    }
    expect(putsOf(faults.calls)).toEqual([100, 100, 100, 100, 100])
    expect((await ledger.locks(keys)).size).toBe(500)
  })

  it('is no change where a batch of its rows fails', async () => {
    const { ledger, another, faults } = await ledgerForTests()
    const header = newHeader()
    faults.failNext('TransactWriteItems', 'outage', 99)
    await expect(ledger.commit([create(header, planOf(500))])).rejects.toMatchObject({
      code: 'ledger.unavailable',
    })
    expect(await another().get(header.id)).toBeUndefined()
  })

  it('is refused rather than cut in two where more than a hundred conditions are to hold at once', async () => {
    const { ledger, items } = await ledgerForTests()
    const locks = Array.from({ length: 101 }, (_, n) => lock(`toggle#${n}`, { holder: 'ours' }))
    await expect(ledger.commit(locks)).rejects.toThrow(
      '101 writes that go together do not fit into one transaction',
    )
    expect(await items()).toEqual([])
  })
})

describe('a header', () => {
  it('of a change whose rows stand beside it is read as before', async () => {
    const { ledger, another, putItem } = await ledgerForTests()
    const header = newHeader({ evidenceRow: 'evidence-1' })
    await putItem(rowItem(header.id, header.planRow, togglePlan))
    await putItem(rowItem(header.id, 'evidence-1', evidence))
    await putItem(headerItem(header))
    expect(await another().get(header.id)).toEqual(header)
    expect(await another().plan(header)).toEqual(togglePlan)
    expect(await another().evidence(header)).toEqual(evidence)
    const settled = moved(header, { state: 'APPLIED', evidenceRow: 'evidence-2' })
    await ledger.commit([{ kind: 'replace', next: settled, seen: header, evidence }])
    expect(await another().plan(settled)).toEqual(togglePlan)
  })
})

it('a journal row is put with what it is about, never before: where that is refused nobody counts with it', async () => {
  const { ledger, another } = await ledgerForTests()
  const users = 60
  const header = newHeader()
  const locks = Array.from({ length: users }, (_, n) => lock(`pair#cloudCX1#${n}`, { holder: 'mine' }))
  await putLockOn(another(), 'pair#cloudCX1#3', { holder: 'other' }, undefined)
  const written = await ledger.commit([create(header, planOf(users)), ...locks, journal(header.id)])
  expect(written.kind).toBe('refused')
  expect(await ledger.journal(noonMs - 1, noonMs + 1)).toEqual([])
})
