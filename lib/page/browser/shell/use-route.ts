/** Going somewhere on the page, and knowing where one is. Links are links; this is for what is typed or chosen. */
import { useMemo } from 'preact/hooks'
import { createCell } from './cell.ts'
import { type Filters, hashOf, type PageRoute, routeOf } from './route.ts'
import { useCell } from './use-cell.ts'

const hash = createCell('')

/** Once, before anything is drawn. */
export function followAddress(): void {
  hash.set(location.hash)
  // Kept with the place in the browser's history: what has none yet was come to from here.
  markPlace({ isFromHere: false, ...history.state })
  let isTraversing = false
  // Where a browser does not say so, one arrives at the top, as by a link.
  globalThis.navigation?.addEventListener('navigate', ({ navigationType }) => {
    // Nowhere is gone by it.
    if (navigationType === 'replace') return
    isTraversing = navigationType === 'traverse'
    if (!isTraversing) left.set(hash.get(), scrollY)
  })
  addEventListener('hashchange', () => {
    const to = location.hash
    isGoingBack = false
    if (history.state === null) markPlace({ isFromHere: true })
    arrivedAt = isTraversing ? left.get(to) : undefined
    hash.set(to)
  })
}

interface PlaceMark {
  /** The place before it in the browser's history is one of the page. */
  readonly isFromHere: boolean
}

function markPlace(mark: PlaceMark): void {
  history.replaceState(mark, '')
}

let isGoingBack = false

/** Back to where one came from, once however often it is pressed; where that is not on the page, to another place. */
export function goBackOr(other: string): void {
  const mark: PlaceMark | null = history.state
  if (!mark?.isFromHere) goTo(other)
  else if (!isGoingBack) {
    isGoingBack = true
    history.back()
  }
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
  if (isReplaced) history.replaceState(history.state, '', to)
  else history.pushState({ isFromHere: true } satisfies PlaceMark, '', to)
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
