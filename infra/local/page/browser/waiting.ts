/** How the page waits. Nothing is asked for one that nobody looks at: browsers allow one host few connections, over all tabs. */

/** Resolves when the page is looked at, at once where it is. */
export function visible(): Promise<void> {
  if (!document.hidden) return Promise.resolve()
  return new Promise((resolve) => {
    document.addEventListener('visibilitychange', () => resolve(), { once: true })
  })
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
