/** Locks and pointers: small items that name a change, overwritten only on condition that they still are as they were seen. */
import type { Intent, Ledger, Lock, RepeatPointer } from '../changes/record/ledger.ts'
import { GatewayError } from '../errors.ts'
import { switchOf } from './dynamo-switch.ts'
import { headerOf } from './stored-items.ts'
import { absent, either, ifAlike } from './table/conditions.ts'
import { headerKey, type Item, type Key, lockKey, pointerKey, switchKey } from './table/keys.ts'
import type { Store } from './table/store.ts'
import type { Put } from './table/transact.ts'

type Locks = Pick<Ledger, 'look' | 'locks' | 'pointer' | 'putPointer'>

/** What is stored beside the key; absent members are no attributes. */
type Attributes = Readonly<Record<string, string | number | undefined>>

export function locks(store: Store): Locks {
  return {
    async look(changeId, keys) {
      const items = await store.getAll([headerKey(changeId), switchKey, ...keys.map(lockKey)])
      return {
        header: headerOf(items.get(headerKey(changeId).pk)),
        locks: locksIn(items, keys),
        thrown: switchOf(items.get(switchKey.pk)),
      }
    },

    locks: async (keys) => locksIn(await store.getAll(keys.map(lockKey)), keys),

    pointer: async (key) => pointerIn(await store.get(pointerKey(key))),

    async putPointer(key, next, seen) {
      const { item, condition } = pointerPut(key, next, seen)
      return await store.put(item, condition)
    },
  }
}

/** @param items by partition key. */
function locksIn(items: ReadonlyMap<string, Item>, keys: readonly string[]): ReadonlyMap<string, Lock> {
  return new Map(
    keys.flatMap((key) => {
      const item = items.get(lockKey(key).pk)
      return item === undefined ? [] : [[key, lockIn(item)] as const]
    }),
  )
}

export function lockPut(key: string, next: Lock, seen: Lock | undefined): Put {
  return putAsSeen(lockKey(key), lockAttributesOf(next), seen && lockAttributesOf(seen))
}

export function pointerPut(key: string, next: RepeatPointer, seen: RepeatPointer | undefined): Put {
  return putAsSeen(pointerKey(key), pointerAttributesOf(next), seen && pointerAttributesOf(seen))
}

/** The condition holds too where the item is so already: by an earlier call, or a try whose answer was lost. */
function putAsSeen(key: Key, next: Attributes, seen: Attributes | undefined): Put {
  return {
    item: { ...key, ...withoutAbsent(next) },
    condition: either(seen ? ifAlike(seen, 'seen') : absent, ifAlike(next, 'next')),
  }
}

/** @throws GatewayError `ledger.record.unknown` */
export function pointerIn(item: Item | undefined): RepeatPointer | undefined {
  const changeId = textIn(item, 'changeId')
  if (item === undefined || changeId === undefined) return undefined
  const [atMs, answeredAtMs] = [numberIn(item, 'atMs'), numberIn(item, 'answeredAtMs')]
  if (atMs === undefined) throw missingTimeError(item, 'its time')
  return { changeId, atMs, answeredAtMs }
}

const pointerAttributesOf = ({ changeId, atMs, answeredAtMs }: RepeatPointer): Attributes => ({
  changeId,
  atMs,
  answeredAtMs,
})

/** `changeId` is the holder: so it was before locks knew of wishes. */
function lockAttributesOf({ holder, newest }: Lock): Attributes {
  return {
    changeId: holder,
    newestId: newest?.changeId,
    newestAtMs: newest?.atMs,
    newestArrivedAtMs: newest?.arrivedAtMs,
  }
}

/** @throws GatewayError `ledger.record.unknown` */
export function lockIn(item: Item): Lock {
  return { holder: textIn(item, 'changeId'), newest: intentIn(item) }
}

function intentIn(item: Item): Intent | undefined {
  const changeId = textIn(item, 'newestId')
  const [atMs, arrivedAtMs] = [numberIn(item, 'newestAtMs'), numberIn(item, 'newestArrivedAtMs')]
  if (changeId === undefined) return undefined
  if (atMs === undefined || arrivedAtMs === undefined)
    throw missingTimeError(item, 'the times of its newest wish')
  return { changeId, atMs, arrivedAtMs }
}

/** Without a time nobody can say which of two wishes is the newer, and what is a repeat. */
function missingTimeError({ pk }: Pick<Key, 'pk'>, what: string): GatewayError {
  return new GatewayError(
    'ledger.record.unknown',
    `The record ${pk} lacks ${what}, so it is left alone: somebody else has written it`,
  )
}

function withoutAbsent(attributes: Attributes): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

function textIn(item: Item | undefined, name: string): string | undefined {
  const value = item?.[name]
  return typeof value === 'string' ? value : undefined
}

function numberIn(item: Item | undefined, name: string): number | undefined {
  const value = item?.[name]
  return typeof value === 'number' ? value : undefined
}
