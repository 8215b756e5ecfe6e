import { Change, ChangeId } from '../../changes/answers/change-schemas.ts'
import { Confirmation } from '../../changes/answers/decision-schemas.ts'
import { defineOperation } from '../../operation.ts'
import { answerSettled } from '../answer-change.ts'
import { grantLicenses } from '../permissions.ts'

export const applyChange = defineOperation({
  id: 'applyChange',
  method: 'POST',
  path: '/v1/changes/{changeId}/apply',
  summary: 'Apply a planned change',
  description:
    'Names the digest of the plan that was looked at, so that no other is applied. 202 while the change goes on or waits for its `notBefore`, or now for approval. 409 `change.approval.required` where it waited for that already: whoever approves it applies it. Where the plan has `impact.massRemovals`, `confirmPeople` must be its `impact.people`, else 409 `change.people.unconfirmed`; given without being asked for, it must be right too.',
  effect: 'write',
  role: 'operator',
  params: { changeId: ChangeId },
  body: { schema: Confirmation },
  response: Change,
  statuses: [200, 202],
  permissions: grantLicenses,
  chat: ['confirm'],
  run: async ({ changes }, { params, body }) =>
    answerSettled(await changes.apply(params.changeId, body.digest, body.confirmPeople)),
})
