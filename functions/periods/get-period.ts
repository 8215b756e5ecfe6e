import { withPeriodPage } from '../../lib/composition/bindings/with-period-page.ts'
import { inventories } from '../../lib/composition/inventories.ts'
import { streamed } from '../../lib/http/streamed.ts'
import { getPeriod } from '../../lib/operations/periods/get-period.ts'

export const handler = streamed(getPeriod, withPeriodPage(inventories()))
