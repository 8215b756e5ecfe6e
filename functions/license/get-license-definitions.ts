import { reads } from '../../lib/composition/reads.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { getLicenseDefinitions } from '../../lib/operations/license/get-license-definitions.ts'

export const handler = lambda(getLicenseDefinitions, reads())
