import { reads } from '../../lib/composition/reads.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { getLicenseToggle } from '../../lib/operations/license/get-license-toggle.ts'

export const handler = lambda(getLicenseToggle, reads())
