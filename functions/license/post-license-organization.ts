import { writes } from '../../lib/composition/writes.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { postLicenseOrganization } from '../../lib/operations/license/post-license-organization.ts'

export const handler = lambda(postLicenseOrganization, writes())
