import { schedules } from '../../lib/composition/schedules.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { createSchedule } from '../../lib/operations/schedules/create-schedule.ts'

export const handler = lambda(createSchedule, schedules())
