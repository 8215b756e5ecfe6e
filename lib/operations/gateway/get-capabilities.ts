import { Capabilities } from '../../changes/answers/write-schemas.ts'
import { defineOperation } from '../../operation.ts'
import { viewLicenses } from '../permissions.ts'

export const getCapabilities = defineOperation({
  id: 'getCapabilities',
  method: 'GET',
  path: '/v1/capabilities',
  summary: "Which operations this org's Genesys honours today, found by looking",
  description:
    "Reads are tried, writes never: of those the changes on record tell. `because` says what was looked at. Of Genesys's billing it tells whether contracts and billable usage are to be seen (403, 404 or nothing in the answer are `no`, each with its reason): where they are not, the org file's seats and calendar months stand in their place.",
  effect: 'plan',
  role: 'viewer',
  params: {},
  response: Capabilities,
  permissions: viewLicenses,
  run: ({ plans, billing }) => plans.capabilities(billing),
})
