/** What billing has said, kept in memory, and billing itself as a test has it say things. */
import type { Billing, BillingAnswer, Charge, ContractPeriod } from '../../../lib/genesys/billing.ts'
import {
  type BillingAtWork,
  type BillingLook,
  type BillingRecords,
  type KeptCharges,
  type KeptUsage,
  keyOfPeriod,
  type PaidRecord,
} from '../../../lib/seats/billing-records.ts'

import { gatherAtWork } from '../../../lib/seats/read-told.ts'
import { utcDayOf } from '../../../lib/utc-day.ts'

export function memoryRecords(): BillingRecords & { readonly puts: unknown[] } {
  const puts: unknown[] = []
  let look: BillingLook | undefined
  let atWork: BillingAtWork | undefined
  let paid: PaidRecord | undefined
  const charges = new Map<string, KeptCharges>()
  const usages = new Map<string, KeptUsage>()
  const picked = <T>(of: ReadonlyMap<string, T>, keys: readonly string[]) =>
    new Map([...of].filter(([key]) => keys.includes(key)))
  return {
    puts,
    look: async () => look,
    async putLook(next, seen, together) {
      if (seen?.version !== look?.version) return false
      look = next
      atWork = together
      puts.push(next)
      return true
    },
    atWork: async () => atWork,
    charges: async (keys) => picked(charges, keys),
    async putCharges(key, kept) {
      charges.set(key, kept)
      puts.push(kept)
    },
    usages: async (keys) => picked(usages, keys),
    async putUsage(key, kept) {
      usages.set(key, kept)
      puts.push(kept)
    },
    paid: async () => paid,
    async putPaid(next, seen) {
      if (seen?.version !== paid?.version) return false
      paid = next
      return true
    },
  }
}

/** Billing's periods as if the last look had told them. */
export async function recordsOf(
  nowMs: number,
  periods: readonly (ContractPeriod & { readonly charges?: readonly Partial<Charge>[] })[],
): Promise<BillingRecords> {
  const records = memoryRecords()
  const listed = periods.map(({ charges: _, ...period }) => period)
  for (const period of periods) {
    const charges = (period.charges ?? []).map((charge) => ({ name: '', covers: 'ours' as const, ...charge }))
    await records.putCharges(keyOfPeriod(period), { readAtMs: nowMs, charges })
  }
  const look = { version: 1, atMs: nowMs, contracts: { toldAtMs: nowMs, periods: listed } }
  await records.putLook(look, undefined, await gatherAtWork(records, look, utcDayOf(nowMs)))
  return records
}

/** Billing that notes what it is asked. */
export interface ToldBilling extends Billing {
  readonly asked: string[]
}

export const unavailable = (why: 'forbidden' | 'notFound' | 'empty' | 'notReady') =>
  ({ isAvailable: false, why, because: `billing says ${why}` }) as const

export function toldBilling(
  nowMs: () => number,
  told: {
    contracts(): ReturnType<typeof unavailable> | readonly ContractPeriod[]
    charges?(id: string): ReturnType<typeof unavailable> | readonly Partial<Charge>[] | Error
    usage?(): ReturnType<typeof unavailable> | readonly { name: string; total?: number }[]
  },
): ToldBilling {
  const asked: string[] = []
  const available = <T>(value: T): BillingAnswer<T> => ({ isAvailable: true, value, readAtMs: nowMs() })
  return {
    asked,
    async contracts() {
      asked.push('contracts')
      const periods = told.contracts()
      if ('isAvailable' in periods) return periods
      return available({
        contracts: [{ id: 'c', isActive: true, covers: 'ours', periods }],
        isCutShort: false,
      })
    },
    async period({ id, contractId }) {
      asked.push(id)
      const charges = told.charges?.(id) ?? []
      if (charges instanceof Error) throw charges
      if ('isAvailable' in charges) return charges
      const named = charges.map((charge) => ({ name: '', covers: 'ours' as const, ...charge }))
      return available({ id, contractId, charges: named })
    },
    async billableUsage(fromMs, untilMs) {
      asked.push(`${new Date(fromMs).toISOString()} ${new Date(untilMs).toISOString()}`)
      const usages = told.usage?.() ?? unavailable('forbidden')
      if ('isAvailable' in usages) return usages
      return available(usages.map((usage) => ({ ...usage, resources: [{ name: 'ana@example.com' }] })))
    },
  }
}
