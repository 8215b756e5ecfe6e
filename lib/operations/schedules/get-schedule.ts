import { Schedule, ScheduleId } from '../../changes/answers/schedule-schemas.ts'
import { defineOperation } from '../../operation.ts'
import { noPermission } from '../permissions.ts'

export const getSchedule = defineOperation({
  id: 'getSchedule',
  method: 'GET',
  path: '/v1/schedules/{scheduleId}',
  summary: 'A schedule, and the last change that it made',
  description: '`lastChangeId` names that change; each one names the schedule as its `actor`.',
  effect: 'record',
  role: 'viewer',
  params: { scheduleId: ScheduleId },
  response: Schedule,
  permissions: noPermission,
  run: ({ records }, { params }) => records.schedule(params.scheduleId),
})
