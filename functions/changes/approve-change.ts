import { writes } from '../../lib/composition/writes.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { approveChange } from '../../lib/operations/changes/approve-change.ts'

export const handler = lambda(approveChange, writes())
