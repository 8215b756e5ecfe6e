import { records } from '../../lib/composition/records.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { listSchedules } from '../../lib/operations/schedules/list-schedules.ts'

export const handler = lambda(listSchedules, records())
