import { records } from '../../lib/composition/records.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { getSchedule } from '../../lib/operations/schedules/get-schedule.ts'

export const handler = lambda(getSchedule, records())
