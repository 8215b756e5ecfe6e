import { records } from '../../lib/composition/records.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { approveSchedule } from '../../lib/operations/schedules/approve-schedule.ts'

export const handler = lambda(approveSchedule, records())
