import { describe, expect, it } from 'vitest'
import type { EvidenceRow, PlanRow } from '../../lib/changes/model/change.ts'
import { isHeaderPut, ledgerForTests } from '../support/ledger/ledger.ts'
import {
  ann,
  bob,
  committed,
  createOn,
  evidenceOf,
  moved,
  newHeader,
  noonMs,
  pair,
  planOf,
  replaceOn,
  togglePlan,
  tryCreateOn,
} from './records.ts'

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
    const stored = await createOn(ledger, header, plan)
    expect(stored).toMatchObject({ ...header, schema: 2 })
    expect(await another().get(header.id)).toEqual(stored)
    expect(await another().plan(stored)).toEqual(plan)
  })

  it('keeps what could not be read in its place among the readings', async () => {
    const { ledger, another } = await ledgerForTests()
    const plan = { ...togglePlan, before: [undefined, true, undefined, false] }
    const seen: EvidenceRow = {
      outcomes: ['unknown', 'applied'],
      after: [undefined, true],
      texts: [null, 'OK'],
    }
    const kept = newHeader({ evidenceRow: 'evidence-1' })
    await ledger.commit([{ kind: 'create', header: kept, plan, evidence: seen }])
    // In rows of their own.
    const large = newHeader({ evidenceRow: 'evidence-1' })
    const largePlan = { ...planOf(60), before: plan.before }
    const largeSeen = { ...evidenceOf(60), after: seen.after }
    await ledger.commit([{ kind: 'create', header: large, plan: largePlan, evidence: largeSeen }])
    for (const { id } of [kept, large]) {
      const header = await another().get(id)
      if (!header) throw new Error('it was created')
      expect((await another().plan(header)).before).toEqual([undefined, true, undefined, false])
      expect((await another().evidence(header))?.after).toEqual(seen.after)
    }
  })

  it('may have a plan for which nothing was read', async () => {
    const { ledger, another } = await ledgerForTests()
    for (const targets of [togglePlan.targets, planOf(60).targets]) {
      const stored = await createOn(ledger, newHeader({ state: 'EXPIRED' }), { targets })
      expect(await another().plan(stored)).toEqual({ targets })
    }
  })

  it('stands against every later one of its id', async () => {
    const { ledger } = await ledgerForTests()
    const header = await createOn(ledger, newHeader())
    expect(await tryCreateOn(ledger, newHeader({ id: header.id }))).toBeUndefined()
    expect(await ledger.get(header.id)).toEqual(header)
  })

  it('is one of fifty created at once under one id', async () => {
    const { ledger } = await ledgerForTests()
    const headers = Array.from({ length: 50 }, () => newHeader({ id: 'same' }))
    const created = await Promise.all(headers.map((header) => tryCreateOn(ledger, header)))
    const [winner, ...others] = created.filter((each) => each !== undefined)
    expect(others).toEqual([])
    expect(await ledger.get('same')).toEqual(winner)
  })

  it('has its header written last, after the plan and all that lists find it by', async () => {
    const { ledger, faults } = await ledgerForTests()
    await createOn(ledger, newHeader(), planOf(296))
    // A plan, and an index row each for all, the actor, the license and 296 users: three hundred; then the header.
    expect(faults.calls.map(isHeaderPut)).toEqual([false, false, false, true])
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
    const first = await createOn(ledger, newHeader({ dueAtMs: noonMs }))
    const claimed = moved(first, { state: 'CLAIMED', owner: 'worker-1' })
    expect(await replaceOn(ledger, claimed, first)).toBe(true)
    const { owner: _owner, dueAtMs: _dueAtMs, ...rest } = claimed
    const settled = moved(rest, { state: 'APPLIED', evidenceRow: 'evidence-1' })
    const stored = committed(
      await ledger.commit([{ kind: 'replace', next: settled, seen: claimed, evidence: evidenceOf(60) }]),
      first.id,
    )
    expect(stored).toEqual(settled)
    expect(await another().get(first.id)).toEqual(settled)
    expect(await another().evidence(settled)).toEqual(evidenceOf(60))
  })

  it.each([
    ['another version', { version: 2, owner: 'worker-1' }],
    ['another owner', { version: 1, owner: 'worker-2' }],
    ['no owner', { version: 1 }],
  ])('stays where %s was seen', async (_, seen) => {
    const { ledger } = await ledgerForTests()
    const header = await createOn(ledger, newHeader({ owner: 'worker-1' }))
    expect(await replaceOn(ledger, moved(header), seen)).toBe(false)
    expect(await ledger.get(header.id)).toEqual(header)
  })

  it('stays without an owner where one was seen', async () => {
    const { ledger } = await ledgerForTests()
    const header = await createOn(ledger, newHeader())
    expect(await replaceOn(ledger, moved(header), { version: 1, owner: 'worker-1' })).toBe(false)
  })

  it('is not made by a replacement', async () => {
    const { ledger } = await ledgerForTests()
    const header = newHeader()
    expect(await replaceOn(ledger, moved(header), header)).toBe(false)
    expect(await ledger.get(header.id)).toBeUndefined()
  })

  it('is replaced by one of fifty at once', async () => {
    const { ledger } = await ledgerForTests()
    const header = await createOn(ledger, newHeader())
    const nexts = Array.from({ length: 50 }, (_, n) => moved(header, { owner: `worker-${n}` }))
    const replaced = await Promise.all(nexts.map((next) => replaceOn(ledger, next, header)))
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
      await createOn(ledger, newHeader({ id, dueAtMs }))
    }
    await createOn(ledger, newHeader({ id: 'never' }))
    expect(await ledger.due(noonMs, 10)).toEqual(['first', 'second'])
    expect(await ledger.due(noonMs + 1, 10)).toEqual(['first', 'second', 'late'])
    expect(await ledger.due(noonMs + 1, 1)).toEqual(['first'])
  })

  it('is no longer a change that time does nothing more to', async () => {
    const { ledger } = await ledgerForTests()
    const header = await createOn(ledger, newHeader({ dueAtMs: noonMs }))
    const { dueAtMs: _dueAtMs, ...rest } = header
    await replaceOn(ledger, moved(rest, { state: 'CANCELLED' }), header)
    expect(await ledger.due(noonMs, 10)).toEqual([])
  })
})
