import { writes } from '../../lib/composition/writes.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { applyChange } from '../../lib/operations/changes/apply-change.ts'

export const handler = lambda(applyChange, writes())
