import { Capabilities } from '../../changes/answers/change-schemas.ts'
import { defineOperation } from '../../operation.ts'
import { viewLicenses } from '../permissions.ts'

export const getCapabilities = defineOperation({
  id: 'getCapabilities',
  method: 'GET',
  path: '/v1/capabilities',
  summary: "Which operations this org's Genesys honours today, found by looking",
  description:
    'Reads are tried, writes never: of those the changes on record tell. `because` says what was looked at.',
  effect: 'plan',
  role: 'viewer',
  params: {},
  response: Capabilities,
  permissions: viewLicenses,
  run: ({ plans }) => plans.capabilities(),
})
