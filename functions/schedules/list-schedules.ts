import { records } from '../../lib/composition/records.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { listSchedules } from '../../lib/operations/list-schedules.ts'

export const handler = lambda(listSchedules, records())
