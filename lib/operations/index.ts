/**
 * What the gateway offers over HTTP. Parameters and a body that have passed their schemas come into an operation's `run`,
 * the value to answer goes out; `../operation.ts` says what a declaration holds. Start here, with the registry of all, in
 * the order documents list them; folders are those of the routes.
 */
import type { Operation } from '../operation.ts'
import { applyChange } from './changes/apply-change.ts'
import { approveChange } from './changes/approve-change.ts'
import { cancelChange } from './changes/cancel-change.ts'
import { createChange } from './changes/create-change.ts'
import { endChange } from './changes/end-change.ts'
import { extendChange } from './changes/extend-change.ts'
import { getChange } from './changes/get-change.ts'
import { getChangeResults } from './changes/get-change-results.ts'
import { listChanges } from './changes/list-changes.ts'
import { pauseChange } from './changes/pause-change.ts'
import { rejectChange } from './changes/reject-change.ts'
import { resumeChange } from './changes/resume-change.ts'
import { retryChange } from './changes/retry-change.ts'
import { settleChange } from './changes/settle-change.ts'
import { undoChange } from './changes/undo-change.ts'
import { getCapabilities } from './gateway/get-capabilities.ts'
import { getOpenApi } from './gateway/get-open-api.ts'
import { getLicenseDefinition } from './license/get-license-definition.ts'
import { getLicenseDefinitions } from './license/get-license-definitions.ts'
import { getLicenseOrganization } from './license/get-license-organization.ts'
import { getLicenseToggle } from './license/get-license-toggle.ts'
import { getLicenseUser } from './license/get-license-user.ts'
import { getLicenseUsers } from './license/get-license-users.ts'
import { postLicenseInfer } from './license/post-license-infer.ts'
import { postLicenseInferPermissions } from './license/post-license-infer-permissions.ts'
import { postLicenseOrganization } from './license/post-license-organization.ts'
import { postLicenseToggle } from './license/post-license-toggle.ts'
import { postLicenseUsers } from './license/post-license-users.ts'
import { getLicenseHistory } from './licenses/get-license-history.ts'
import { getMe } from './me/get-me.ts'
import { getPeriod } from './periods/get-period.ts'
import { listPeriods } from './periods/list-periods.ts'
import { createReading } from './readings/create-reading.ts'
import { getReading } from './readings/get-reading.ts'
import { approveSchedule } from './schedules/approve-schedule.ts'
import { createSchedule } from './schedules/create-schedule.ts'
import { deleteSchedule } from './schedules/delete-schedule.ts'
import { getSchedule } from './schedules/get-schedule.ts'
import { listSchedules } from './schedules/list-schedules.ts'
import { rejectSchedule } from './schedules/reject-schedule.ts'
import { getSeatDays } from './seats/get-seat-days.ts'
import { getSeats } from './seats/get-seats.ts'
import { listToggles } from './toggles/list-toggles.ts'
import { putToggle } from './toggles/put-toggle.ts'
import { getUserHistory } from './users/get-user-history.ts'
import { listUsers } from './users/list-users.ts'
import { getWrites } from './writes/get-writes.ts'
import { putWrites } from './writes/put-writes.ts'

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
  getUserHistory,
  getLicenseHistory,
  createReading,
  getReading,
  getSeats,
  getSeatDays,
  listPeriods,
  getPeriod,
  listToggles,
  putToggle,
  createChange,
  listChanges,
  getChange,
  getChangeResults,
  applyChange,
  approveChange,
  rejectChange,
  cancelChange,
  extendChange,
  endChange,
  pauseChange,
  resumeChange,
  retryChange,
  undoChange,
  settleChange,
  createSchedule,
  listSchedules,
  getSchedule,
  approveSchedule,
  rejectSchedule,
  deleteSchedule,
  getWrites,
  putWrites,
  getMe,
  getCapabilities,
  getOpenApi,
]
