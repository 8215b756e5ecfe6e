import type { OrgRefusal } from './answers.ts'
import { invalidValue } from './refusals.ts'

/** Largest page served: upstream documents none, public code asks for 100 ([?]). */
export const MAX_PAGE_SIZE = 100

interface PageAsked {
  readonly pageSize: number
  readonly pageNumber: number
}

/** Which page a query asks for, by default the first 25, or the refusal that names the field. */
export function pageAsked(
  size: string | null,
  number: string | null,
): PageAsked | { readonly refusal: OrgRefusal } {
  const pageSize = wholeNumber(size ?? '25')
  const pageNumber = wholeNumber(number ?? '1')
  if (!(pageSize >= 1 && pageSize <= MAX_PAGE_SIZE)) return { refusal: invalidValue('pageSize') }
  if (!(pageNumber >= 1)) return { refusal: invalidValue('pageNumber') }
  return { pageSize, pageNumber }
}

/** NaN for anything but decimal digits. */
const wholeNumber = (text: string) => (/^\d{1,10}$/.test(text) ? Number(text) : Number.NaN)

/** How a page lies about a listing, each by so many: see `FaultAction`. */
export interface ListingLie {
  readonly cutBy?: number | undefined
  readonly shiftBy?: number | undefined
  readonly totalBy?: number | undefined
  readonly pageCountBy?: number | undefined
}

/** What stands in a listing, by its place from 0. */
interface Listed {
  readonly total: number
  readonly from: (place: number) => Iterable<number>
}

/** Who is on a page, and what the page says of the whole. */
export function pageOf({ total, from }: Listed, { pageSize, pageNumber }: PageAsked, lie: ListingLie = {}) {
  const { cutBy = 0, shiftBy = 0, totalBy = 0, pageCountBy = 0 } = lie
  const indexes: number[] = []
  for (const index of from(Math.max(0, (pageNumber - 1) * pageSize + shiftBy))) {
    if (indexes.length === pageSize) break
    indexes.push(index)
  }
  return {
    indexes: indexes.slice(0, Math.max(0, indexes.length - cutBy)),
    counts: {
      pageSize,
      pageNumber,
      total: total + totalBy,
      pageCount: Math.ceil(total / pageSize) + pageCountBy,
    },
  }
}
