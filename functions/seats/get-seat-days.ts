import { inventories } from '../../lib/composition/inventories.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { getSeatDays } from '../../lib/operations/seats/get-seat-days.ts'

export const handler = lambda(getSeatDays, inventories())
