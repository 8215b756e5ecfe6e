import { reads } from '../../lib/composition/reads.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { getLicenseUsers } from '../../lib/operations/license/get-license-users.ts'

export const handler = lambda(getLicenseUsers, reads())
