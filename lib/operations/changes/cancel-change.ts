import { Change, ChangeId } from '../../changes/answers/change-schemas.ts'
import { Cancelling } from '../../changes/answers/decision-schemas.ts'
import { defineOperation } from '../../operation.ts'
import { answerSettled } from '../answer-change.ts'
import { noPermission } from '../permissions.ts'

export const cancelChange = defineOperation({
  id: 'cancelChange',
  method: 'POST',
  path: '/v1/changes/{changeId}/cancel',
  summary: 'Call off a change that has not begun, or the planned revert of one that was applied',
  description:
    'Where approval is needed to keep for good what was to be taken back, the answer is 202 with a change of its own, of kind `extend`, which waits for an approver who has asked for neither; until it is approved the revert stays due. It lapses when the revert is due. With `isDraft` only a plan is called off that nobody has applied yet; what has gone on meanwhile is left as it is, with 409 `change.state.conflict`.',
  effect: 'record',
  role: 'operator',
  params: { changeId: ChangeId },
  body: { schema: Cancelling, isOptional: true },
  response: Change,
  statuses: [200, 202],
  permissions: noPermission,
  chat: ['cancel'],
  run: async ({ records }, { params, body }) => answerSettled(await records.cancel(params.changeId, body)),
})
