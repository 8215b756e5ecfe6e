import { Change, ChangeId } from '../../changes/answers/change-schemas.ts'
import { Confirmation } from '../../changes/answers/decision-schemas.ts'
import { defineOperation } from '../../operation.ts'
import { answerSettled } from '../answer-change.ts'
import { grantLicenses } from '../permissions.ts'

export const approveChange = defineOperation({
  id: 'approveChange',
  method: 'POST',
  path: '/v1/changes/{changeId}/approve',
  summary: 'Approve a change that another person asked for',
  description:
    'Names the digest of the plan that was looked at. Persons are compared, as the org file knows them: never the one who asked, and nobody it does not know. A planned revert is approved with its original. What was to be applied goes ahead at once. `confirmPeople` is asked for as by apply.',
  effect: 'write',
  role: 'approver',
  params: { changeId: ChangeId },
  body: { schema: Confirmation },
  response: Change,
  statuses: [200, 202],
  permissions: grantLicenses,
  run: async ({ changes }, { params, body }) =>
    answerSettled(await changes.approve(params.changeId, body.digest, body.confirmPeople)),
})
