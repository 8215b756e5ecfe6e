import { describe, expect, it } from 'vitest'
import type { EvidenceRow, Holding, PlanRow } from '../../../lib/changes/model/change.ts'
import type { Header } from '../../../lib/changes/model/header.ts'
import { committed, createOn, moved, newHeader, newSchedule, pair, replaceOn } from '../../ledger/records.ts'
import { type Call, ledgerForTests } from '../../support/ledger/ledger.ts'

const userId = (n: number) => `${String(n).padStart(8, '0')}-1111-4111-8111-111111111111`

/** So many users with so many licenses each. */
function holdings(users: number, licenses: number): Holding[] {
  return Array.from({ length: users }, (_, n) => ({
    userId: userId(n),
    licenses: Array.from({ length: licenses }, (_, m) => `licenseNumber${m}`),
  }))
}

function planOf500(licenses: number): PlanRow {
  return {
    targets: Array.from({ length: 500 }, (_, n) => pair('cloudCX1', userId(n))),
    before: Array.from({ length: 500 }, () => false),
    holdings: holdings(500, licenses),
  }
}

function evidenceOf500(licenses: number, text: string): EvidenceRow {
  return {
    outcomes: Array.from({ length: 500 }, () => 'applied' as const),
    after: Array.from({ length: 500 }, () => true),
    texts: Array.from({ length: 500 }, () => text),
    holdings: holdings(500, licenses),
  }
}

/** As DynamoDB carries it, which is longer than it counts. */
function itemBytes({ input }: Call): number {
  return Buffer.byteLength(JSON.stringify(input))
}

describe('a large record', () => {
  it('of 500 pairs, each user with a few licenses, is far below what DynamoDB takes (J09)', async () => {
    const { ledger, faults } = await ledgerForTests()
    const header = newHeader()
    const plan = planOf500(5)
    await createOn(ledger, header, plan)
    expect(await ledger.plan(header)).toEqual(plan)
    const row = JSON.stringify(plan).length
    expect(row).toBeGreaterThan(100_000)
    expect(row).toBeLessThan(150_000)
    expect(Math.max(...faults.calls.map(itemBytes))).toBeLessThan(400_000)
  })

  it('that one item cannot hold is refused before anything is written (J09)', async () => {
    const { ledger, faults } = await ledgerForTests()
    const refused = { code: 'request.entity.too.large', status: 413 }
    await expect(createOn(ledger, newHeader(), planOf500(40))).rejects.toMatchObject({
      ...refused,
      message: expect.stringMatching(/^This change would take \d{6} bytes on record, and the ledger keeps/),
    })
    const reason = 'x'.repeat(400_000)
    await expect(createOn(ledger, newHeader({ reason }))).rejects.toMatchObject(refused)
    await expect(replaceOn(ledger, newHeader({ reason }), newHeader())).rejects.toMatchObject(refused)
    const order = { ...newSchedule().order, reason }
    await expect(ledger.createSchedule(newSchedule({ order }))).rejects.toMatchObject(refused)
    await expect(ledger.replaceSchedule(newSchedule({ order }), 1)).rejects.toMatchObject(refused)
    expect(faults.calls).toEqual([])
  })

  it('just below the limit is stored (J09)', async () => {
    const { ledger } = await ledgerForTests()
    const header = newHeader()
    const plan = planOf500(33)
    expect(JSON.stringify(plan).length).toBeGreaterThan(350_000)
    await createOn(ledger, header, plan)
    expect((await ledger.plan(header)).holdings).toEqual(plan.holdings)
  })

  it('of what has happened is summarised and never refused (J09)', async () => {
    const { ledger } = await ledgerForTests()
    const wide = evidenceOf500(40, 'OK')
    const header = await createOn(ledger, newHeader())
    const seen = async (row: EvidenceRow, from: Header) => {
      const next = moved(from, { evidenceRow: `evidence-${from.version}` })
      return committed(await ledger.commit([{ kind: 'replace', next, seen: from, evidence: row }]), next.id)
    }
    const first = await seen(wide, header)
    const { holdings: _holdings, ...summary } = wide
    expect(await ledger.evidence(first)).toEqual(summary)

    const wordy = evidenceOf500(1, 'x'.repeat(2_000))
    const second = await seen(wordy, first)
    const { outcomes, after } = wordy
    expect(await ledger.evidence(second)).toEqual({
      outcomes,
      after,
      texts: outcomes.map(() => null),
    })
  })
})
