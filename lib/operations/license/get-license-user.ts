import { UserId } from '../../genesys/models/ids.ts'
import { LicenseUser } from '../../genesys/models/licenses.ts'
import { defineOperation } from '../../operation.ts'
import { viewLicenses } from '../permissions.ts'

export const getLicenseUser = defineOperation({
  id: 'getLicenseUser',
  method: 'GET',
  path: '/api/v2/license/users/{userId}',
  summary: 'Licenses of one user',
  description:
    'With the definition of each. For many users at once, with ids alone, there is POST /api/v2/license/users; for names and e-mails GET /v1/users.',
  effect: 'read',
  role: 'viewer',
  params: { userId: UserId },
  response: LicenseUser,
  permissions: viewLicenses,
  chat: ['user'],
  run: ({ genesys }, { params }) => genesys.getUser(params.userId),
})
