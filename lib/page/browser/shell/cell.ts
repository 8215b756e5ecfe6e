/** A value that parts of the page look at, and are drawn anew when it is another (use-cell.ts). Pure. */

export interface Cell<T> {
  get(): T
  set(value: T): void
  /** @returns what ends it. */
  subscribe(onChange: () => void): () => void
}

export function createCell<T>(first: T): Cell<T> {
  let value = first
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const each of [...listeners]) each()
    },
    subscribe(onChange) {
      listeners.add(onChange)
      return () => listeners.delete(onChange)
    },
  }
}
