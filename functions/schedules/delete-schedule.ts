import { schedules } from '../../lib/composition/schedules.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { deleteSchedule } from '../../lib/operations/schedules/delete-schedule.ts'

export const handler = lambda(deleteSchedule, schedules())
