import { Change, ChangeId } from '../../changes/answers/change-schemas.ts'
import { Retrying } from '../../changes/answers/decision-schemas.ts'
import { defineOperation } from '../../operation.ts'
import { answerPlanned } from '../answer-change.ts'
import { viewLicenses } from '../permissions.ts'

export const retryChange = defineOperation({
  id: 'retryChange',
  method: 'POST',
  path: '/v1/changes/{changeId}/retry',
  summary: 'Plan anew what of an ended change did not come about',
  description:
    'A new change, which is the answer, of exactly what was not applied, not sent, left alone as a conflict, or is not known; what was left to a newer change stays so. It is a plan as `POST /v1/changes` makes it, from what holds now, a draft with `isDraft`; it sends nothing, and needs approval anew where the rules say so. Its reason, its end and a `notBefore` that is still to come are those of the first one, `retries` names that, and once the new one is applied, or waits for an approver, `retriedBy` of that names it: of several plans one is let go ahead. 409 `change.state.conflict` while the first goes on, where nothing of it failed, and where another retry of it was let go ahead.',
  effect: 'plan',
  role: 'operator',
  params: { changeId: ChangeId },
  body: { schema: Retrying, isOptional: true },
  response: Change,
  statuses: [201, 200, 202],
  permissions: viewLicenses,
  chat: ['retry'],
  run: async ({ plans }, { params, body }) => answerPlanned(await plans.retry(params.changeId, body)),
})
