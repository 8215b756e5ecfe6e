import { records } from '../../lib/composition/records.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { rejectChange } from '../../lib/operations/changes/reject-change.ts'

export const handler = lambda(rejectChange, records())
