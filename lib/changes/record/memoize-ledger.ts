/** Rows never change, so an invocation reads none that it has just written, and none twice. */
import type { EvidenceRow, PlanRow } from '../model/change.ts'
import type { Ledger } from './ledger.ts'

/** @returns the same ledger for one invocation. Headers, which do change, are always read. */
export function memoizeLedger(ledger: Ledger): Ledger {
  const plans = new Map<string, PlanRow>()
  const evidence = new Map<string, EvidenceRow>()
  return {
    ...ledger,
    async create(header, plan) {
      const isOurs = await ledger.create(header, plan)
      if (isOurs) plans.set(header.planRow, plan)
      return isOurs
    },
    async addEvidence(changeId, rowName, row, journal) {
      const kept = await ledger.addEvidence(changeId, rowName, row, journal)
      evidence.set(rowName, kept)
      return kept
    },
    async plan(header) {
      const plan = plans.get(header.planRow) ?? (await ledger.plan(header))
      plans.set(header.planRow, plan)
      return plan
    },
    async evidence(header) {
      const { evidenceRow } = header
      if (evidenceRow === undefined) return undefined
      const row = evidence.get(evidenceRow) ?? (await ledger.evidence(header))
      if (row) evidence.set(evidenceRow, row)
      return row
    },
  }
}
