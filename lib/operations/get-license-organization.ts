import { LicenseOrganization } from '../license/models.ts'
import { foldOrganization } from '../license/organization.ts'
import { defineOperation } from '../operation.ts'
import { grantLicenses } from './permissions.ts'

export const getLicenseOrganization = defineOperation({
  id: 'getLicenseOrganization',
  method: 'GET',
  path: '/api/v2/license/organization',
  summary: 'Who holds what in the whole organization',
  description:
    'Genesys removed this operation in 2019; the gateway folds it from all pages of GET users, and answers 413 `response.too.large` where they cannot fit one request.',
  effect: 'read',
  role: 'viewer',
  params: {},
  response: LicenseOrganization,
  permissions: grantLicenses,
  deprecation: {
    since: new Date('2019-06-29T00:00:00Z'),
    warning:
      'Genesys removed this operation on 2019-06-29; the gateway derives it from GET /api/v2/license/users',
  },
  run: ({ genesys, org }) => foldOrganization(org, genesys.allUsers()),
})
