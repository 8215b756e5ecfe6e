import { describe, expect, it } from 'vitest'
import type { Header } from '../../lib/changes/change.ts'
import type { Ledger, ListFilter, ListQuery } from '../../lib/changes/ledger.ts'
import { Crash, ledgerForTests } from '../support/ledger.ts'
import { ann, bob, moved, newHeader, noonMs, pair, togglePlan } from './records.ts'

const all: ListFilter = { by: 'all' }

const idsOf = (headers: readonly Header[]) => headers.map(({ id }) => id)

async function listed(ledger: Ledger, filter: ListFilter, query: Partial<ListQuery> = {}) {
  return idsOf((await ledger.list({ filter, limit: 10, ...query })).headers)
}

/** Creates changes a second apart, the first at noon. */
async function createAll(ledger: Ledger, count: number): Promise<Header[]> {
  const headers = Array.from({ length: count }, (_, n) =>
    newHeader({ id: `c${n}`, createdAtMs: noonMs + n * 1_000 }),
  )
  await Promise.all(headers.map((header) => ledger.create(header, togglePlan)))
  return headers
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
    await ledger.create(newHeader({ id: 'batch', actor, kind: 'assignments' }), {
      targets: [pair('cloudCX1', ann), pair('cloudCX1', bob), pair('cloudCX2', bob)],
    })
    await ledger.create(newHeader({ id: 'other', kind: 'assignments' }), {
      targets: [pair('cloudCX2', ann)],
    })
    await ledger.create(newHeader({ id: 'toggle', createdAtMs: noonMs + 1 }), togglePlan)

    expect(await listed(ledger, { by: 'license', licenseId: 'cloudCX1' })).toEqual(['batch'])
    expect(await listed(ledger, { by: 'license', licenseId: 'cloudCX2' })).toEqual(['other', 'batch'])
    expect(await listed(ledger, { by: 'user', userId: ann })).toEqual(['other', 'batch'])
    expect(await listed(ledger, { by: 'user', userId: bob })).toEqual(['batch'])
    expect(await listed(ledger, { by: 'toggle', featureName: 'wallboards' })).toEqual(['toggle'])
    expect(await listed(ledger, { by: 'toggle', featureName: 'other' })).toEqual([])
    expect(await listed(ledger, { by: 'actor', actor: 'iam:arn:aws:iam::1:role/Ops' })).toEqual(['batch'])
    expect(await listed(ledger, { by: 'actor', actor: 'ann' })).toEqual(['batch'])
    expect(await listed(ledger, { by: 'actor', actor: 'jwt:ann' })).toEqual(['toggle', 'other'])
    expect(await listed(ledger, all)).toEqual(['toggle', 'other', 'batch'])
  })

  it('has those in a state while they are in it', async () => {
    const { ledger } = await ledgerForTests()
    const [first, second] = await createAll(ledger, 2)
    if (!first || !second) throw new Error('two were created')
    await ledger.replace(moved(second, { state: 'CLAIMED' }), second)
    expect(await listed(ledger, { by: 'state', state: 'PLANNED' })).toEqual(['c0'])
    expect(await listed(ledger, { by: 'state', state: 'CLAIMED' })).toEqual(['c1'])
    expect(await listed(ledger, { by: 'state', state: 'SENT' })).toEqual([])
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
    await ledger.create(newHeader({ id: 'new', createdAtMs: noonMs + 60_000 }), togglePlan)
    expect(await listed(ledger, all, { cursor: first.next ?? '' })).toEqual(['c1', 'c0'])
  })

  it('tells apart changes of the same millisecond', async () => {
    const { ledger } = await ledgerForTests()
    for (const id of ['a', 'b', 'c']) await ledger.create(newHeader({ id }), togglePlan)
    expect(await pages(ledger, { filter: all, limit: 1 })).toEqual([['c'], ['b'], ['a']])
  })

  it('leaves out what a creation that lost has left behind', async () => {
    const { ledger } = await ledgerForTests()
    const winner = newHeader({ id: 'same' })
    await ledger.create(winner, togglePlan)
    // Another actor, another time, another target: all in rows of their own that no header names.
    const actor = { kind: 'jwt', id: 'eve' } as const
    for (const createdAtMs of [noonMs, noonMs + 5_000]) {
      await ledger.create(newHeader({ id: 'same', actor, createdAtMs }), { targets: [pair('cloudCX1', ann)] })
    }
    expect(await listed(ledger, all)).toEqual(['same'])
    expect(await listed(ledger, { by: 'actor', actor: 'jwt:eve' })).toEqual([])
    expect(await listed(ledger, { by: 'user', userId: ann })).toEqual([])
  })

  it('fills its page behind many that do not count', async () => {
    const { ledger } = await ledgerForTests()
    await ledger.create(newHeader({ id: 'same' }), togglePlan)
    await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        ledger.create(newHeader({ id: 'same', createdAtMs: noonMs + n }), togglePlan),
      ),
    )
    await ledger.create(newHeader({ id: 'old', createdAtMs: noonMs - 1 }), togglePlan)
    const found = (await pages(ledger, { filter: all, limit: 2 })).flat()
    expect(found).toEqual(['same', 'old'])
  })

  it('leaves out what crashed before its header', async () => {
    const { ledger, faults, another } = await ledgerForTests()
    faults.crashAfter(5)
    await expect(ledger.create(newHeader(), togglePlan)).rejects.toThrow(Crash)
    expect(await listed(another(), all)).toEqual([])
  })
})
