/** What is kept of a reading, read again. */
import { GatewayError } from '../errors.ts'
import type { InventoryPerson } from './inventory-person.ts'
import { unpackPeople } from './pack-reading.ts'
import type { BytesKey, ReadingHead, ReadingStore, StoredBytes } from './reading-store.ts'

/** Of the store, all that reading again takes. */
export type BytesSource = Pick<ReadingStore, 'bytes'>

/**
 * Everybody of a reading, in the order of their ids.
 *
 * @param fromShard where to begin, from 0.
 * @throws GatewayError `ledger.unavailable` where the reading is kept no longer.
 */
export async function* eachPerson(
  store: BytesSource,
  { slot, shards }: Pick<ReadingHead, 'slot' | 'shards'>,
  fromShard = 0,
): AsyncGenerator<InventoryPerson, void, void> {
  for (let n = fromShard; n < shards.length; n++) yield* await loadShard(store, { slot, shards }, n)
}

export async function loadShard(
  store: BytesSource,
  { slot, shards }: Pick<ReadingHead, 'slot' | 'shards'>,
  n: number,
): Promise<readonly InventoryPerson[]> {
  const shard = shards[n]
  return shard ? await unpackPeople(await bytesOf(store, { slot, of: 'people', n }, shard)) : []
}

/** Two readings later its place is taken; whoever still reads it begins anew. @param block that alone of those it was put in. */
export async function bytesOf(
  store: BytesSource,
  key: BytesKey,
  stored: StoredBytes,
  block?: number,
): Promise<Uint8Array> {
  const bytes = await store.bytes(key, stored, block)
  if (bytes) return bytes
  throw new GatewayError(
    'ledger.unavailable',
    'The reading of the organization that this rests on is kept no longer, since newer ones have taken its place; try again',
    { retryAfterSeconds: 1 },
  )
}
