import * as z from 'zod/mini'
import { LicenseId } from '../../genesys/models/ids.ts'
import { defineOperation } from '../../operation.ts'
import { UserListing } from '../../people/user.ts'
import { readUserPage as list } from '../../people/user-pages.ts'
import { checksOfPasted } from '../../text.ts'
import { paging } from '../paging.ts'
import { viewUsers } from '../permissions.ts'

const nameRule = 'must be 1 to 128 characters, not all blank and none of them invisible'
const emailRule = 'must be an e-mail address, or the beginning of one with * behind it'

/** Neither control characters nor marks that have no width or turn the text around, save those that join letters. */
const Name = z
  .string()
  .check(...checksOfPasted(/^(?=.*\S)(?:[^\p{C}]|[\u200c\u200d]){1,128}$/u, nameRule, 'name'))
const Email = z.string().check(...checksOfPasted(/^[^\s\p{C}*]{1,254}\*?$/u, emailRule, 'name'))

export const listUsers = defineOperation({
  id: 'listUsers',
  method: 'GET',
  path: '/v1/users',
  summary: 'Who holds what, with names and e-mails',
  description:
    'By any of `license` (an id), `name` (a part of it, in any case) and `email` (the whole address, or its beginning with `*` behind it); all that is given must hold. Inactive users are listed too, and `state` says so; deleted ones only while they hold a license; where Genesys refuses to search those, the answer has `isWithoutDeleted`, and listing by `license` alone still finds them. A page may hold fewer users than `limit`, none even, and still have a `next`: go on until there is none. By `license` alone a page takes at most 30 requests to Genesys, and ends early where half of the minute’s are used; the next may then be 429, and goes on after `Retry-After` with the same cursor.',
  effect: 'read',
  role: 'viewer',
  params: {},
  query: {
    license: z.optional(LicenseId),
    name: z.optional(Name),
    email: z.optional(Email),
    ...paging,
  },
  response: UserListing,
  permissions: viewUsers,
  chat: ['who'],
  run({ genesys }, { query: { license, name, email, limit, cursor } }) {
    return list(genesys, {
      licenseId: license,
      name,
      email: email === undefined ? undefined : addressOf(email),
      limit,
      cursor,
    })
  },
})

function addressOf(email: string) {
  const isWhole = !email.endsWith('*')
  return { value: isWhole ? email : email.slice(0, -1), isWhole }
}
