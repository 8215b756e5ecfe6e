/**
 * People of a reading by what is typed, kept folded in a container: reading all of 100,000 people again takes 600 ms of a
 * whole core for each letter that is typed, and looking through what is kept 10 ms, measured by 100,000 of the embedded org.
 */
import { foldAddress, foldNameLoosely } from '../people/fold-name.ts'
import type { InventoryPerson } from './inventory-person.ts'
import { type BytesSource, bytesOf } from './load-people.ts'
import { stretchesOf, unpackPeople } from './pack-reading.ts'
import type { ReadingHead } from './reading-store.ts'

/** Some hundred people as they are packed, and all that may be searched of them. */
interface SearchedStretch {
  readonly packed: Uint8Array
  readonly text: string
}

/** What one container has looked through of the newest reading, by shard. */
export interface SearchKept {
  readingId?: string
  shards?: Map<number, readonly SearchedStretch[]>
}

/** Of so many some 25 MB are kept; of more, each search reads them. */
const MAX_PEOPLE = 200_000

/** Any of what must stand in what is known of a person for a search to find them. */
export function searchedPartsOf(search: string): readonly string[] {
  return [foldNameLoosely(search), foldAddress(search)]
}

/** @returns in the order of their ids, those that a search may find, and some more; undefined where nothing is kept of so many. */
export function peopleSearched(
  store: BytesSource,
  head: ReadingHead,
  kept: SearchKept,
  parts: readonly string[],
  fromShard: number,
): AsyncGenerator<InventoryPerson, void, void> | undefined {
  if (head.people > MAX_PEOPLE) return undefined
  if (kept.readingId !== head.id || !kept.shards) {
    kept.readingId = head.id
    kept.shards = new Map()
  }
  return eachSearched(store, head, kept.shards, parts, fromShard)
}

async function* eachSearched(
  store: BytesSource,
  head: ReadingHead,
  shards: Map<number, readonly SearchedStretch[]>,
  parts: readonly string[],
  fromShard: number,
): AsyncGenerator<InventoryPerson, void, void> {
  for (let n = fromShard; n < head.shards.length; n++) {
    const stretches = shards.get(n) ?? (await readStretches(store, head, n))
    shards.set(n, stretches)
    for (const { packed, text } of stretches) {
      if (parts.some((part) => text.includes(part))) yield* await unpackPeople(packed)
    }
  }
}

async function readStretches(
  store: BytesSource,
  { slot, shards }: ReadingHead,
  n: number,
): Promise<readonly SearchedStretch[]> {
  const shard = shards[n]
  if (!shard) return []
  const found: SearchedStretch[] = []
  for (const packed of stretchesOf(await bytesOf(store, { slot, of: 'people', n }, shard))) {
    const text = (await unpackPeople(packed)).map(textOf).join('\n')
    found.push({ packed, text })
  }
  return found
}

function textOf({ id, name, email }: InventoryPerson): string {
  return `${id.toLowerCase()}\t${foldAddress(email ?? '')}\t${foldNameLoosely(name ?? '')}`
}
