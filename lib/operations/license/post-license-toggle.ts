import { FeatureName } from '../../genesys/models/ids.ts'
import { LicenseOrgToggle } from '../../genesys/models/licenses.ts'
import { defineOperation } from '../../operation.ts'
import { answerFrom } from '../answer-change.ts'
import { noPermission } from '../permissions.ts'
import { toggleHasNoEffect } from './toggle-deprecation.ts'

export const postLicenseToggle = defineOperation({
  id: 'postLicenseToggle',
  method: 'POST',
  path: '/api/v2/license/toggles/{featureName}',
  summary: 'Switch a license feature',
  description:
    "Names no value: it asks for the opposite of what holds when it is planned. It is recorded as a change, sent once and read back. Without an Idempotency-Key, a repeat by the same caller while that change is open, or its result was last told less than 2 minutes ago, answers its result and switches nothing; where nobody knows the outcome, until an operator has settled it and for 20 minutes after. Then it answers 409 `outcome.unknown`, and where a second person must approve 409 `change.approval.required`, each with the change's id in `X-Change-Id` and `details[].entityId`.",
  effect: 'write',
  role: 'operator',
  params: { featureName: FeatureName },
  response: LicenseOrgToggle,
  permissions: noPermission,
  deprecation: toggleHasNoEffect,
  run: async ({ changes }, { params }) => answerFrom(await changes.switchToggle(params.featureName)),
})
