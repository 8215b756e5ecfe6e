import { describe, expect, it } from 'vitest'
import type { Target } from '../../lib/changes/model/change.ts'
import type { Header } from '../../lib/changes/model/header.ts'
import { openStates } from '../../lib/changes/model/transitions.ts'
import { subjectOf } from '../../lib/changes/plan/read-order.ts'
import type { Ledger, ListFilter, ListQuery } from '../../lib/changes/record/ledger.ts'
import { indexRows } from '../../lib/ledger/dynamo-lists.ts'
import { Crash, ledgerForTests } from '../support/ledger/ledger.ts'
import {
  ann,
  bob,
  createOn,
  moved,
  newHeader,
  noonMs,
  pair,
  planOf,
  replaceOn,
  togglePlan,
  tryCreateOn,
} from './records.ts'

const all: ListFilter = {}

const idsOf = (headers: readonly Header[]) => headers.map(({ id }) => id)

async function listed(ledger: Ledger, filter: ListFilter, query: Partial<ListQuery> = {}) {
  return idsOf((await ledger.list({ filter, limit: 10, ...query })).headers)
}

/** Creates changes a second apart, the first at noon. */
async function createAll(ledger: Ledger, count: number): Promise<Header[]> {
  const headers = Array.from({ length: count }, (_, n) =>
    newHeader({ id: `c${n}`, createdAtMs: noonMs + n * 1_000 }),
  )
  return await Promise.all(headers.map((header) => createOn(ledger, header)))
}

/** A change of licenses. */
async function created(ledger: Ledger, targets: readonly Target[], changes: Partial<Header>): Promise<void> {
  const header = newHeader({ kind: 'assignments', subject: subjectOf(targets), ...changes })
  await createOn(ledger, header, { targets })
}

/** All pages one after the other. */
async function pages(ledger: Ledger, query: ListQuery): Promise<string[][]> {
  const { headers, next } = await ledger.list(query)
  const rest = next === undefined ? [] : await pages(ledger, { ...query, cursor: next })
  return [idsOf(headers), ...rest]
}

