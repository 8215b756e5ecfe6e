import { walks } from '../../lib/composition/walks.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { getLicenseOrganization } from '../../lib/operations/license/get-license-organization.ts'

export const handler = lambda(getLicenseOrganization, walks())
