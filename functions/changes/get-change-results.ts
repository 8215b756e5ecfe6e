import { records } from '../../lib/composition/records.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { getChangeResults } from '../../lib/operations/changes/get-change-results.ts'

export const handler = lambda(getChangeResults, records())
