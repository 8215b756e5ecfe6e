import { plans } from '../../lib/composition/plans.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { getCapabilities } from '../../lib/operations/get-capabilities.ts'

export const handler = lambda(getCapabilities, plans())
