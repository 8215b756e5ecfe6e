import { Change, ChangeId } from '../../changes/answers/change-schemas.ts'
import { defineOperation } from '../../operation.ts'
import { answerSettled } from '../answer-change.ts'
import { noPermission } from '../permissions.ts'

export const pauseChange = defineOperation({
  id: 'pauseChange',
  method: 'POST',
  path: '/v1/changes/{changeId}/pause',
  summary: 'Pause a list: the part under way ends, and no other begins',
  description: 'What the list has done stays. `resume` lets it go on, `cancel` ends it there.',
  effect: 'record',
  role: 'operator',
  params: { changeId: ChangeId },
  response: Change,
  statuses: [200, 202],
  permissions: noPermission,
  chat: ['pause id'],
  run: async ({ records }, { params }) => answerSettled(await records.pause(params.changeId)),
})
