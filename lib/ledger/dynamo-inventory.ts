/**
 * What readings of the whole org are kept in. Nobody may delete, so the bytes of a reading stand in slots that are
 * overwritten in turn; days and differences stay. Bytes and the head carry the fencing token of the lease under which they
 * were written: what a holder writes late, after another had taken over, is refused.
 */
import { randomUUID } from 'node:crypto'
import * as z from 'zod/mini'
import { GatewayError } from '../errors.ts'
import type { DayCounts, ReadingProgress } from '../inventory/inventory-port.ts'
import type {
  BytesKey,
  ReadingState,
  ReadingStore,
  SeenState,
  StoredBytes,
} from '../inventory/reading-store.ts'
import { differenceRows } from './dynamo-differences.ts'
import { absent, type Condition, either } from './table/conditions.ts'
import {
  dayKey,
  type Item,
  type Key,
  listBounds,
  notedKey,
  progressKey,
  readingKey,
  readingPartKey,
} from './table/keys.ts'
import type { Store } from './table/store.ts'

/** DynamoDB stores 400 kB in an item; bytes. */
const PART_BYTES = 340_000

const bytes = { writeId: z.string(), parts: z.int() }

const WalkState = z.object({
  nextPage: z.int(),
  pageCount: z.optional(z.int()),
  total: z.optional(z.int()),
  isUneven: z.optional(z.boolean()),
  // Absent of what was begun before they were counted, which is begun anew.
  rows: z._default(z.int(), 0),
  answeredAtMs: z.optional(z.number()),
  pieces: z.array(z.object(bytes)),
})

const Head = z.object({
  id: z.string(),
  slot: z.int(),
  beganAtMs: z.number(),
  endedAtMs: z.number(),
  readToMs: z.number(),
  journalFromMs: z.number(),
  recordsFromMs: z.number(),
  beforeMs: z.optional(z.number()),
  people: z.int(),
  missing: z.int(),
  unlisted: z.optional(z.record(z.string(), z.int())),
  counts: z.array(z.object({ licenseId: z.string(), held: z.int() })),
  shards: z.array(z.object({ ...bytes, firstId: z.string(), people: z.int() })),
})

const Asker = z.union([
  z.object({ kind: z.enum(['iam', 'jwt', 'slack', 'teams', 'event', 'schedule']), id: z.string() }),
  z.literal('nobody'),
])

const State = z.object({
  schema: z.literal(1),
  version: z.string(),
  fencingToken: z.int(),
  leaseUntilMs: z.number(),
  waitUntilMs: z.optional(z.number()),
  takenAskId: z.optional(z.string()),
  triedFromMs: z.optional(z.number()),
  wholeAtMs: z.optional(z.number()),
  notWhole: z.optional(z.object({ day: z.string(), times: z.int() })),
  current: z.optional(
    z.object({
      id: z.string(),
      askedAtMs: z.number(),
      askedBy: z.optional(Asker),
      beganAtMs: z.number(),
      slot: z.int(),
      packing: z.optional(z.int()),
      licenses: WalkState,
      directory: WalkState,
      composed: z.optional(z.object({ head: Head, differences: z.array(z.object(bytes)) })),
    }),
  ),
})

const Ask = z.object({
  schema: z.literal(1),
  id: z.string(),
  askedAtMs: z.number(),
  by: z._default(Asker, 'nobody'),
  countedAtMs: z._default(z.array(z.number()), []),
})
const StoredHead = z.object({ schema: z.literal(1), fence: z.int(), head: Head })
const Noted = z.object({ readingId: z.string(), endedAtMs: z.number(), pieces: z.array(z.object(bytes)) })
const Part = z.object({ writeId: z.string(), bytes: z.instanceof(Uint8Array) })

const Progress = z.object({
  id: z.string(),
  askedAtMs: z.number(),
  beganAtMs: z.optional(z.number()),
  endedAtMs: z.optional(z.number()),
  waitUntilMs: z.optional(z.number()),
  pagesRead: z.int(),
  pagesToRead: z.optional(z.int()),
  state: z.enum(['waiting', 'reading', 'whole', 'notWhole']),
})

const Day = z.object({
  day: z.string(),
  asOfMs: z.number(),
  isWhole: z.boolean(),
  people: z.int(),
  held: z.record(z.string(), z.int()),
  most: z.optional(z.record(z.string(), z.int())),
})

