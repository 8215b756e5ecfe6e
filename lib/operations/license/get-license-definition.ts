import { LicenseId } from '../../genesys/models/ids.ts'
import { LicenseDefinition } from '../../genesys/models/licenses.ts'
import { defineOperation } from '../../operation.ts'
import { viewLicenses } from '../permissions.ts'

export const getLicenseDefinition = defineOperation({
  id: 'getLicenseDefinition',
  method: 'GET',
  path: '/api/v2/license/definitions/{licenseId}',
  summary: 'One license, with its permissions and prerequisites',
  description:
    'With its permissions, prerequisites and the licenses that it includes. 404 where the organization cannot hold it.',
  effect: 'read',
  role: 'viewer',
  params: { licenseId: LicenseId },
  response: LicenseDefinition,
  permissions: viewLicenses,
  chat: ['definition'],
  run: ({ genesys }, { params }) => genesys.getDefinition(params.licenseId),
})
