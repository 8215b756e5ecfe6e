import { inventories } from '../../lib/composition/inventories.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { listPeriods } from '../../lib/operations/periods/list-periods.ts'

export const handler = lambda(listPeriods, inventories())
