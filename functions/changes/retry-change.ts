import { plans } from '../../lib/composition/plans.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { retryChange } from '../../lib/operations/changes/retry-change.ts'

export const handler = lambda(retryChange, plans())
