import { records } from '../../lib/composition/records.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { getChangeResults } from '../../lib/operations/get-change-results.ts'

export const handler = lambda(getChangeResults, records())
