import { Change, ChangeId } from '../../changes/answers/change-schemas.ts'
import { Extension } from '../../changes/model/change-order.ts'
import { defineOperation } from '../../operation.ts'
import { answerSettled } from '../answer-change.ts'
import { noPermission } from '../permissions.ts'

export const extendChange = defineOperation({
  id: 'extendChange',
  method: 'POST',
  path: '/v1/changes/{changeId}/extend',
  summary: 'Move the planned revert of an applied change',
  description:
    'To `revertAt`, or to `revertAfter` from now on; to earlier as well. Done at once, and named in the history. Where it is moved to later, and the rules ask for approval of such a change or it was approved with its end, the answer is 202 with a change of its own, of kind `extend`, which waits for an approver who has asked for neither; until it is approved the revert stays due as it was. To keep it for good, cancel the change.',
  effect: 'record',
  role: 'operator',
  params: { changeId: ChangeId },
  body: { schema: Extension },
  response: Change,
  statuses: [200, 202],
  permissions: noPermission,
  chat: ['extend'],
  run: async ({ records }, { params, body }) => answerSettled(await records.extend(params.changeId, body)),
})
