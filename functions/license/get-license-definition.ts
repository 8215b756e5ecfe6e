import { reads } from '../../lib/composition/reads.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { getLicenseDefinition } from '../../lib/operations/license/get-license-definition.ts'

export const handler = lambda(getLicenseDefinition, reads())
