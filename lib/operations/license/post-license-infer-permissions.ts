import * as z from 'zod/mini'
import { MAX_IDS, PermissionId } from '../../genesys/models/ids.ts'
import { LicenseIds } from '../../genesys/models/licenses.ts'
import { defineOperation } from '../../operation.ts'
import { viewLicenses } from '../permissions.ts'

export const postLicenseInferPermissions = defineOperation({
  id: 'postLicenseInferPermissions',
  method: 'POST',
  path: '/api/v2/license/infer/permissions',
  summary: 'Licenses that a set of permissions needs',
  description:
    'Genesys itself decides, precedence among licenses included; it calls this operation a preview, which may change without notice. At most 500 permissions; without a body, none.',
  effect: 'read',
  role: 'viewer',
  params: {},
  body: {
    schema: z.array(PermissionId).check(z.maxLength(MAX_IDS, `must have at most ${MAX_IDS} entries`)),
    isOptional: true,
  },
  response: LicenseIds,
  permissions: viewLicenses,
  isPreview: true,
  run: ({ genesys }, { body }) => genesys.inferFromPermissions(body),
})
