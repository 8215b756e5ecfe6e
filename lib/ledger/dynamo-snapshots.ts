/**
 * Snapshots on the ledger's table. The bytes stand in rows of their own, written before the pointer that names them.
 * Nobody may delete, so each name has a fixed number of slots that are overwritten in turn: what a name takes is
 * bounded by its largest snapshots, and no record of a change is touched.
 *
 * Rows carry the id of the write they belong to, and the pointer names it: a reader who meets a slot that is being
 * overwritten sees that, and never puts two snapshots together.
 */
import { randomUUID } from 'node:crypto'
import * as z from 'zod/mini'
import { systemClock } from '../clock.ts'
import type { Snapshots, WalkLease } from '../people/snapshots.ts'
import type { DynamoLedgerOptions } from './dynamo-ledger.ts'
import { absent, type Condition } from './table/conditions.ts'
import { type Item, leaseKey, snapshotKey, snapshotPartKey } from './table/keys.ts'
import { type Store, storeOf } from './table/store.ts'

/** DynamoDB stores 400 kB in an item; bytes. */
const PART_BYTES = 340_000

/** One holds what the pointer names. The next is drawn from the others, so that two who write at once seldom meet. */
const SLOTS = 4

/** The slot was overwritten while it was read: the pointer names another by then. */
const MAX_READS = 2

const SnapshotPointer = z.object({
  schema: z.literal(1),
  atMs: z.number(),
  slot: z.int(),
  writeId: z.string(),
  parts: z.int(),
  /** The fencing token of the lease under which it was made. */
  fence: z.optional(z.int()),
})
type SnapshotPointer = z.output<typeof SnapshotPointer>

/** Another form of it needs another key: who cannot read a lease could never take it. */
const LeaseItem = z.object({
  fence: z.int(),
  untilMs: z.number(),
  pausedUntilMs: z.record(z.string(), z.number()),
  pauses: z.optional(
    z.record(
      z.string(),
      z.object({
        why: z.enum(['half', 'refused', 'never.fits']),
        total: z.optional(z.number()),
        pageCount: z.number(),
      }),
    ),
  ),
})

const Part = z.object({ writeId: z.string(), bytes: z.instanceof(Uint8Array) })

export function dynamoSnapshots({ client, tableName, clock = systemClock }: DynamoLedgerOptions): Snapshots {
  const store = storeOf({ client, tableName, clock })
  return {
    async get(name, fromMs) {
      for (let reads = 1; reads <= MAX_READS; reads++) {
        const { data: pointer } = SnapshotPointer.safeParse(await store.get(snapshotKey(name)))
        if (pointer === undefined || pointer.atMs < fromMs) return undefined
        const bytes = await bytesOf(store, name, pointer)
        if (bytes) return { atMs: pointer.atMs, bytes }
      }
      return undefined
    },

    async put(name, { atMs, bytes }, fence) {
      const seen = await store.get(snapshotKey(name))
      const seenFence = SnapshotPointer.safeParse(seen).data?.fence
      if (fence !== undefined && seenFence !== undefined && fence < seenFence) return
      const slot = anotherSlot(seen, clock.random())
      const writeId = randomUUID()
      const parts = partsOf(bytes)
      await store.putAll(
        parts.map((part, n) => ({ ...snapshotPartKey(name, slot, n), writeId, bytes: part })),
      )
      const pointer: SnapshotPointer = {
        schema: 1,
        atMs,
        slot,
        writeId,
        parts: parts.length,
        fence: fence || undefined,
      }
      await store.put({ ...snapshotKey(name), ...pointer }, ifSamePointer(seen))
    },

    async lease(name) {
      const { data } = LeaseItem.safeParse(await store.get(leaseKey(name)))
      if (data === undefined) return undefined
      const { fence: fencingToken, ...lease } = data
      return { fencingToken, ...lease }
    },

    async putLease(name, next, seen) {
      const { fencingToken: fence, ...lease } = next
      const item = { ...leaseKey(name), fence, ...lease, writeId: randomUUID() }
      if (await store.put(item, seen ? ifSameLease(seen) : absent)) return true
      // A try whose answer was lost has put it all the same.
      return (await store.get(leaseKey(name)))?.['writeId'] === item.writeId
    },
  }
}

/** @returns undefined where a row is missing, or belongs to another write. */
async function bytesOf(store: Store, name: string, { slot, writeId, parts }: SnapshotPointer) {
  const keys = Array.from({ length: parts }, (_, n) => snapshotPartKey(name, slot, n))
  const rows = await store.getAll(keys)
  const found = keys.flatMap(({ pk }) => {
    const { data } = Part.safeParse(rows.get(pk))
    return data?.writeId === writeId ? [data.bytes] : []
  })
  return found.length === parts ? Buffer.concat(found) : undefined
}

/** A lease moves with its holder, and when it is given back. */
function ifSameLease({ fencingToken, untilMs }: WalkLease): Condition {
  return {
    expression: '#fence = :fence AND #untilMs = :untilMs',
    names: { '#fence': 'fence', '#untilMs': 'untilMs' },
    values: { ':fence': fencingToken, ':untilMs': untilMs },
  }
}

function partsOf(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / PART_BYTES) }, (_, n) =>
    bytes.subarray(n * PART_BYTES, (n + 1) * PART_BYTES),
  )
}

function anotherSlot(seen: Item | undefined, chance: number): number {
  const { data } = SnapshotPointer.safeParse(seen)
  if (data === undefined) return Math.floor(chance * SLOTS)
  return (data.slot + 1 + Math.floor(chance * (SLOTS - 1))) % SLOTS
}

/** The pointer still is the one that was seen: who comes second leaves the other's in place, which is as fresh. */
function ifSamePointer(seen: Item | undefined): Condition {
  if (seen === undefined) return absent
  return {
    expression: '#writeId = :seen',
    names: { '#writeId': 'writeId' },
    values: { ':seen': seen['writeId'] },
  }
}
