/** What is written together: a change with its rows, its locks, its journal and what lists find it by. */
import { describe, expect, it } from 'vitest'
import type { LedgerWrite, Lock } from '../../lib/changes/record/ledger.ts'
import { ledgerForTests } from '../support/ledger/ledger.ts'
import { ann, evidence, newHeader, noonMs, togglePlan } from './records.ts'

const lock = (key: string, next: Lock, seen?: Lock): LedgerWrite => ({ kind: 'lock', key, next, seen })

describe('a change that is committed with all that belongs to it', () => {
  it('takes one call, and is there with its plan, its evidence and its place in the lists', async () => {
    const { ledger, another, faults } = await ledgerForTests()
    const header = newHeader({ state: 'CLAIMED', owner: 'worker-1', evidenceRow: 'evidence-1' })
    const committed = await ledger.commit([
      { kind: 'create', header, plan: togglePlan, evidence },
      lock('toggle#wallboards', { holder: 'x.worker-1' }),
      {
        kind: 'journal',
        row: {
          changeId: header.id,
          atMs: noonMs,
          sequence: 1,
          pairs: [{ licenseId: 'a', userId: ann, isHeld: true }],
        },
      },
    ])
    expect(faults.calls.map(({ action }) => action)).toEqual(['TransactWriteItems'])
    const found = await another().get(header.id)
    expect(found).toMatchObject({ id: header.id, state: 'CLAIMED' })
    expect(committed).toMatchObject({ kind: 'done' })
    expect(committed.kind === 'done' && committed.headers.get(header.id)).toEqual(found)
    if (!found) return
    expect(await another().plan(found)).toEqual(togglePlan)
    expect(await another().evidence(found)).toEqual(evidence)
    expect(await another().locks(['toggle#wallboards'])).toEqual(
      new Map([['toggle#wallboards', { holder: 'x.worker-1', newest: undefined }]]),
    )
    expect(await another().journal(noonMs, noonMs)).toHaveLength(1)
    const { headers } = await another().list({ filter: { featureName: 'wallboards' }, limit: 10 })
    expect(headers.map(({ id }) => id)).toEqual([header.id])
  })
})
