import { records } from '../../lib/composition/records.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { cancelChange } from '../../lib/operations/changes/cancel-change.ts'

export const handler = lambda(cancelChange, records())
