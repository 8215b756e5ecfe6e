/** The registry: every HTTP operation of the gateway, in the order documents list them. */
import type { Operation } from '../operation.ts'
import { applyChange } from './apply-change.ts'
import { approveChange } from './approve-change.ts'
import { approveSchedule } from './approve-schedule.ts'
import { cancelChange } from './cancel-change.ts'
import { createChange } from './create-change.ts'
import { createSchedule } from './create-schedule.ts'
import { deleteSchedule } from './delete-schedule.ts'
import { getCapabilities } from './get-capabilities.ts'
import { getChange } from './get-change.ts'
import { getChangeResults } from './get-change-results.ts'
import { getLicenseDefinition } from './get-license-definition.ts'
import { getLicenseDefinitions } from './get-license-definitions.ts'
import { getLicenseOrganization } from './get-license-organization.ts'
import { getLicenseToggle } from './get-license-toggle.ts'
import { getLicenseUser } from './get-license-user.ts'
import { getLicenseUsers } from './get-license-users.ts'
import { getOpenApi } from './get-open-api.ts'
import { getSchedule } from './get-schedule.ts'
import { listChanges } from './list-changes.ts'
import { listSchedules } from './list-schedules.ts'
import { listUsers } from './list-users.ts'
import { postLicenseInfer } from './post-license-infer.ts'
import { postLicenseInferPermissions } from './post-license-infer-permissions.ts'
import { postLicenseOrganization } from './post-license-organization.ts'
import { postLicenseToggle } from './post-license-toggle.ts'
import { postLicenseUsers } from './post-license-users.ts'
import { putToggle } from './put-toggle.ts'
import { rejectChange } from './reject-change.ts'
import { settleChange } from './settle-change.ts'
import { undoChange } from './undo-change.ts'

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
  listUsers,
  putToggle,
  createChange,
  listChanges,
  getChange,
  getChangeResults,
  applyChange,
  approveChange,
  rejectChange,
  cancelChange,
  undoChange,
  settleChange,
  createSchedule,
  listSchedules,
  getSchedule,
  approveSchedule,
  deleteSchedule,
  getCapabilities,
  getOpenApi,
]
