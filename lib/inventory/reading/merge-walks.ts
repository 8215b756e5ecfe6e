/** The two walks of a reading, the reading before and whom the journal names, merged in the order of folded ids. */
import { foldId, type InventoryPerson } from '../inventory-person.ts'
import { bytesOf, loadShard } from '../load-people.ts'
import type { DirectoryRow } from '../pack-reading.ts'
import type { CurrentReading, ReadingHead, ReadingStore, WalkName } from '../reading-store.ts'
import { type Keyed, mergeBlocks } from './merge-blocks.ts'
import { type ListedUser, unpackDirectory, unpackListed } from './pack-walk.ts'

/** All that is known of one person; `key` is the folded id. */
export interface GatheredPerson extends Keyed {
  readonly listed?: ListedUser
  readonly known?: DirectoryRow
  /** As the last whole reading has them. */
  readonly old?: InventoryPerson
}

interface MergedWalks {
  readonly store: ReadingStore
  readonly reading: CurrentReading
  readonly before: ReadingHead | undefined
  /** Folded, in any order: of whom there is something to say besides. */
  readonly others: Iterable<string>
}

/**
 * Everybody once, as many at a time as the blocks in hand have.
 *
 * @throws GatewayError `ledger.unavailable` where what was kept is there no longer.
 */
export async function* mergeWalks({
  store,
  reading,
  before,
  others,
}: MergedWalks): AsyncGenerator<readonly GatheredPerson[], void, void> {
  const sources = [
    ...eachPiece(store, 'licenses', reading, unpackListed, (listed) => ({ listed })),
    ...eachPiece(store, 'directory', reading, unpackDirectory, (known) => ({ known })),
    peopleOf(store, before),
    keysOf(others),
  ]
  for await (const stretch of mergeBlocks<GatheredPerson>(sources)) {
    const people = new Map<string, GatheredPerson>()
    for (const part of stretch) {
      const earlier = people.get(part.key)
      // Who comes twice moved from one page to another: the earlier look counts, as in every walk.
      people.set(part.key, earlier ? { ...part, ...earlier } : part)
    }
    yield [...people.values()].sort((one, other) => (one.key < other.key ? -1 : 1))
  }
}

function eachPiece<User extends { readonly id: string }>(
  store: ReadingStore,
  of: WalkName,
  { slot, [of]: { pieces } }: CurrentReading,
  unpack: (block: Uint8Array) => AsyncIterable<readonly User[]>,
  toldBy: (user: User) => Omit<GatheredPerson, 'key'>,
) {
  return pieces.map(async function* (piece, n): AsyncGenerator<readonly GatheredPerson[], void, void> {
    for (let block = 0; block < piece.parts; block++)
      for await (const users of unpack(await bytesOf(store, { slot, of, n }, piece, block)))
        yield users.map((user) => ({ key: foldId(user.id), ...toldBy(user) }))
  })
}

async function* peopleOf(
  store: ReadingStore,
  head: ReadingHead | undefined,
): AsyncGenerator<readonly GatheredPerson[], void, void> {
  if (!head) return
  for (const n of head.shards.keys())
    yield (await loadShard(store, head, n)).map((old) => ({ key: foldId(old.id), old }))
}

async function* keysOf(others: Iterable<string>): AsyncGenerator<readonly GatheredPerson[], void, void> {
  const keys = [...others].sort().map((key) => ({ key }))
  if (keys.length > 0) yield keys
}
