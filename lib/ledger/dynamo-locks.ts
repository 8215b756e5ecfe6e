/** Locks and pointers: small items that name a change, overwritten only on condition that they still are as they were seen. */
import type { Intent, Ledger, Lock, RepeatPointer } from '../changes/record/ledger.ts'
import { GatewayError } from '../errors.ts'
import { type Item, type Key, lockKey, pointerKey } from './table/keys.ts'
import { absent, type Condition, type Store } from './table/store.ts'

type Locks = Pick<Ledger, 'locks' | 'putLock' | 'pointer' | 'putPointer'>

/** What is stored beside the key; absent members are no attributes. */
type Attributes = Readonly<Record<string, string | number | undefined>>

export function locks(store: Store): Locks {
  /** The condition fails too where the item is so already: by an earlier call, or a try whose answer was lost. */
  async function put(key: Key, next: Attributes, seen: Attributes | undefined): Promise<boolean> {
    const item: Item = { ...key, ...withoutAbsent(next) }
    if (await store.put(item, seen ? ifAsSeen(seen) : absent)) return true
    const now = await store.get(key)
    return now !== undefined && Object.entries(next).every(([name, value]) => now[name] === value)
  }

  return {
    async locks(keys) {
      const items = await store.getAll(keys.map(lockKey))
      return new Map(
        keys.flatMap((key) => {
          const item = items.get(lockKey(key).pk)
          return item === undefined ? [] : [[key, lockIn(item)] as const]
        }),
      )
    },

    putLock: (key, next, seen) => put(lockKey(key), lockAttributesOf(next), seen && lockAttributesOf(seen)),

    async pointer(key) {
      const item = await store.get(pointerKey(key))
      const changeId = textIn(item, 'changeId')
      if (changeId === undefined) return undefined
      const [atMs, answeredAtMs] = [numberIn(item, 'atMs'), numberIn(item, 'answeredAtMs')]
      if (atMs === undefined) throw missingTimeError(pointerKey(key), 'its time')
      return { changeId, atMs, answeredAtMs }
    },

    putPointer: (key, next, seen) =>
      put(pointerKey(key), pointerAttributesOf(next), seen && pointerAttributesOf(seen)),
  }
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

function lockIn(item: Item): Lock {
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

/** Each attribute is what it was, or still is none. */
function ifAsSeen(seen: Attributes): Condition {
  const entries = Object.entries(seen)
  return {
    expression: entries
      .map(([name, value]) =>
        value === undefined ? `attribute_not_exists(#${name})` : `#${name} = :${name}`,
      )
      .join(' AND '),
    names: Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
    values: Object.fromEntries(
      Object.entries(withoutAbsent(seen)).map(([name, value]) => [`:${name}`, value]),
    ),
  }
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
