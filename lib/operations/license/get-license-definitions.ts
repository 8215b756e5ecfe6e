import * as z from 'zod/mini'
import { LicenseDefinition } from '../../genesys/models/licenses.ts'
import { defineOperation } from '../../operation.ts'
import { viewLicenses } from '../permissions.ts'

export const getLicenseDefinitions = defineOperation({
  id: 'getLicenseDefinitions',
  method: 'GET',
  path: '/api/v2/license/definitions',
  summary: 'Licenses the organization can hold',
  description:
    "Genesys's own answer, as long as it is: it has no pages. An organization lists what it can hold now, so a license that somebody holds still may be missing.",
  effect: 'read',
  role: 'viewer',
  params: {},
  response: z.array(LicenseDefinition),
  permissions: viewLicenses,
  chat: ['definitions'],
  run: ({ genesys }) => genesys.getDefinitions(),
})
