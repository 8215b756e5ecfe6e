import * as z from 'zod/mini'
import { integerQuery } from '../genesys/models/ids.ts'

const rule = 'must be what an earlier page gave as next'

/** How lists of records are paged: `next` of one page is the `cursor` of the one after it. */
export const paging = {
  limit: integerQuery(1, 100, 25),
  cursor: z.optional(z.string().check(z.regex(/^[A-Za-z0-9_=-]{1,2000}$/, rule))),
}

export const pagingNames: readonly string[] = Object.keys(paging)
