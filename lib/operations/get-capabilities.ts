import { Capabilities } from '../changes/models.ts'
import { defineOperation } from '../operation.ts'
import { viewLicenses } from './permissions.ts'

export const getCapabilities = defineOperation({
  id: 'getCapabilities',
  method: 'GET',
  path: '/v1/capabilities',
  summary: "Which operations this org's Genesys honours today, found by looking",
  effect: 'plan',
  role: 'viewer',
  params: {},
  response: Capabilities,
  permissions: viewLicenses,
  run: ({ plans }) => plans.capabilities(),
})
