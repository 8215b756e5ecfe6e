import { records } from '../../lib/composition/records.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { extendChange } from '../../lib/operations/changes/extend-change.ts'

export const handler = lambda(extendChange, records())
