import { Schedule, ScheduleId } from '../../changes/answers/schedule-schemas.ts'
import { defineOperation } from '../../operation.ts'
import { answerFrom } from '../answer-change.ts'
import { noPermission } from '../permissions.ts'

export const deleteSchedule = defineOperation({
  id: 'deleteSchedule',
  method: 'DELETE',
  path: '/v1/schedules/{scheduleId}',
  summary: 'Delete a schedule; it stays on record and never fires again',
  description:
    'What it has ordered already goes on; those changes are called off or taken back each by itself.',
  effect: 'schedule',
  role: 'operator',
  params: { scheduleId: ScheduleId },
  response: Schedule,
  permissions: noPermission,
  run: async ({ schedules }, { params }) => answerFrom(await schedules.remove(params.scheduleId)),
})
