import { schedules } from '../../lib/composition/schedules.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { rejectSchedule } from '../../lib/operations/schedules/reject-schedule.ts'

export const handler = lambda(rejectSchedule, schedules())
