import { Schedule, ScheduleOrder } from '../../changes/answers/schedule-schemas.ts'
import { defineOperation } from '../../operation.ts'
import { answerCreated } from '../answer-change.ts'
import { noPermission } from '../permissions.ts'

export const createSchedule = defineOperation({
  id: 'createSchedule',
  method: 'POST',
  path: '/v1/schedules',
  summary: 'Have a change made at a time, or again and again',
  description:
    'Exactly one of `at` (a local time), `cron` (six fields, as EventBridge Scheduler has them) and `rate`, in `timeZone` or UTC, and the change as POST /v1/changes takes it. Where the org asks for approval, the schedule waits for it in `AWAITING_APPROVAL` and fires in vain until then.',
  effect: 'schedule',
  role: 'operator',
  params: {},
  body: { schema: ScheduleOrder },
  response: Schedule,
  statuses: [201, 200],
  permissions: noPermission,
  run: async ({ schedules }, { body }) => answerCreated(await schedules.create(body)),
})
