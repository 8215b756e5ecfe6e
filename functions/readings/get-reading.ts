import { inventories } from '../../lib/composition/inventories.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { getReading } from '../../lib/operations/readings/get-reading.ts'

export const handler = lambda(getReading, inventories())
