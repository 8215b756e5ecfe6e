/** A batch of assignments: what makes one valid beyond its shape, and the one order in which it is sent. */
import * as z from 'zod/mini'
import { LicenseAssignmentRequest, type LicenseBatchAssignmentRequest } from './licenses.ts'
import { models } from './model-registry.ts'

/** Most (license, user) pairs one request may carry; larger batches are several requests. */
export const MAX_PAIRS = 500

interface Fault {
  readonly path: (string | number)[]
  readonly message: string
}

function* faultsOfAssignments(assignments: LicenseBatchAssignmentRequest['assignments']): Generator<Fault> {
  /** `license user` -> where it was first named, and in which list. */
  const seen = new Map<string, { list: string; path: string }>()
  for (const [index, { licenseId, userIdsAdd, userIdsRemove }] of assignments.entries()) {
    const at = [index]
    if (userIdsAdd.length + userIdsRemove.length === 0) {
      yield { path: at, message: 'must name somebody in userIdsAdd or userIdsRemove' }
    }
    for (const [list, users] of Object.entries({ userIdsAdd, userIdsRemove })) {
      for (const [position, user] of users.entries()) {
        // Ids are told apart by their letters: Genesys spells each in one way of its own.
        const pair = `${licenseId.toLowerCase()} ${user}`
        const first = seen.get(pair)
        const path = [...at, list, position]
        if (!first) seen.set(pair, { list, path: `assignments.${path.join('.')}` })
        else if (first.list !== list) {
          yield {
            path,
            message: `contradicts ${first.path}: one user cannot both gain and lose ${licenseId}`,
          }
        }
      }
    }
  }
}

/**
 * Assignments that can be carried out: at least one, somebody in each, nobody both given and taken one license. The
 * rules are the list's own, so that whatever has such a list among its members has them too.
 * The number of pairs is checked apart (`countPairs`), since too many is a 413 and not a malformed request.
 */
export const Assignments = z.array(LicenseAssignmentRequest).check(
  z.minLength(1, 'must not be empty'),
  z.check((context) => {
    for (const fault of faultsOfAssignments(context.value)) {
      context.issues.push({ code: 'custom', input: undefined, ...fault })
    }
  }),
)

/** A batch that can be carried out, as Genesys takes it. */
export const ValidBatch = z
  .strictObject({ assignments: Assignments })
  .register(models, { id: 'LicenseBatchAssignmentRequest' })

/** How many (license, user) pairs a batch names, repeats counted. */
export function countPairs({ assignments }: LicenseBatchAssignmentRequest): number {
  return assignments.reduce((sum, each) => sum + each.userIdsAdd.length + each.userIdsRemove.length, 0)
}

/**
 * The same batch in its one canonical form: one assignment a license, licenses and users sorted, repeats dropped.
 * Two requests that ask for the same become the same bytes.
 */
export function canonicalBatchOf({
  assignments,
}: LicenseBatchAssignmentRequest): LicenseBatchAssignmentRequest {
  const byLicense = new Map<string, { add: Set<string>; remove: Set<string> }>()
  for (const { licenseId, userIdsAdd, userIdsRemove } of assignments) {
    const sets = byLicense.get(licenseId) ?? { add: new Set(), remove: new Set() }
    for (const user of userIdsAdd) sets.add.add(user)
    for (const user of userIdsRemove) sets.remove.add(user)
    byLicense.set(licenseId, sets)
  }
  return {
    assignments: [...byLicense].sort(byKey).map(([licenseId, { add, remove }]) => ({
      licenseId,
      userIdsAdd: [...add].sort(),
      userIdsRemove: [...remove].sort(),
    })),
  }
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1)
