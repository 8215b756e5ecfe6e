import type {
  LicenseBatchAssignmentRequest,
  LicenseOrgToggle,
  LicenseUpdateStatus,
} from '../license/models.ts'

/**
 * The one way by which anything is changed upstream. Operations, events and chat know this port only; what stands
 * behind it decides how a change is recorded, sent and verified.
 */
export interface Changes {
  /**
   * Gives and takes licenses.
   *
   * @param batch a valid batch; its canonical form is what is sent.
   * @returns upstream's answer, one entry a (user, license) pair as far as upstream tells.
   * @throws GatewayError `outcome.unknown` where upstream may or may not have applied it.
   */
  assign(batch: LicenseBatchAssignmentRequest): Promise<LicenseUpdateStatus[]>
  /**
   * Switches a license toggle to the opposite of what holds.
   *
   * @returns the toggle as upstream answered it.
   * @throws GatewayError `outcome.unknown` where upstream may or may not have applied it.
   */
  toggle(featureName: string): Promise<LicenseOrgToggle>
}
