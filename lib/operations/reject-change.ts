import { Change, ChangeId } from '../changes/models.ts'
import { defineOperation } from '../operation.ts'
import { settled } from './change-reply.ts'
import { noPermission } from './permissions.ts'

export const rejectChange = defineOperation({
  id: 'rejectChange',
  method: 'POST',
  path: '/v1/changes/{changeId}/reject',
  summary: 'Reject a change that waits for approval',
  effect: 'record',
  role: 'approver',
  params: { changeId: ChangeId },
  response: Change,
  permissions: noPermission,
  run: async ({ records }, { params }) => settled(await records.reject(params.changeId)),
})
