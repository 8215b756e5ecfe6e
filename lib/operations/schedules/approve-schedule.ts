import { Decision } from '../../changes/answers/decision-schemas.ts'
import { Schedule, ScheduleId } from '../../changes/answers/schedule-schemas.ts'
import { defineOperation } from '../../operation.ts'
import { answerFrom } from '../answer-change.ts'
import { noPermission } from '../permissions.ts'

export const approveSchedule = defineOperation({
  id: 'approveSchedule',
  method: 'POST',
  path: '/v1/schedules/{scheduleId}/approve',
  summary: 'Approve a schedule that another person made',
  description: 'By the rules of approving a change. The changes that it makes need no approval of their own.',
  effect: 'record',
  role: 'approver',
  params: { scheduleId: ScheduleId },
  body: { schema: Decision },
  response: Schedule,
  permissions: noPermission,
  run: async ({ records }, { params, body }) =>
    answerFrom(await records.approveSchedule(params.scheduleId, body.digest)),
})
