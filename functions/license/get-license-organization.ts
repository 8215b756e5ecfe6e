import { reads } from '../../lib/composition/reads.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { getLicenseOrganization } from '../../lib/operations/get-license-organization.ts'

export const handler = lambda(getLicenseOrganization, reads())
