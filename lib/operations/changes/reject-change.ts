import { Change, ChangeId } from '../../changes/answers/change-schemas.ts'
import { Rejection } from '../../changes/answers/decision-schemas.ts'
import { defineOperation } from '../../operation.ts'
import { answerSettled } from '../answer-change.ts'
import { noPermission } from '../permissions.ts'

export const rejectChange = defineOperation({
  id: 'rejectChange',
  method: 'POST',
  path: '/v1/changes/{changeId}/reject',
  summary: 'Reject a change that waits for approval',
  description: 'A `reason` is kept with the decision, and told to whoever asked.',
  effect: 'record',
  role: 'approver',
  params: { changeId: ChangeId },
  body: { schema: Rejection, isOptional: true },
  response: Change,
  permissions: noPermission,
  chat: ['reject'],
  run: async ({ records }, { params, body }) =>
    answerSettled(await records.reject(params.changeId, body?.reason)),
})
