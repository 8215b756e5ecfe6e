/**
 * Users as Genesys's directory has them: names, e-mails, states, where the License API knows ids alone. Read as
 * tolerantly as the models of licenses; what else the directory tells (phone numbers, addresses) is not looked at.
 */
import * as z from 'zod/mini'
import type { LicensesByUser } from './licenses.ts'

/** A user of the directory; `state` is active, inactive or deleted. */
export const DirectoryUser = z.looseObject({
  id: z.string(),
  name: z.nullish(z.string()),
  email: z.nullish(z.string()),
  state: z.nullish(z.string()),
})
export type DirectoryUser = z.output<typeof DirectoryUser>

const counts = {
  pageSize: z.nullish(z.int()),
  pageNumber: z.nullish(z.int()),
  total: z.nullish(z.int()),
  pageCount: z.nullish(z.int()),
}

/** One page of GET /api/v2/users. */
export const DirectoryListing = z.looseObject({ entities: z.nullish(z.array(DirectoryUser)), ...counts })
export type DirectoryListing = z.output<typeof DirectoryListing>

/** One page of POST /api/v2/users/search; `results` may be absent where nobody was found. */
export const DirectorySearch = z.looseObject({ results: z.nullish(z.array(DirectoryUser)), ...counts })

/** The license ids of one user, whichever of its shapes upstream answered in; undefined where the user is not in the answer. */
export function licenseIdsOf(answer: LicensesByUser, userId: string): readonly string[] | undefined {
  if (!Object.hasOwn(answer, userId)) return undefined
  const value = answer[userId]
  const licenses = Array.isArray(value) ? value : (value?.licenses ?? [])
  return licenses.map((license) => (typeof license === 'string' ? license : license.id))
}
