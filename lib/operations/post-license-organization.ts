import { MAX_PAIRS, ValidBatch } from '../license/assignments.ts'
import { LicenseUpdateStatuses } from '../license/models.ts'
import { defineOperation } from '../operation.ts'
import { grantLicenses } from './permissions.ts'

export const postLicenseOrganization = defineOperation({
  id: 'postLicenseOrganization',
  method: 'POST',
  path: '/api/v2/license/organization',
  summary: 'Give licenses to users and take them away',
  description: `Up to ${MAX_PAIRS} (license, user) pairs. It is sent once and never resent when its outcome is unknown.`,
  effect: 'write',
  role: 'operator',
  params: {},
  body: { schema: ValidBatch },
  response: LicenseUpdateStatuses,
  permissions: grantLicenses,
  run: ({ changes }, { body }) => changes.assign(body),
})
