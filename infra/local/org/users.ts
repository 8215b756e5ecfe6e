import { personId } from './people.ts'
import { invalidValue } from './refusals.ts'
import type { Call, Outcome } from './routes.ts'

/** Largest page served: upstream documents none, public code asks for 100 ([?]). */
const MAX_PAGE_SIZE = 100

/** The address of one user, as the selfUri of models has it. */
export function userUri(id: string): string {
  return `/api/v2/license/users/${id}`
}

/** A page of users with their license ids; a page past the end is empty. */
export function listUsers({ truth, view, query }: Call): Outcome {
  const pageSize = wholeNumber(query.get('pageSize') ?? '25')
  const pageNumber = wholeNumber(query.get('pageNumber') ?? '1')
  if (!(pageSize >= 1 && pageSize <= MAX_PAGE_SIZE)) return { refusal: invalidValue('pageSize') }
  if (!(pageNumber >= 1)) return { refusal: invalidValue('pageNumber') }
  const entities = []
  const first = (pageNumber - 1) * pageSize
  for (let index = first; index < Math.min(first + pageSize, truth.users); index++) {
    const id = personId(index)
    entities.push({ id, licenses: view.licensesOf(index), selfUri: userUri(id) })
  }
  const pageCount = Math.ceil(truth.users / pageSize)
  return { value: { entities, pageSize, pageNumber, total: truth.users, pageCount } }
}

/** NaN for anything but decimal digits. */
const wholeNumber = (text: string) => (/^\d{1,10}$/.test(text) ? Number(text) : Number.NaN)

/**
 * Licenses by user id, unknown ids left out. The contract has each value as an object and no more ([?]): here it is
 * a UserLicenses.
 */
export function userLicenses(ids: readonly string[], { truth, view }: Call): Record<string, unknown> {
  return Object.fromEntries(
    ids.flatMap((id) => {
      const index = truth.indexOf(id)
      return index === undefined ? [] : [[id, { id, licenses: view.licensesOf(index), selfUri: userUri(id) }]]
    }),
  )
}
