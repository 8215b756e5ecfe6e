import { records } from '../../lib/composition/records.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { approveSchedule } from '../../lib/operations/approve-schedule.ts'

export const handler = lambda(approveSchedule, records())
