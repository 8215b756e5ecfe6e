import { describe, expect, it } from 'vitest'
import type { EvidenceRow, PlanRow } from '../../lib/changes/model/change.ts'
import { isHeaderPut, ledgerForTests } from '../support/ledger/ledger.ts'
import { ann, bob, evidence, moved, newHeader, noonMs, pair, togglePlan } from './records.ts'

describe('a change that is created', () => {
  it('is there with all that was recorded of it, and its plan', async () => {
    const { ledger, another } = await ledgerForTests()
    const header = newHeader({
      actor: { kind: 'iam', id: 'arn:aws:iam::123456789012:role/Ops', person: 'ann' },
      reason: 'ticket 7: "übermorgen" \u{1f680}',
      notAfterMs: noonMs + 1,
      approval: { because: ['A second person approves it'], expiresAtMs: noonMs + 2 },
      revert: { afterMs: 60_000 },
      keys: { abc: 'def' },
      dueAtMs: noonMs,
    })
    const plan: PlanRow = {
      targets: [pair('cloudCX1', ann), pair('cloudCX1', bob)],
      before: [true, false],
      holdings: [{ userId: ann, licenses: [] }],
      findings: { missingPrerequisites: [], contradictions: [], overlaps: [], unknownUsers: [bob] },
    }
    expect(await ledger.create(header, plan)).toBe(true)
    expect(await another().get(header.id)).toEqual(header)
    expect(await another().plan(header)).toEqual(plan)
  })

  it('keeps what could not be read in its place among the readings', async () => {
    const { ledger } = await ledgerForTests()
    const plan = { ...togglePlan, before: [undefined, true, undefined, false] }
    const seen: EvidenceRow = {
      outcomes: ['unknown', 'applied'],
      after: [undefined, true],
      texts: [null, 'OK'],
    }
    const header = newHeader({ evidenceRow: 'evidence-1' })
    await ledger.create(header, plan)
    await ledger.addEvidence(header.id, 'evidence-1', seen)
    expect((await ledger.plan(header)).before).toEqual([undefined, true, undefined, false])
    expect(await ledger.evidence(header)).toEqual(seen)
  })

  it('may have a plan for which nothing was read', async () => {
    const { ledger } = await ledgerForTests()
    const header = newHeader({ state: 'EXPIRED' })
    await ledger.create(header, { targets: togglePlan.targets })
    expect(await ledger.plan(header)).toEqual({ targets: togglePlan.targets })
  })

  it('stands against every later one of its id', async () => {
    const { ledger } = await ledgerForTests()
    const header = newHeader()
    await ledger.create(header, togglePlan)
    expect(await ledger.create(newHeader({ id: header.id }), togglePlan)).toBe(false)
    expect(await ledger.get(header.id)).toEqual(header)
  })

  it('is one of fifty created at once under one id', async () => {
    const { ledger } = await ledgerForTests()
    const headers = Array.from({ length: 50 }, () => newHeader({ id: 'same' }))
    const created = await Promise.all(headers.map((header) => ledger.create(header, togglePlan)))
    expect(created.filter(Boolean)).toHaveLength(1)
    expect(await ledger.get('same')).toEqual(headers[created.indexOf(true)])
  })

  it('has its header written last, after the plan and all that lists find it by', async () => {
    const { ledger, faults } = await ledgerForTests()
    const targets = Array.from({ length: 60 }, (_, n) => pair('cloudCX1', `user-${n}`))
    await ledger.create(newHeader(), { targets })
    // A plan, and an index row each for all, the actor, the license and 60 users; then the header.
    expect(faults.calls.map(isHeaderPut)).toEqual([...Array.from({ length: 1 + 63 }, () => false), true])
  })
})

