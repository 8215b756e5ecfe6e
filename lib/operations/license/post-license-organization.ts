import * as z from 'zod/mini'
import { ChangeResult } from '../../changes/answers/change-schemas.ts'
import { MAX_PAIRS, ValidBatch } from '../../genesys/models/assignments.ts'
import { LicenseUpdateStatus } from '../../genesys/models/licenses.ts'
import { models } from '../../genesys/models/model-registry.ts'
import { defineOperation } from '../../operation.ts'
import { answerFrom } from '../answer-change.ts'
import { grantLicenses } from '../permissions.ts'

/** Genesys's model under its own name, with what it does not tell. */
const ToldStatus = z
  .extend(LicenseUpdateStatus, { outcome: ChangeResult.shape.outcome })
  .register(models, { id: 'LicenseUpdateStatus' })

export const postLicenseOrganization = defineOperation({
  id: 'postLicenseOrganization',
  method: 'POST',
  path: '/api/v2/license/organization',
  summary: 'Give licenses to users and take them away',
  description: `Up to ${MAX_PAIRS} (license, user) pairs. It is recorded as a change before it is sent, sent once, and read back: \`outcome\` says what that showed. \`result\` is Genesys's own text, behind \`NOT_APPLIED: \` where the pair was not seen as desired and behind \`UNKNOWN: \` where that is not known. Where Genesys said nothing of a pair it is one word of the gateway's: \`APPLIED\`, \`NOT_APPLIED\` or \`UNKNOWN\`, and of what was not sent \`UNCHANGED\` (it held already) or \`SUPERSEDED\` (a newer wish decides). While that is not settled it answers 409 \`outcome.unknown\`, and where a second person must approve 409 \`change.approval.required\`, each with the change's id in \`X-Change-Id\` and \`details[].entityId\`.`,
  effect: 'write',
  role: 'operator',
  params: {},
  body: { schema: ValidBatch },
  response: z.array(ToldStatus),
  permissions: grantLicenses,
  chat: ['grant', 'revoke'],
  run: async ({ changes }, { body }) => answerFrom(await changes.assign(body)),
})
