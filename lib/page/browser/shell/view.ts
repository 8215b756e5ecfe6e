import type { ComponentType } from 'preact'
import type { PageRoute } from './route.ts'

/** A part of the page with an address of its own, and a tab. */
export interface PageView {
  /** The first part of its path. */
  readonly name: string
  /** On its tab. */
  readonly label: string
  /** The operation of the API without which there is nothing to see; whoever may not call it is not shown the tab. */
  readonly needs?: string
  /** Behind its name on the tab. */
  readonly Badge?: ComponentType
  /** All its paths are one place: what stands over it comes and goes without its being arrived at anew. */
  readonly isOnePlace?: boolean
  readonly Show: ComponentType<PageRoute>
}
