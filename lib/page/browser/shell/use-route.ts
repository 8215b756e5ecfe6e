/** Going somewhere on the page, and knowing where one is. Links are links; this is for what is typed or chosen. */
import { useMemo } from 'preact/hooks'
import { createCell } from './cell.ts'
import { type Filters, hashOf, type PageRoute, routeOf } from './route.ts'
import { useCell } from './use-cell.ts'

const hash = createCell('')

/** Once, before anything is drawn. */
export function followAddress(): void {
  hash.set(location.hash)
  let isTraversing = false
  // Where a browser does not say so, one arrives at the top, as by a link.
  globalThis.navigation?.addEventListener('navigate', ({ navigationType }) => {
    isTraversing = navigationType === 'traverse'
    if (!isTraversing) left.set(hash.get(), scrollY)
  })
  addEventListener('hashchange', () => {
    const to = location.hash
    arrivedAt = isTraversing ? left.get(to) : undefined
    hash.set(to)
  })
}

/** How far down each place was scrolled when it was left. */
const left = new Map<string, number>()
let arrivedAt: number | undefined

/** @returns how far down it was, of a place that one has come back to. */
export function takeReturn(): number | undefined {
  const was = arrivedAt
  arrivedAt = undefined
  return was
}

export function useRoute(): PageRoute {
  const text = useCell(hash)
  return useMemo(() => routeOf(text), [text])
}

/** @param isReplaced whether the way back leads past where one was: while typing, and where nothing was there. */
export function goTo(to: string, { isReplaced = false } = {}): void {
  if (to === location.hash) return
  history[isReplaced ? 'replaceState' : 'pushState'](null, '', to)
  hash.set(location.hash)
}

/** Before something is waited for. @returns `goTo` for after it: whoever has gone elsewhere meanwhile stays there. */
export function goFromHere(): typeof goTo {
  const from = location.hash
  return (to, options) => {
    if (location.hash === from) goTo(to, options)
  }
}

/** Filters of the view that is shown, which are in its address. */
export function setFilters(filters: Filters, options: { readonly isReplaced?: boolean } = {}): void {
  const { path, query } = routeOf(location.hash)
  for (const [name, value] of Object.entries(filters)) {
    if (value === undefined || value === '') query.delete(name)
    else query.set(name, value)
  }
  goTo(hashOf(path, query), options)
}
