import * as z from 'zod/mini'
import { inParts } from '../../files.ts'
import { LicenseId, UserIdList } from '../../genesys/models/ids.ts'
import {
  listUsersOf,
  type UserFilter,
  type UserState,
  userStates,
  usersThat,
} from '../../inventory/answers/filter-users.ts'
import { userColumns, userRowOf } from '../../inventory/answers/render-inventory.ts'
import { defineOperation } from '../../operation.ts'
import { UserListing } from '../../people/user.ts'
import { checksOfPasted } from '../../text.ts'
import { paging, pagingNames } from '../paging.ts'
import { noPermission } from '../permissions.ts'

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
    'From the newest reading of the whole organization, with what the gateway’s own changes have brought about since; Genesys is not asked. By any of `id` (up to 100 ids with a comma between each), `license` (an id), `name` (a part of it, in any case), `email` (the whole address, or its beginning with `*` behind it), `search` (a part of the name, or the beginning of the e-mail address or of the id) and `state`; all that is given must hold. In the order of ids. Inactive users are listed too, and `state` says so; deleted ones only while they hold a license. What was changed in Genesys itself shows with the next reading, which `POST /v1/readings` asks for; before the first one this is 503 `reading.unavailable`. As a file it has all of them, with a row for each, license ids with a blank between them.',
  effect: 'inventory',
  role: 'viewer',
  params: {},
  query: {
    id: z.optional(UserIdList),
    license: z.optional(LicenseId),
    name: z.optional(Name),
    email: z.optional(Email),
    search: z.optional(Name),
    state: z.optional(z.enum(userStates, `must be one of ${userStates.join(', ')}`)),
    ...paging,
  },
  response: UserListing,
  files: {
    name: ({ query: { license, state, search, name, email } }) =>
      ['users', license, state, search, name, email].filter((each) => each !== undefined).join('-'),
    columns: userColumns,
    pagedBy: pagingNames,
    loggedQuery: ['license', 'state'],
    async *rows({ inventory }, { query }) {
      const filter = filterOf(query)
      const { users, ...dated } = await inventory.everybody(undefined, filter)
      for await (const part of inParts(usersThat(users, filter)))
        yield part.map((user) => userRowOf(user, dated))
    },
  },
  permissions: noPermission,
  chat: ['who'],
  run: ({ inventory }, { query: { limit, cursor, ...asked } }) =>
    listUsersOf(inventory, { ...filterOf(asked), limit, cursor }),
})

interface Asked {
  readonly id?: string | undefined
  readonly license?: string | undefined
  readonly name?: string | undefined
  readonly email?: string | undefined
  readonly search?: string | undefined
  readonly state?: UserState | undefined
}

function filterOf({ id, license, name, email, search, state }: Asked): UserFilter {
  return {
    ids: id?.split(','),
    licenseId: license,
    name,
    search,
    state,
    email: email === undefined ? undefined : addressOf(email),
  }
}

function addressOf(email: string) {
  const isWhole = !email.endsWith('*')
  return { value: isWhole ? email : email.slice(0, -1), isWhole }
}
