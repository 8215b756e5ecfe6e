import { plans } from '../../lib/composition/plans.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { getCapabilities } from '../../lib/operations/gateway/get-capabilities.ts'

export const handler = lambda(getCapabilities, plans())
