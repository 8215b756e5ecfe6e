/** People of a reading by their ids: only the shards that have them are read. */
import { foldId, type InventoryPerson } from './inventory-person.ts'
import { loadShard } from './load-people.ts'
import type { ReadingHead, ReadingStore } from './reading-store.ts'

/** @param ids folded. @returns those that the reading has, by folded id. */
export async function loadPeople(
  store: ReadingStore,
  head: Pick<ReadingHead, 'slot' | 'shards'>,
  ids: Iterable<string>,
): Promise<ReadonlyMap<string, InventoryPerson>> {
  const wanted = new Set(ids)
  const shards = new Set([...wanted].map((id) => shardOf(head, id)))
  const found = new Map<string, InventoryPerson>()
  for (const n of [...shards].sort((a, b) => a - b)) {
    for (const person of await loadShard(store, head, n)) {
      const id = foldId(person.id)
      if (wanted.has(id)) found.set(id, person)
    }
  }
  return found
}

/** The shard that has somebody if any does: the last that begins no later. @param id folded. */
export function shardOf({ shards }: Pick<ReadingHead, 'shards'>, id: string): number {
  let [low, high] = [0, shards.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((shards[middle]?.firstId ?? '') <= id) low = middle + 1
    else high = middle
  }
  return Math.max(0, low - 1)
}
