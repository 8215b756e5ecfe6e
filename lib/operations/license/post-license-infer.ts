import * as z from 'zod/mini'
import { MAX_IDS, RoleId } from '../../genesys/models/ids.ts'
import { LicenseIds } from '../../genesys/models/licenses.ts'
import { defineOperation } from '../../operation.ts'
import { noPermission } from '../permissions.ts'

export const postLicenseInfer = defineOperation({
  id: 'postLicenseInfer',
  method: 'POST',
  path: '/api/v2/license/infer',
  summary: 'Licenses that a set of roles needs',
  description:
    'Genesys itself decides, precedence among licenses included. At most 500 role ids; without a body, none.',
  effect: 'read',
  role: 'viewer',
  params: {},
  body: {
    schema: z.array(RoleId).check(z.maxLength(MAX_IDS, `must have at most ${MAX_IDS} entries`)),
    isOptional: true,
  },
  response: LicenseIds,
  permissions: noPermission,
  chat: ['infer'],
  run: ({ genesys }, { body }) => genesys.inferFromRoles(body),
})