describe('a list of changes', () => {
  it('has them newest first, each as it stands', async () => {
    const { ledger } = await ledgerForTests()
    const headers = await createAll(ledger, 3)
    expect(await ledger.list({ filter: all, limit: 10 })).toEqual({ headers: headers.toReversed() })
  })

  it('is empty where there are none', async () => {
    const { ledger } = await ledgerForTests()
    expect(await ledger.list({ filter: all, limit: 10 })).toEqual({ headers: [] })
  })

  it('has those of a license, a user, a toggle, an actor or a person', async () => {
    const { ledger } = await ledgerForTests()
    const actor = { kind: 'iam', id: 'arn:aws:iam::1:role/Ops', person: 'ann' } as const
    await created(ledger, [pair('cloudCX1', ann), pair('cloudCX1', bob), pair('cloudCX2', bob)], {
      id: 'batch',
      actor,
    })
    await created(ledger, [pair('cloudCX2', ann)], { id: 'other' })
    await createOn(ledger, newHeader({ id: 'toggle', createdAtMs: noonMs + 1 }))

    expect(await listed(ledger, { licenseId: 'cloudCX1' })).toEqual(['batch'])
    expect(await listed(ledger, { licenseId: 'cloudCX2' })).toEqual(['other', 'batch'])
    expect(await listed(ledger, { userId: ann })).toEqual(['other', 'batch'])
    expect(await listed(ledger, { userId: bob })).toEqual(['batch'])
    expect(await listed(ledger, { featureName: 'wallboards' })).toEqual(['toggle'])
    expect(await listed(ledger, { featureName: 'other' })).toEqual([])
    expect(await listed(ledger, { actor: 'iam:arn:aws:iam::1:role/Ops' })).toEqual(['batch'])
    expect(await listed(ledger, { actor: 'ann' })).toEqual(['batch'])
    expect(await listed(ledger, { actor: 'jwt:ann' })).toEqual(['toggle', 'other'])
    expect(await listed(ledger, all)).toEqual(['toggle', 'other', 'batch'])
  })

  it('has those in a state while they are in it', async () => {
    const { ledger } = await ledgerForTests()
    const [first, second] = await createAll(ledger, 2)
    if (!first || !second) throw new Error('two were created')
    await replaceOn(ledger, moved(second, { state: 'CLAIMED' }), second)
    expect(await listed(ledger, { states: ['PLANNED'] })).toEqual(['c0'])
    expect(await listed(ledger, { states: ['CLAIMED'] })).toEqual(['c1'])
    expect(await listed(ledger, { states: ['SENT'] })).toEqual([])
  })

  it('with a user and a license has those that name that license for that user', async () => {
    const { ledger } = await ledgerForTests()
    await created(ledger, [pair('cloudCX1', ann), pair('cloudCX2', bob)], { id: 'apart' })
    await created(ledger, [pair('cloudCX2', ann), pair('cloudCX1', bob)], { id: 'together' })
    // Of more licenses than a header names.
    const many = Array.from({ length: 30 }, (_, n) => pair(`license${String(n).padStart(2, '0')}`, ann))
    await created(ledger, [...many, pair('zebra', ann)], { id: 'many' })
    expect(await listed(ledger, { userId: ann, licenseId: 'cloudCX1' })).toEqual(['apart'])
    expect(await listed(ledger, { userId: ann, licenseId: 'cloudCX2' })).toEqual(['together'])
    expect(await listed(ledger, { userId: ann, licenseId: 'zebra' })).toEqual(['many'])
    expect(await listed(ledger, { userId: bob, licenseId: 'zebra' })).toEqual([])
  })

  it('has those that fit all that is given, whichever of it finds them', async () => {
    const { ledger } = await ledgerForTests()
    const eve = { kind: 'jwt', id: 'eve' } as const
    await created(ledger, [pair('cloudCX1', ann)], { id: 'open' })
    await created(ledger, [pair('cloudCX1', ann)], { id: 'done', state: 'APPLIED' })
    await created(ledger, [pair('cloudCX1', bob)], { id: 'hers', actor: eve })
    await createOn(ledger, newHeader({ id: 'toggle', actor: eve }))
    expect(await listed(ledger, { userId: ann, states: ['APPLIED'] })).toEqual(['done'])
    expect(await listed(ledger, { licenseId: 'cloudCX1', states: ['APPLIED'] })).toEqual(['done'])
    expect(await listed(ledger, { licenseId: 'cloudCX1', states: ['PLANNED'] })).toEqual(['open', 'hers'])
    expect(await listed(ledger, { licenseId: 'cloudCX1', actor: 'jwt:eve' })).toEqual(['hers'])
    expect(await listed(ledger, { featureName: 'wallboards', actor: 'jwt:eve' })).toEqual(['toggle'])
    expect(await listed(ledger, { featureName: 'wallboards', actor: 'jwt:ann' })).toEqual([])
    expect(await listed(ledger, { actor: 'jwt:eve', states: ['PLANNED'] })).toEqual(['toggle', 'hers'])
    expect(await listed(ledger, { actor: 'jwt:eve', states: ['APPLIED'] })).toEqual([])
  })

  it('merges the lists of several states in one order, whose pages leave none out', async () => {
    const { ledger } = await ledgerForTests()
    const all = await createAll(ledger, 30)
    const states = ['PLANNED', 'APPROVED', 'SENT', 'APPLIED'] as const
    await Promise.all(
      all.map((header, n) => replaceOn(ledger, moved(header, { state: states[n % 4] ?? 'PLANNED' }), header)),
    )
    const open = idsOf(all.filter((_, n) => n % 4 !== 3)).reverse()
    for (const limit of [1, 2, 7, 23]) {
      const found = await pages(ledger, { filter: { states: openStates }, limit })
      expect(found.flat()).toEqual(open)
      expect(found.slice(0, -1).every((page) => page.length === limit)).toBe(true)
    }
  })

  it('takes no cursor of another filter', async () => {
    const { ledger } = await ledgerForTests()
    await createAll(ledger, 3)
    const { next = '' } = await ledger.list({ filter: { states: ['PLANNED'] }, limit: 1 })
    for (const filter of [{}, { states: openStates }, { states: ['PLANNED'] as const, actor: 'jwt:ann' }]) {
      await expect(ledger.list({ filter, limit: 1, cursor: next })).rejects.toMatchObject({
        code: 'bad.request',
      })
    }
  })

  it('keeps to a time, inclusive on both sides', async () => {
    const { ledger } = await ledgerForTests()
    await createAll(ledger, 5)
    const [fromMs, toMs] = [noonMs + 1_000, noonMs + 3_000]
    expect(await listed(ledger, all, { fromMs, toMs })).toEqual(['c3', 'c2', 'c1'])
    expect(await listed(ledger, all, { fromMs: fromMs + 1, toMs: toMs - 1 })).toEqual(['c2'])
    expect(await listed(ledger, all, { fromMs: toMs })).toEqual(['c4', 'c3'])
    expect(await listed(ledger, all, { toMs: fromMs })).toEqual(['c1', 'c0'])
    expect(await listed(ledger, all, { fromMs: toMs, toMs: fromMs })).toEqual([])
    expect(await listed(ledger, all, { fromMs: -1, toMs: 1e300 })).toHaveLength(5)
  })

  it('comes in pages that leave none out and tell none twice', async () => {
    const { ledger } = await ledgerForTests()
    await createAll(ledger, 7)
    expect(await pages(ledger, { filter: all, limit: 3 })).toEqual([
      ['c6', 'c5', 'c4'],
      ['c3', 'c2', 'c1'],
      ['c0'],
    ])
    expect(await pages(ledger, { filter: all, limit: 7 })).toHaveLength(1)
    const toMs = noonMs + 4_000
    expect(await pages(ledger, { filter: all, limit: 4, fromMs: noonMs + 1_000, toMs })).toEqual([
      ['c4', 'c3', 'c2', 'c1'],
    ])
  })

  it('goes on from where it was while new changes come in', async () => {
    const { ledger } = await ledgerForTests()
    await createAll(ledger, 4)
    const first = await ledger.list({ filter: all, limit: 2 })
    await createOn(ledger, newHeader({ id: 'new', createdAtMs: noonMs + 60_000 }))
    expect(await listed(ledger, all, { cursor: first.next ?? '' })).toEqual(['c1', 'c0'])
  })

  it('tells apart changes of the same millisecond', async () => {
    const { ledger } = await ledgerForTests()
    for (const id of ['a', 'b', 'c']) await createOn(ledger, newHeader({ id }))
    expect(await pages(ledger, { filter: all, limit: 1 })).toEqual([['c'], ['b'], ['a']])
  })

  it('leaves out what a creation that lost has left behind', async () => {
    const { ledger, items } = await ledgerForTests()
    const winner = newHeader({ id: 'same' })
    await createOn(ledger, winner)
    // Another actor, another time, other targets: of so many that rows, which no header names, are put before it.
    const actor = { kind: 'jwt', id: 'eve' } as const
    for (const createdAtMs of [noonMs, noonMs + 5_000]) {
      const lost = newHeader({ id: 'same', actor, createdAtMs })
      expect(await tryCreateOn(ledger, lost, planOf(150))).toBeUndefined()
    }
    const left = (await items()).filter(({ pk }) => String(pk).includes('same'))
    expect(left.length).toBeGreaterThan(200)
    expect(await listed(ledger, all)).toEqual(['same'])
    expect(await listed(ledger, { actor: 'jwt:eve' })).toEqual([])
    expect(await listed(ledger, { userId: 'user-0' })).toEqual([])
  })

  it('fills its page behind many that do not count', async () => {
    const { ledger, putItem } = await ledgerForTests()
    await createOn(ledger, newHeader({ id: 'same' }))
    // As creations that lost leave them.
    const lost = Array.from({ length: 60 }, (_, n) => newHeader({ id: 'same', createdAtMs: noonMs + n }))
    await Promise.all(lost.flatMap((header) => indexRows(header, togglePlan)).map(putItem))
    await createOn(ledger, newHeader({ id: 'old', createdAtMs: noonMs - 1 }))
    const found = (await pages(ledger, { filter: all, limit: 2 })).flat()
    expect(found).toEqual(['same', 'old'])
  })

  it('leaves out what crashed before its header', async () => {
    const { ledger, faults, another, items } = await ledgerForTests()
    faults.crashAfter(2)
    await expect(createOn(ledger, newHeader(), planOf(150))).rejects.toThrow(Crash)
    expect(await items()).toHaveLength(100)
    expect(await listed(another(), all)).toEqual([])
  })
})
