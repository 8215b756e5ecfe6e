import { FeatureName } from '../../genesys/models/ids.ts'
import { LicenseOrgToggle } from '../../genesys/models/licenses.ts'
import { defineOperation } from '../../operation.ts'
import { noPermission } from '../permissions.ts'
import { toggleReadsTrue } from './toggle-deprecation.ts'

export const getLicenseToggle = defineOperation({
  id: 'getLicenseToggle',
  method: 'GET',
  path: '/api/v2/license/toggles/{featureName}',
  summary: 'Whether a license feature is on',
  description: "Genesys's own answer.",
  effect: 'read',
  role: 'viewer',
  params: { featureName: FeatureName },
  response: LicenseOrgToggle,
  permissions: noPermission,
  deprecation: toggleReadsTrue,
  chat: ['toggle'],
  run: ({ genesys }, { params }) => genesys.getToggle(params.featureName),
})
