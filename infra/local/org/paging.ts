import type { OrgRefusal } from './answers.ts'
import { invalidValue } from './refusals.ts'

/** Largest page served: upstream documents none, public code asks for 100 ([?]). */
export const MAX_PAGE_SIZE = 100

/** Which page a query asks for, by default the first 25, or the refusal that names the field. */
export function pageAsked(
  size: string | null,
  number: string | null,
): { readonly pageSize: number; readonly pageNumber: number } | { readonly refusal: OrgRefusal } {
  const pageSize = wholeNumber(size ?? '25')
  const pageNumber = wholeNumber(number ?? '1')
  if (!(pageSize >= 1 && pageSize <= MAX_PAGE_SIZE)) return { refusal: invalidValue('pageSize') }
  if (!(pageNumber >= 1)) return { refusal: invalidValue('pageNumber') }
  return { pageSize, pageNumber }
}

/** NaN for anything but decimal digits. */
const wholeNumber = (text: string) => (/^\d{1,10}$/.test(text) ? Number(text) : Number.NaN)
