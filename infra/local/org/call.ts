/** What an operation of the API is handed, and what it gives back. */
import type { OrgRefusal } from './answers.ts'
import type { OrgBilling } from './billing/billing.ts'
import type { ListingLie } from './paging.ts'
import type { Truth, TruthView } from './truth.ts'

/**
 * A call that has passed authentication. `view` is what reads see, which a fault may make stale; `params` are the
 * path's decoded variable segments; `body` is null where there was none.
 */
export interface OrgCall {
  readonly truth: Truth
  readonly view: TruthView
  readonly params: readonly string[]
  readonly query: URLSearchParams
  readonly body: unknown
  readonly searchesDeleted: boolean
  readonly billing: OrgBilling
  /** Epoch milliseconds. */
  readonly nowMs: number
  /** How a listing is to lie this time. */
  readonly lie?: ListingLie | undefined
}

/** The value of a 200, or what the call is refused with. */
export type OrgOutcome = { readonly value: unknown } | { readonly refusal: OrgRefusal }
