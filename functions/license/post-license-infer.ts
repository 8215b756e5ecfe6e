import { reads } from '../../lib/composition/reads.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { postLicenseInfer } from '../../lib/operations/license/post-license-infer.ts'

export const handler = lambda(postLicenseInfer, reads())
