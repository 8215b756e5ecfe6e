import { FeatureName } from '../license/ids.ts'
import { LicenseOrgToggle } from '../license/models.ts'
import { defineOperation } from '../operation.ts'
import { noPermission } from './permissions.ts'
import { toggleHasNoEffect } from './toggle-deprecation.ts'

export const postLicenseToggle = defineOperation({
  id: 'postLicenseToggle',
  method: 'POST',
  path: '/api/v2/license/toggles/{featureName}',
  summary: 'Switch a license feature',
  description:
    'Names no value: it asks for the opposite of what holds. It is sent once and never resent when its outcome is unknown.',
  effect: 'write',
  role: 'operator',
  params: { featureName: FeatureName },
  response: LicenseOrgToggle,
  permissions: noPermission,
  deprecation: toggleHasNoEffect,
  run: ({ changes }, { params }) => changes.toggle(params.featureName),
})
