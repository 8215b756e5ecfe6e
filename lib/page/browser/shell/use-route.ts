/** Going somewhere on the page, and knowing where one is. Links are links; this is for what is typed or chosen. */
import { useMemo } from 'preact/hooks'
import { createCell, useCell } from './cell.ts'
import { type Filters, hashOf, type PageRoute, routeOf } from './route.ts'

const hash = createCell('')

/** Once, before anything is drawn. */
export function followAddress(): void {
  const look = () => hash.set(location.hash)
  look()
  addEventListener('hashchange', look)
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

/** Filters of the view that is shown, which are in its address. */
export function setFilters(filters: Filters, options: { readonly isReplaced?: boolean } = {}): void {
  const { path, query } = routeOf(location.hash)
  for (const [name, value] of Object.entries(filters)) {
    if (value === undefined || value === '') query.delete(name)
    else query.set(name, value)
  }
  goTo(hashOf(path, query), options)
}
