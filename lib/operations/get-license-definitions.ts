import * as z from 'zod/mini'
import { LicenseDefinition } from '../license/models.ts'
import { defineOperation } from '../operation.ts'
import { viewLicenses } from './permissions.ts'

export const getLicenseDefinitions = defineOperation({
  id: 'getLicenseDefinitions',
  method: 'GET',
  path: '/api/v2/license/definitions',
  summary: 'Licenses the organization can hold',
  effect: 'read',
  role: 'viewer',
  params: {},
  response: z.array(LicenseDefinition),
  permissions: viewLicenses,
  chat: ['definitions'],
  run: ({ genesys }) => genesys.getDefinitions(),
})
