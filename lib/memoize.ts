/** Reads once, for whoever asks and however often. A failure is kept too. */
export function memoize<T>(read: () => Promise<T>): () => Promise<T> {
  let once: Promise<T> | undefined
  return () => {
    once ??= read()
    return once
  }
}
