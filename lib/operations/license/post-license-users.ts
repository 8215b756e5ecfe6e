import * as z from 'zod/mini'
import { MAX_IDS, UserId } from '../../genesys/models/ids.ts'
import { LicensesByUser } from '../../genesys/models/licenses.ts'
import { defineOperation } from '../../operation.ts'
import { viewLicenses } from '../permissions.ts'

export const postLicenseUsers = defineOperation({
  id: 'postLicenseUsers',
  method: 'POST',
  path: '/api/v2/license/users',
  summary: 'Licenses of several users by their ids',
  description: `Up to ${MAX_IDS} ids. Where Genesys finds a request too large, it is sent on in halves.`,
  effect: 'read',
  role: 'viewer',
  params: {},
  body: {
    schema: z.array(UserId).check(z.maxLength(MAX_IDS, `must have at most ${MAX_IDS} entries`)),
    isOptional: true,
  },
  response: LicensesByUser,
  permissions: viewLicenses,
  run: ({ genesys }, { body }) => genesys.getUsersById(body),
})
