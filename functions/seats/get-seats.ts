import { inventories } from '../../lib/composition/inventories.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { getSeats } from '../../lib/operations/seats/get-seats.ts'

export const handler = lambda(getSeats, inventories())
