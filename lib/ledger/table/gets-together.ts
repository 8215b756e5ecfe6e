/**
 * Gets that are asked for in one turn of the event loop go out as one request: who counts seats asks for a reading's head and
 * for what billing told, of two rooms that do not know each other.
 */
import type { Item, Key } from './keys.ts'

interface Gets {
  get(key: Key): Promise<Item | undefined>
  getAll(keys: readonly Key[]): Promise<ReadonlyMap<string, Item>>
}

/** @returns a get of items whose partition keys differ. It throws as the two do. */
export function getsTogether({ get, getAll }: Gets): Gets['get'] {
  let asked: { readonly keys: Key[]; readonly items: ReturnType<Gets['getAll']> } | undefined

  function begin() {
    const keys: Key[] = []
    const send = async () => {
      await undefined
      asked = undefined
      const [only, ...others] = keys
      if (only === undefined || others.length > 0) return await getAll(keys)
      const item = await get(only)
      return new Map(item && [[only.pk, item]])
    }
    return { keys, items: send() }
  }

  return async (key) => {
    asked ??= begin()
    asked.keys.push(key)
    return (await asked.items).get(key.pk)
  }
}
