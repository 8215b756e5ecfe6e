import { plans } from '../../lib/composition/plans.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { settleChange } from '../../lib/operations/changes/settle-change.ts'

export const handler = lambda(settleChange, plans())
