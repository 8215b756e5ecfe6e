import { Change, ChangeId } from '../changes/models.ts'
import { defineOperation } from '../operation.ts'
import { settled } from './change-reply.ts'
import { noPermission } from './permissions.ts'

export const cancelChange = defineOperation({
  id: 'cancelChange',
  method: 'POST',
  path: '/v1/changes/{changeId}/cancel',
  summary: 'Call off a change that has not begun, or the planned revert of one that was applied',
  effect: 'record',
  role: 'operator',
  params: { changeId: ChangeId },
  response: Change,
  permissions: noPermission,
  run: async ({ records }, { params }) => settled(await records.cancel(params.changeId)),
})
