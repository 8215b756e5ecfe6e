import { records } from '../../lib/composition/records.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { pauseChange } from '../../lib/operations/changes/pause-change.ts'

export const handler = lambda(pauseChange, records())
