/** The journal on the table: rows in order, none lost and none overwritten, and no index asked. */
import { describe, expect, it } from 'vitest'
import type { JournalRow, PairSeen } from '../../lib/changes/record/pair-journal.ts'
import { ledgerForTests } from '../support/ledger/ledger.ts'
import { ann, bob, createOn, evidenceOf, moved, newHeader, noonMs, replaceOn } from './records.ts'

const BYTES_OF_AN_ITEM = 400_000
const EARLY_MS = noonMs - 1e9
const FAR_MS = noonMs + 1e9

const seen = (userId: string, isHeld: PairSeen['isHeld'], licenseId = 'cloudCX3') => ({
  licenseId,
  userId,
  isHeld,
})

const row = (changes: Partial<JournalRow> = {}): JournalRow => ({
  changeId: 'c',
  atMs: noonMs,
  sequence: 1,
  pairs: [seen(ann, true)],
  ...changes,
})

async function start() {
  const opened = await ledgerForTests()
  const add = (journal: JournalRow) => opened.ledger.commit([{ kind: 'journal', row: journal }])
  return { ...opened, add }
}

describe('the journal', () => {
  it('tells what is held, what is not and what is not known, license by license', async () => {
    const { ledger, another, add } = await start()
    const pairs = [seen(ann, true), seen(bob, false), seen(ann, undefined, 'wallboardUser')]
    await add(row({ pairs }))
    // License by license, in whatever order.
    const inAnyOrder = [{ ...row(), pairs: expect.arrayContaining(pairs) }]
    expect(await ledger.journal(EARLY_MS, FAR_MS)).toEqual(inAnyOrder)
    const [again] = await another().journal(EARLY_MS, FAR_MS)
    expect(again?.pairs).toHaveLength(pairs.length)
  })

  it('tells of what is not known what was read before, or else what is wished for', async () => {
    const { ledger, add } = await start()
    const pairs = [true, false].flatMap((each) => [
      { ...seen(ann, undefined, `read ${each}`), wasHeld: each },
      { ...seen(bob, undefined, `unread ${each}`), wanted: each },
    ])
    await add(row({ pairs }))
    const [told] = await ledger.journal(EARLY_MS, FAR_MS)
    expect(told?.pairs).toEqual(expect.arrayContaining(pairs))
    expect(told?.pairs).toHaveLength(pairs.length)
  })

  it('tells an intent from what was seen', async () => {
    const { ledger } = await start()
    const intent = row({ sequence: 0, isIntent: true })
    await ledger.addJournal(intent)
    await ledger.addJournal(intent)
    expect(await ledger.journal(EARLY_MS, FAR_MS)).toEqual([intent, intent])
  })

  it('takes an intent of as many pairs as a list may have, in items of which each is small enough (D35)', async () => {
    const { ledger } = await start()
    const pairs = Array.from({ length: 50_000 }, (_, n) =>
      seen(`00000000-0000-4000-8000-${String(n).padStart(12, '0')}`, undefined),
    )
    await ledger.addJournal(row({ sequence: 0, isIntent: true, pairs }))
    const rows = await ledger.journal(EARLY_MS, FAR_MS)
    expect(rows.every(({ isIntent, sequence }) => isIntent && sequence === 0)).toBe(true)
    const found = rows.flatMap((each) => each.pairs.map(({ userId }) => userId))
    expect(found.sort()).toEqual(pairs.map(({ userId }) => userId))
  })

  it('is in order of time, and at one time of the change’s own steps', async () => {
    const { ledger, add } = await start()
    const rows = [
      row({ atMs: noonMs - 1, sequence: 12 }),
      row({ sequence: 9 }),
      row({ sequence: 10 }),
      row({ atMs: noonMs + 1, sequence: 2 }),
    ]
    for (const each of [...rows].reverse()) await add(each)
    expect(await ledger.journal(EARLY_MS, FAR_MS)).toEqual(rows)
  })

  it('keeps both of two rows that are alike in all but what they saw', async () => {
    const { ledger, add } = await start()
    await add(row({ pairs: [seen(ann, true)] }))
    await add(row({ pairs: [seen(bob, true)] }))
    expect(await ledger.journal(EARLY_MS, FAR_MS)).toHaveLength(2)
  })

  it('begins at a time, that one included, and goes on over the end of a month and of a year', async () => {
    const { ledger, add } = await start()
    const times = ['2026-11-30T23:59:59.999Z', '2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'].map(
      Date.parse,
    )
    for (const atMs of times) await add(row({ atMs }))
    const [first = 0, second = 0, last = 0] = times
    const from = async (fromMs: number) => (await ledger.journal(fromMs, last)).map(({ atMs }) => atMs)
    expect([await from(first), await from(first + 1), await from(last)]).toEqual([
      times,
      [second, last],
      [last],
    ])
  })

  it('asks the table itself, strongly, and never an index', async () => {
    const { ledger, faults, add } = await start()
    await add(row())
    const before = faults.calls.length
    await ledger.journal(noonMs, noonMs)
    const asked = faults.calls.slice(before)
    expect(asked).toMatchObject([{ action: 'Query', input: { ConsistentRead: true } }])
    expect(asked[0]?.input).not.toHaveProperty('IndexName')
  })

  it('has the largest change in one item, and more than one answer of DynamoDB holds', async () => {
    const { ledger, items, add } = await start()
    const pairs = Array.from({ length: 500 }, (_, n) =>
      seen(`${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`, true, `l${n}`.padEnd(128, 'x')),
    )
    const rows = Array.from({ length: 12 }, (_, n) => row({ sequence: n + 1, pairs }))
    for (const each of rows) await add(each)
    const sizes = (await items()).map((item) => JSON.stringify(item).length)
    expect(Math.max(...sizes)).toBeLessThan(BYTES_OF_AN_ITEM)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(1_000_000)
    expect((await ledger.journal(EARLY_MS, FAR_MS)).map(({ sequence }) => sequence)).toEqual(
      rows.map(({ sequence }) => sequence),
    )
  })

  it('leaves out what another version has written', async () => {
    const { ledger, items, putItem, add } = await start()
    await add(row())
    const stored = (await items()).find(({ pk }) => String(pk).startsWith('journal#'))
    await putItem({ ...stored, sk: `${stored?.['sk']}x`, schema: 2 })
    expect(await ledger.journal(EARLY_MS, FAR_MS)).toEqual([row()])
  })

  it('is written with the evidence, not after it', async () => {
    const { ledger, faults } = await start()
    const seen = await createOn(ledger, newHeader())
    const before = faults.calls.length
    const next = moved(seen, { evidenceRow: 'evidence-1' })
    await ledger.commit([
      { kind: 'replace', next, seen, evidence: evidenceOf(60) },
      { kind: 'journal', row: row() },
    ])
    expect(faults.calls.slice(before).map(({ action }) => action)).toEqual(['TransactWriteItems'])
    expect(await ledger.journal(noonMs, noonMs)).toEqual([row()])
  })
})

describe('the open changes', () => {
  it('are those that are released or approved and have not ended, as their records have them', async () => {
    const { ledger } = await start()
    const made = async (changes: Parameters<typeof newHeader>[0]) => {
      return await createOn(ledger, newHeader(changes))
    }
    const draft = await made({ isReleased: false })
    const waiting = await made({ state: 'AWAITING_APPROVAL' })
    const released = await made({})
    const approved = await made({ state: 'APPROVED' })
    const claimed = moved(await made({}), { state: 'CLAIMED' })
    await replaceOn(ledger, claimed, { version: 1 })
    const ended = moved(await made({}), { state: 'APPLIED' })
    await replaceOn(ledger, ended, { version: 1 })
    const found = (await ledger.open()).map(({ id }) => id)
    expect(found.sort()).toEqual([released.id, approved.id, claimed.id].sort())
    expect(found).not.toContain(draft.id)
    expect(found).not.toContain(waiting.id)
  })

  it('are found however many there are', async () => {
    const { ledger } = await start()
    for (let made = 0; made < 130; made += 13)
      await Promise.all(Array.from({ length: 13 }, () => createOn(ledger, newHeader())))
    expect(await ledger.open()).toHaveLength(130)
  })
})
