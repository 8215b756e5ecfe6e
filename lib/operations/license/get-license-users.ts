import { integerQuery, MAX_PAGE_SIZE } from '../../genesys/models/ids.ts'
import { UserLicensesEntityListing } from '../../genesys/models/licenses.ts'
import { defineOperation } from '../../operation.ts'
import { noPermission } from '../permissions.ts'

/** The largest pageNumber is that of an int32, upstream's type for it. */
const MAX_PAGE_NUMBER = 2_147_483_647

export const getLicenseUsers = defineOperation({
  id: 'getLicenseUsers',
  method: 'GET',
  path: '/api/v2/license/users',
  summary: 'A page of users with their license ids',
  description:
    'Ids alone, as Genesys lists them: go on with `pageNumber` up to the `pageCount` that each page tells. For names and e-mails, or the holders of one license, there is GET /v1/users.',
  effect: 'read',
  role: 'viewer',
  params: {},
  query: {
    pageSize: integerQuery(1, MAX_PAGE_SIZE, 25),
    pageNumber: integerQuery(1, MAX_PAGE_NUMBER, 1),
  },
  response: UserLicensesEntityListing,
  permissions: noPermission,
  run: ({ genesys }, { query }) => genesys.getUsers(query),
})
