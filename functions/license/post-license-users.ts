import { reads } from '../../lib/composition/reads.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { postLicenseUsers } from '../../lib/operations/license/post-license-users.ts'

export const handler = lambda(postLicenseUsers, reads())
