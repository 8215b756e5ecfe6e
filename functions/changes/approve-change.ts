import { writes } from '../../lib/composition/writes.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { approveChange } from '../../lib/operations/approve-change.ts'

export const handler = lambda(approveChange, writes())
