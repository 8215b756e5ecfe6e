import { Rejection } from '../../changes/answers/decision-schemas.ts'
import { Schedule, ScheduleId } from '../../changes/answers/schedule-schemas.ts'
import { defineOperation } from '../../operation.ts'
import { answerFrom } from '../answer-change.ts'
import { noPermission } from '../permissions.ts'

export const rejectSchedule = defineOperation({
  id: 'rejectSchedule',
  method: 'POST',
  path: '/v1/schedules/{scheduleId}/reject',
  summary: 'Reject a schedule that waits for approval; it stays on record and never fires',
  description: 'A `reason` is kept with the decision, and told to whoever looks at the schedule.',
  effect: 'schedule',
  role: 'approver',
  params: { scheduleId: ScheduleId },
  body: { schema: Rejection, isOptional: true },
  response: Schedule,
  permissions: noPermission,
  run: async ({ schedules }, { params, body }) =>
    answerFrom(await schedules.rejectSchedule(params.scheduleId, body?.reason)),
})
