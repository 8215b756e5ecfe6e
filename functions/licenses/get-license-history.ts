import { inventories } from '../../lib/composition/inventories.ts'
import { streamed } from '../../lib/http/streamed.ts'
import { getLicenseHistory } from '../../lib/operations/licenses/get-license-history.ts'

export const handler = streamed(getLicenseHistory, inventories())
