import { inventories } from '../../lib/composition/inventories.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { createReading } from '../../lib/operations/readings/create-reading.ts'

export const handler = lambda(createReading, inventories())
