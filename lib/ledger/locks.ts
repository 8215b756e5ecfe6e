/** Locks and pointers: small items that name a change, overwritten only on condition that they still name the one that was seen. */
import type { Ledger, Pointer } from '../changes/ledger.ts'
import { type Key, lockKey, pointerKey } from './keys.ts'
import { absent, type Condition, type Item, type Store } from './store.ts'

type Locks = Pick<Ledger, 'locks' | 'putLock' | 'pointer' | 'putPointer'>

export function locks(store: Store): Locks {
  /** The condition fails too where the item names the change already: by an earlier call, or a try whose answer was lost. */
  async function put(item: Item & Pick<Pointer, 'changeId'>, seen: string | undefined): Promise<boolean> {
    return (await store.put(item, naming(seen))) || (await named(item)) === item.changeId
  }

  const named = async (key: Key) => changeIdIn(await store.get(key))

  return {
    async locks(keys) {
      const items = await store.getAll(keys.map(lockKey))
      return new Map(
        keys.flatMap((key) => {
          const changeId = changeIdIn(items.get(lockKey(key).pk))
          return changeId === undefined ? [] : [[key, changeId] as const]
        }),
      )
    },

    putLock: (key, changeId, seen) => put({ ...lockKey(key), changeId }, seen),

    async pointer(key) {
      const item = await store.get(pointerKey(key))
      const changeId = changeIdIn(item)
      return changeId === undefined ? undefined : { changeId, atMs: Number(item?.['atMs']) }
    },

    putPointer: (key, { changeId, atMs }, seen) => put({ ...pointerKey(key), changeId, atMs }, seen),
  }
}

function naming(seen: string | undefined): Condition {
  if (seen === undefined) return absent
  return { expression: '#changeId = :seen', names: { '#changeId': 'changeId' }, values: { ':seen': seen } }
}

function changeIdIn(item: Item | undefined): string | undefined {
  const changeId = item?.['changeId']
  return typeof changeId === 'string' ? changeId : undefined
}