describe('a change that is not there', () => {
  it('has no header', async () => {
    const { ledger } = await ledgerForTests()
    expect(await ledger.get('nowhere')).toBeUndefined()
  })

  it('has no evidence while its header names none', async () => {
    const { ledger } = await ledgerForTests()
    expect(await ledger.evidence({ id: 'nowhere' })).toBeUndefined()
  })

  it('has no plan, which is an error that names the row', async () => {
    const { ledger } = await ledgerForTests()
    await expect(ledger.plan({ id: 'nowhere', planRow: 'plan-1' })).rejects.toThrow(
      /^The row plan-1 of the change nowhere is missing/,
    )
  })
})

describe('the header of a change', () => {
  it('is replaced by the next version', async () => {
    const { ledger, another } = await ledgerForTests()
    const first = newHeader({ dueAtMs: noonMs })
    await ledger.create(first, togglePlan)
    const claimed = moved(first, { state: 'CLAIMED', owner: 'worker-1' })
    expect(await ledger.replace(claimed, first)).toBe(true)
    const { owner: _owner, dueAtMs: _dueAtMs, ...rest } = claimed
    const settled = moved(rest, { state: 'APPLIED', evidenceRow: 'evidence-1' })
    await ledger.addEvidence(first.id, 'evidence-1', evidence)
    expect(await ledger.replace(settled, claimed)).toBe(true)
    expect(await another().get(first.id)).toEqual(settled)
    expect(await another().evidence(settled)).toEqual(evidence)
  })

  it.each([
    ['another version', { version: 2, owner: 'worker-1' }],
    ['another owner', { version: 1, owner: 'worker-2' }],
    ['no owner', { version: 1 }],
  ])('stays where %s was seen', async (_, seen) => {
    const { ledger } = await ledgerForTests()
    const header = newHeader({ owner: 'worker-1' })
    await ledger.create(header, togglePlan)
    expect(await ledger.replace(moved(header), seen)).toBe(false)
    expect(await ledger.get(header.id)).toEqual(header)
  })

  it('stays without an owner where one was seen', async () => {
    const { ledger } = await ledgerForTests()
    const header = newHeader()
    await ledger.create(header, togglePlan)
    expect(await ledger.replace(moved(header), { version: 1, owner: 'worker-1' })).toBe(false)
  })

  it('is not made by a replacement', async () => {
    const { ledger } = await ledgerForTests()
    const header = newHeader()
    expect(await ledger.replace(moved(header), header)).toBe(false)
    expect(await ledger.get(header.id)).toBeUndefined()
  })

  it('is replaced by one of fifty at once', async () => {
    const { ledger } = await ledgerForTests()
    const header = newHeader()
    await ledger.create(header, togglePlan)
    const nexts = Array.from({ length: 50 }, (_, n) => moved(header, { owner: `worker-${n}` }))
    const replaced = await Promise.all(nexts.map((next) => ledger.replace(next, header)))
    expect(replaced.filter(Boolean)).toHaveLength(1)
    expect(await ledger.get(header.id)).toEqual(nexts[replaced.indexOf(true)])
  })
})

describe('what is due', () => {
  it('is told with the longest due first, up to a number', async () => {
    const { ledger } = await ledgerForTests()
    for (const [id, dueAtMs] of [
      ['late', noonMs + 1],
      ['second', noonMs],
      ['first', noonMs - 1_000],
    ] as const) {
      await ledger.create(newHeader({ id, dueAtMs }), togglePlan)
    }
    await ledger.create(newHeader({ id: 'never' }), togglePlan)
    expect(await ledger.due(noonMs, 10)).toEqual(['first', 'second'])
    expect(await ledger.due(noonMs + 1, 10)).toEqual(['first', 'second', 'late'])
    expect(await ledger.due(noonMs + 1, 1)).toEqual(['first'])
  })

  it('is no longer a change that time does nothing more to', async () => {
    const { ledger } = await ledgerForTests()
    const { dueAtMs: _dueAtMs, ...rest } = newHeader()
    const header = { ...rest, dueAtMs: noonMs }
    await ledger.create(header, togglePlan)
    await ledger.replace(moved(rest, { state: 'CANCELLED' }), header)
    expect(await ledger.due(noonMs, 10)).toEqual([])
  })
})
