import { writes } from '../../lib/composition/writes.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { postLicenseToggle } from '../../lib/operations/license/post-license-toggle.ts'

export const handler = lambda(postLicenseToggle, writes())
