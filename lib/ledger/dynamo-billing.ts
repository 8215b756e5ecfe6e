/**
 * What billing has said, on the ledger's table: one item of the last look, one a period for its charges and its usage, and
 * one more of what is at work, put with the look, and one of what was paid for by days.
 */
import * as z from 'zod/mini'
import type { BillingAtWork, BillingRecords, KeptCharges, KeptUsage } from '../seats/billing-records.ts'
import { absent, type Condition, ifAlike } from './table/conditions.ts'
import { atWorkKey, billedKey, billingKey, type Item, type Key, paidKey } from './table/keys.ts'
import type { Store } from './table/store.ts'

const time = z.optional(z.number())
const text = z.optional(z.string())
const quantity = z.optional(z.number())

const Contracts = z.object({
  toldAtMs: z.number(),
  periods: z.array(
    z.object({
      id: z.string(),
      contractId: z.string(),
      start: text,
      end: text,
      status: z.optional(z.enum(['open', 'closed'])),
      toldAtMs: time,
      readAtMs: time,
    }),
  ),
})

const LookItem = z.object({
  schema: z.literal(1),
  version: z.int(),
  atMs: time,
  why: z.optional(z.enum(['forbidden', 'notFound', 'empty', 'notReady', 'tooLarge'])),
  contracts: z.optional(Contracts),
  doneDay: text,
  retryAtMs: time,
})

const Charges = z.object({
  readAtMs: z.number(),
  charges: z.array(
    z.object({
      name: z.string(),
      prepaid: quantity,
      actual: quantity,
      covers: z.enum(['ours', 'shared', 'untold']),
    }),
  ),
})

const Usage = z.object({
  fromMs: z.number(),
  untilMs: z.number(),
  readAtMs: z.number(),
  usages: z.array(z.object({ name: z.string(), total: quantity })),
})

const schema = { schema: z.literal(1) }
const ChargesItem = z.extend(Charges, schema)
const UsageItem = z.extend(Usage, schema)

const AtWork = z.object({
  contracts: z.optional(Contracts),
  charges: z.array(z.tuple([z.string(), Charges])),
  usages: z.array(z.tuple([z.string(), Usage])),
})
const AtWorkItem = z.object({ ...schema, atWork: z.optional(AtWork) })

const Term = z.object({
  fromDay: z.string(),
  seats: quantity,
  seatsFrom: z.enum(['contract', 'orgFile', 'none']),
})
const PaidItem = z.object({
  ...schema,
  version: z.int(),
  sinceDay: z.string(),
  terms: z.array(z.tuple([z.string(), z.array(Term)])),
})

/** DynamoDB stores 400 kB in an item, its numbers and names of attributes in somewhat less than JSON does; bytes. */
const MAX_AT_WORK_BYTES = 300_000

const CHARGES = 'charges'
const USAGE = 'usage'

export function dynamoBilling(store: Store): BillingRecords {
  /** Those of the keys that there are and can be read: what another version wrote is asked for anew. */
  async function keptUnder<T>(keys: readonly string[], keyOf: (key: string) => Key, read: Reading<T>) {
    const items = await store.getAll(keys.map(keyOf))
    return new Map(
      keys.flatMap((key) => {
        const { data } = read(items.get(keyOf(key).pk))
        return data === undefined ? [] : [[key, data] as const]
      }),
    )
  }

  return {
    async look() {
      const { data } = LookItem.safeParse(await store.get(billingKey))
      if (data === undefined) return undefined
      const { schema: _, ...look } = data
      return look
    },
    async putLook(next, seen, atWork) {
      const condition = seen === undefined ? unreadable : ifVersion(seen)
      const look = { item: { ...billingKey, ...next, schema: 1 }, condition }
      return (await store.transact([look, { item: atWorkItem(atWork) }])).kind === 'done'
    },
    async atWork() {
      const { data } = AtWorkItem.safeParse(await store.getTogether(atWorkKey))
      if (data?.atWork === undefined) return undefined
      const { contracts, charges, usages } = data.atWork
      return { contracts, charges: new Map(charges), usages: new Map(usages) }
    },
    charges: (keys) => keptUnder<KeptCharges>(keys, chargesKey, (item) => ChargesItem.safeParse(item)),
    async putCharges(key, { readAtMs, charges }) {
      const told = charges.map(({ name, prepaid, actual, covers }) => ({ name, prepaid, actual, covers }))
      await store.put({ ...chargesKey(key), schema: 1, readAtMs, charges: told })
    },
    usages: (keys) => keptUnder<KeptUsage>(keys, usageKey, (item) => UsageItem.safeParse(item)),
    async putUsage(key, kept) {
      await store.put({ ...usageKey(key), ...kept, schema: 1 })
    },
    async paid() {
      const { data } = PaidItem.safeParse(await store.get(paidKey))
      return data && { version: data.version, sinceDay: data.sinceDay, terms: new Map(data.terms) }
    },
    async putPaid({ terms, ...next }, seen) {
      const condition = seen === undefined ? unreadable : ifVersion(seen)
      const item = { ...paidKey, ...next, terms: [...terms], schema: 1 }
      return await store.put(item, condition)
    },
  }
}

function atWorkItem({ contracts, charges, usages }: BillingAtWork): Item {
  const atWork = { contracts, charges: [...charges], usages: [...usages] }
  const item = { ...atWorkKey, schema: 1 }
  return Buffer.byteLength(JSON.stringify(atWork)) > MAX_AT_WORK_BYTES ? item : { ...item, atWork }
}

type Reading<T> = (item: Item | undefined) => { readonly data?: T | undefined }

const chargesKey = (key: string) => billedKey(CHARGES, key)
const usageKey = (key: string) => billedKey(USAGE, key)

const ifVersion = ({ version }: { readonly version: number }): Condition => ifAlike({ version }, 'seen')

/** There is none, or one of another version's making, which is put over: it can be had anew. */
const unreadable: Condition = {
  expression: `${absent.expression} OR NOT #schema = :schema`,
  names: { ...absent.names, '#schema': 'schema' },
  values: { ':schema': 1 },
}
