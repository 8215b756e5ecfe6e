import { reads } from '../../lib/composition/reads.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { postLicenseInferPermissions } from '../../lib/operations/license/post-license-infer-permissions.ts'

export const handler = lambda(postLicenseInferPermissions, reads())
