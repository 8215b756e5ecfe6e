import * as z from 'zod/mini'
import { definitionOf } from './definitions.ts'
import type { Truth } from './truth.ts'

/** Genesys's LicenseBatchAssignmentRequest: all three fields are required. */
export const Assignments = z.object({
  assignments: z.array(
    z.object({
      licenseId: z.string(),
      userIdsAdd: z.array(z.string()),
      userIdsRemove: z.array(z.string()),
    }),
  ),
})
export type Assignments = z.output<typeof Assignments>

/** What became of one (user, license) pair. */
export interface OrgUpdateStatus {
  readonly userId: string
  readonly licenseId: string
  readonly result: string
}

/**
 * Applies a batch and answers one status for each (user, license), in order of first mention. Adding what is held
 * and removing what is not succeed. Within an assignment, adds come before removes. An unknown user or license fails
 * alone. The contract has `result` as free text and names no values ([?]), so these three texts are our choice.
 */
export function applyAssignments(truth: Truth, assignments: Assignments['assignments']): OrgUpdateStatus[] {
  const held = new Map<number, Set<string>>()
  const statuses = new Map<string, OrgUpdateStatus>()

  function settle(userId: string, licenseId: string, isAdd: boolean): void {
    const index = truth.indexOf(userId)
    let result = 'SUCCESS'
    if (index === undefined) result = 'FAILURE: user not found'
    else if (!definitionOf(licenseId)) result = 'FAILURE: license not found'
    else {
      const licenses = held.get(index) ?? new Set(truth.now.licensesOf(index))
      if (isAdd) licenses.add(licenseId)
      else licenses.delete(licenseId)
      held.set(index, licenses)
    }
    statuses.set(JSON.stringify([userId, licenseId]), { userId, licenseId, result })
  }

  for (const { licenseId, userIdsAdd, userIdsRemove } of assignments) {
    for (const userId of userIdsAdd) settle(userId, licenseId, true)
    for (const userId of userIdsRemove) settle(userId, licenseId, false)
  }
  truth.assign(new Map([...held].map(([index, licenses]) => [index, [...licenses]])))
  return [...statuses.values()]
}
