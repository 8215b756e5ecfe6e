/** The registry: every HTTP operation of the gateway, in the order documents list them. */
import type { Operation } from '../operation.ts'
import { getLicenseDefinition } from './get-license-definition.ts'
import { getLicenseDefinitions } from './get-license-definitions.ts'
import { getLicenseOrganization } from './get-license-organization.ts'
import { getLicenseToggle } from './get-license-toggle.ts'
import { getLicenseUser } from './get-license-user.ts'
import { getLicenseUsers } from './get-license-users.ts'
import { getOpenApi } from './get-open-api.ts'
import { postLicenseInfer } from './post-license-infer.ts'
import { postLicenseInferPermissions } from './post-license-infer-permissions.ts'
import { postLicenseOrganization } from './post-license-organization.ts'
import { postLicenseToggle } from './post-license-toggle.ts'
import { postLicenseUsers } from './post-license-users.ts'

export const operations: readonly Operation[] = [
  getLicenseDefinitions,
  getLicenseDefinition,
  getLicenseOrganization,
  postLicenseOrganization,
  getLicenseToggle,
  postLicenseToggle,
  getLicenseUser,
  getLicenseUsers,
  postLicenseUsers,
  postLicenseInfer,
  postLicenseInferPermissions,
  getOpenApi,
]
