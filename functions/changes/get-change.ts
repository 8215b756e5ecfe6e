import { records } from '../../lib/composition/records.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { getChange } from '../../lib/operations/changes/get-change.ts'

export const handler = lambda(getChange, records())
