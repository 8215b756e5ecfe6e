import { reads } from '../../lib/composition/reads.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { getLicenseUser } from '../../lib/operations/license/get-license-user.ts'

export const handler = lambda(getLicenseUser, reads())
