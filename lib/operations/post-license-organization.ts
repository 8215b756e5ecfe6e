import { MAX_PAIRS, ValidBatch } from '../license/assignments.ts'
import { LicenseUpdateStatuses } from '../license/models.ts'
import { defineOperation } from '../operation.ts'
import { answered } from './change-reply.ts'
import { grantLicenses } from './permissions.ts'

export const postLicenseOrganization = defineOperation({
  id: 'postLicenseOrganization',
  method: 'POST',
  path: '/api/v2/license/organization',
  summary: 'Give licenses to users and take them away',
  description: `Up to ${MAX_PAIRS} (license, user) pairs. It is recorded as a change before it is sent, sent once, and read back: \`result\` is Genesys's own text where the pair was seen as desired afterwards. Where it was not, \`NOT_APPLIED: \` stands before that text, and \`UNKNOWN: \` where that is not known; \`UNCHANGED\` and \`SUPERSEDED\` were not sent. While that is not settled it answers 409 \`outcome.unknown\`, and where a second person must approve 409 \`change.approval.required\`, each with the change's id in \`details[].entityId\`.`,
  effect: 'write',
  role: 'operator',
  params: {},
  body: { schema: ValidBatch },
  response: LicenseUpdateStatuses,
  permissions: grantLicenses,
  chat: ['grant', 'revoke'],
  run: async ({ changes }, { body }) => answered(await changes.assign(body)),
})
