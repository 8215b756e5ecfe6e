import { records } from '../../lib/composition/records.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { listToggles } from '../../lib/operations/toggles/list-toggles.ts'

export const handler = lambda(listToggles, records())