export function dynamoInventory(store: Store): ReadingStore {
  return {
    async standing() {
      const keys = [readingKey('state'), readingKey('ask')] as const
      const items = await store.getAll(keys)
      const [state, ask] = keys.map(({ pk }) => items.get(pk))
      return { seen: state && seenStateOf(state), ask: ask && Ask.parse(ask) }
    },

    async putState(next, seen) {
      const version = randomUUID()
      const item = { ...readingKey('state'), schema: 1, ...next, version }
      if (await store.put(item, seen ? ifVersion(seen.version) : absent)) return { state: next, version }
      // A try whose answer was lost has put it all the same.
      const standing = await store.get(readingKey('state'))
      return standing?.['version'] === version ? { state: next, version } : undefined
    },

    async putAsk(ask, seen) {
      const item = { ...readingKey('ask'), schema: 1, ...ask }
      if (await store.put(item, seen ? ifAsk(seen.id) : absent)) return true
      return (await store.get(readingKey('ask')))?.['id'] === ask.id
    },

    putBytes: (key, all, fencingToken) => putParts(store, key, partsOf(all), fencingToken),

    putBlocks: (key, blocks, fencingToken) => putParts(store, key, blocks, fencingToken),

    async bytes(key, { writeId, parts }, block) {
      const all = Array.from({ length: parts }, (_, index) => partKeyOf(key, index))
      return await bytesOf(store, block === undefined ? all : all.slice(block, block + 1), writeId)
    },

    async head() {
      const item = await store.getTogether(readingKey('head'))
      return item && StoredHead.parse(item).head
    },

    async putHead(head, fence) {
      const isPut = await store.put({ ...readingKey('head'), schema: 1, fence, head }, ifNoLaterFence(fence))
      if (!isPut) throw overtakenError()
    },

    async putProgress(progress) {
      await store.put({ ...progressKey(progress.id), schema: 1, ...progress })
    },

    async progress(id) {
      const { data } = Progress.safeParse(await store.get(progressKey(id)))
      return data satisfies ReadingProgress | undefined
    },

    async putDay(day, isInPart) {
      const item = { ...dayKey(day.day), schema: 1, ...day, isInPart }
      await store.put(item, isInPart ? either(absent, ifInPart) : undefined)
    },

    async days(fromDay, toDay) {
      const found: DayCounts[] = []
      for await (const item of store.range({ pk: dayKey(fromDay).pk, lower: fromDay, upper: toDay })) {
        const { data } = Day.safeParse(item)
        if (data) found.push(data)
      }
      return found
    },

    async putNoted(noted) {
      await store.put({ ...notedKey(noted.endedAtMs, noted.readingId), schema: 1, ...noted })
    },

    async *noted(fromMs, toMs) {
      const { lower, upper } = listBounds(fromMs, toMs - 1)
      for await (const item of store.range({ pk: notedKey(0, '').pk, lower, upper })) yield Noted.parse(item)
    },

    ...differenceRows(store),
  }
}

function partKeyOf(key: BytesKey, part: number): Key {
  return readingPartKey('slot' in key ? key.slot : key.readingId, key.of, key.n, part)
}

/** A state that this version cannot read is another's to go on with. */
function seenStateOf(item: Item): SeenState {
  const { version, schema: _schema, ...state } = State.parse(item)
  return { state: state satisfies ReadingState, version }
}

async function putParts(
  store: Store,
  key: BytesKey,
  parts: readonly Uint8Array[],
  fence: number,
): Promise<StoredBytes> {
  const writeId = randomUUID()
  const lanes = parts.map(async (bytes, index) => {
    const item = { ...partKeyOf(key, index), writeId, fence, bytes }
    if (!(await store.put(item, ifNoLaterFence(fence)))) throw overtakenError()
  })
  await Promise.all(lanes)
  return { writeId, parts: parts.length }
}

async function bytesOf(store: Store, keys: readonly Key[], writeId: StoredBytes['writeId']) {
  const rows = await store.getAll(keys)
  const found = keys.flatMap(({ pk }) => {
    const { data } = Part.safeParse(rows.get(pk))
    return data?.writeId === writeId ? [data.bytes] : []
  })
  return found.length === keys.length ? Buffer.concat(found) : undefined
}

function partsOf(all: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.max(1, Math.ceil(all.length / PART_BYTES)) }, (_, n) =>
    all.subarray(n * PART_BYTES, (n + 1) * PART_BYTES),
  )
}

function ifVersion(version: string): Condition {
  return { expression: '#version = :seen', names: { '#version': 'version' }, values: { ':seen': version } }
}

function ifAsk(id: string): Condition {
  return { expression: '#id = :seen', names: { '#id': 'id' }, values: { ':seen': id } }
}

function ifNoLaterFence(fence: number): Condition {
  return either(absent, {
    expression: '#fence <= :fence',
    names: { '#fence': 'fence' },
    values: { ':fence': fence },
  })
}

const ifInPart: Condition = {
  expression: '#isInPart = :true',
  names: { '#isInPart': 'isInPart' },
  values: { ':true': true },
}

function overtakenError(): GatewayError {
  return new GatewayError('general.conflict', 'Another invocation has taken over this reading')
}
