import { inventories } from '../../lib/composition/inventories.ts'
import { streamed } from '../../lib/http/streamed.ts'
import { listPeriods } from '../../lib/operations/periods/list-periods.ts'

export const handler = streamed(listPeriods, inventories())
