/** What billing has said, on the ledger's table: one item of the last look, one a period for its charges and its usage. */
import * as z from 'zod/mini'
import { systemClock } from '../clock.ts'
import type { BillingRecords, KeptCharges, KeptUsage } from '../seats/billing-records.ts'
import type { DynamoLedgerOptions } from './dynamo-ledger.ts'
import { absent, type Condition, ifAlike } from './table/conditions.ts'
import { billedKey, billingKey, type Item, type Key } from './table/keys.ts'
import { storeOf } from './table/store.ts'

const time = z.optional(z.number())
const text = z.optional(z.string())
const quantity = z.optional(z.number())

const LookItem = z.object({
  schema: z.literal(1),
  version: z.int(),
  atMs: time,
  why: z.optional(z.enum(['forbidden', 'notFound', 'empty', 'notReady', 'tooLarge'])),
  contracts: z.optional(
    z.object({
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
    }),
  ),
  doneDay: text,
  retryAtMs: time,
})

const ChargesItem = z.object({
  schema: z.literal(1),
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

const UsageItem = z.object({
  schema: z.literal(1),
  fromMs: z.number(),
  untilMs: z.number(),
  readAtMs: z.number(),
  usages: z.array(z.object({ name: z.string(), total: quantity })),
})

const CHARGES = 'charges'
const USAGE = 'usage'

export function dynamoBilling({
  client,
  tableName,
  clock = systemClock,
}: DynamoLedgerOptions): BillingRecords {
  const store = storeOf({ client, tableName, clock })

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
    putLook: (next, seen) =>
      store.put({ ...billingKey, ...next, schema: 1 }, seen === undefined ? unreadable : ifVersion(seen)),
    charges: (keys) => keptUnder<KeptCharges>(keys, chargesKey, (item) => ChargesItem.safeParse(item)),
    async putCharges(key, { readAtMs, charges }) {
      const told = charges.map(({ name, prepaid, actual, covers }) => ({ name, prepaid, actual, covers }))
      await store.put({ ...chargesKey(key), schema: 1, readAtMs, charges: told })
    },
    usages: (keys) => keptUnder<KeptUsage>(keys, usageKey, (item) => UsageItem.safeParse(item)),
    async putUsage(key, kept) {
      await store.put({ ...usageKey(key), ...kept, schema: 1 })
    },
  }
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
