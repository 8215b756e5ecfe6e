/** What whoever confirms a plan should know, by the org's own definitions and what each user holds. */
import { GatewayError } from '../../errors.ts'
import type { GenesysReads } from '../../genesys/genesys-reads.ts'
import type { LicenseBatchAssignmentRequest, LicenseDefinition } from '../../genesys/models/licenses.ts'
import { nearestIdIn } from '../../nearest.ts'
import { type Findings, type Holding, licensesAfter, type Target } from '../model/change.ts'

/**
 * @throws GatewayError where the definitions cannot be read; `bad.request` for a license that the org does not have, and
 *   that nobody here holds: what was withdrawn can still be taken away.
 */
export async function checkAssignments(
  genesys: GenesysReads,
  targets: readonly Target[],
  holdings: readonly Holding[],
): Promise<Findings> {
  const definitions = await genesys.getRecentDefinitions((known) => {
    const ids = new Set(known.map(({ id }) => id))
    return targets.every((target) => !('licenseId' in target) || ids.has(target.licenseId))
  })
  const before = new Map(holdings.map(({ userId, licenses }) => [userId, new Set(licenses)]))
  refuseUnknown(definitions, targets, before)
  const needs = new Map(definitions.map(({ id, prerequisites }) => [id, idsOf(prerequisites)]))
  const comprised = comprisedBy(definitions)
  const byUser = Map.groupBy(targets, (target) => ('userId' in target ? target.userId : undefined))
  const after = new Map(
    holdings.map(({ userId, licenses }) => [
      userId,
      new Set(licensesAfter(userId, licenses, byUser.get(userId) ?? [])),
    ]),
  )
  const missingPrerequisites: Findings['missingPrerequisites'][number][] = []
  const contradictions: Findings['contradictions'][number][] = []
  const overlaps: Findings['overlaps'][number][] = []
  const unknownUsers = new Set<string>()

  for (const target of targets) {
    if (!('userId' in target)) continue
    const { userId, licenseId, desired } = target
    const held = after.get(userId)
    if (!held) {
      unknownUsers.add(userId)
      continue
    }
    const others = [...held].filter((each) => each !== licenseId)
    const covers = (needed: string) => held.has(needed) || others.some((each) => comprised(each).has(needed))
    if (!desired) {
      const neededBy = covers(licenseId) ? [] : others.filter((each) => needs.get(each)?.includes(licenseId))
      if (neededBy.length > 0) contradictions.push({ userId, licenseId, neededBy })
      continue
    }
    const prerequisites = (needs.get(licenseId) ?? []).filter(
      (each) => !covers(each) && !comprised(licenseId).has(each),
    )
    if (prerequisites.length > 0) missingPrerequisites.push({ userId, licenseId, prerequisites })
    if (before.get(userId)?.has(licenseId)) continue
    const comprises = others.filter((each) => comprised(licenseId).has(each))
    const isIn = others.filter((each) => comprised(each).has(licenseId))
    if (comprises.length + isIn.length > 0) overlaps.push({ userId, licenseId, comprises, comprisedBy: isIn })
  }
  return { missingPrerequisites, contradictions, overlaps, unknownUsers: [...unknownUsers] }
}

function idsOf(list: readonly { readonly id: string }[] | null | undefined): string[] {
  return (list ?? []).map(({ id }) => id)
}

/** @returns all that a license comprises, what that comprises included. A definition may hold whole ones, or ids alone. */
function comprisedBy(definitions: readonly LicenseDefinition[]): (licenseId: string) => ReadonlySet<string> {
  const direct = new Map<string, string[]>()
  const note = ({ id, comprises }: LicenseDefinition) => {
    if (!comprises || comprises.length === 0) return
    direct.set(id, [...(direct.get(id) ?? []), ...idsOf(comprises)])
    comprises.forEach(note)
  }
  definitions.forEach(note)
  const found = new Map<string, ReadonlySet<string>>()
  return (licenseId) => {
    const known = found.get(licenseId)
    if (known) return known
    const all = new Set<string>()
    const left = [...(direct.get(licenseId) ?? [])]
    for (let each = left.pop(); each !== undefined; each = left.pop()) {
      if (all.has(each)) continue
      all.add(each)
      left.push(...(direct.get(each) ?? []))
    }
    found.set(licenseId, all)
    return all
  }
}

function refuseUnknown(
  definitions: readonly LicenseDefinition[],
  targets: readonly Target[],
  before: ReadonlyMap<string, ReadonlySet<string>>,
): void {
  const known = new Set(definitions.map(({ id }) => id))
  const unknown = new Set<string>()
  const held = new Set<string>()
  for (const target of targets) {
    if (!('userId' in target) || known.has(target.licenseId)) continue
    const { licenseId, userId, desired } = target
    unknown.add(licenseId)
    if (!desired && before.get(userId)?.has(licenseId)) held.add(licenseId)
  }
  const suggest = suggestLicenseIn([...known])
  const faults = [...unknown]
    .filter((licenseId) => !held.has(licenseId))
    .map((licenseId) => ({
      fieldName: 'assignments',
      errorCode: 'UNKNOWN_LICENSE',
      message: sayUnknown(licenseId, suggest),
      entityId: licenseId,
    }))
  const [first] = faults
  if (first) throw new GatewayError('bad.request', first.message, { faults })
}

/** The same, of a body that names such licenses: with where it does. */
export function placeUnknown(error: unknown, { assignments }: LicenseBatchAssignmentRequest): unknown {
  if (!(error instanceof GatewayError) || !error.faults) return error
  const faults = error.faults.flatMap((fault) =>
    assignments.flatMap(({ licenseId }, n) =>
      fault.errorCode === 'UNKNOWN_LICENSE' && fault.entityId === licenseId
        ? [{ ...fault, fieldName: `assignments.${n}.licenseId` }]
        : [],
    ),
  )
  return faults.length === 0 ? error : new GatewayError(error.code, error.message, { faults, cause: error })
}

/** Different names that one request is told what is near: as many as are kept of a list that cannot be planned. */
const MAX_SUGGESTED = 1_000

/**
 * The license that is meant by one that the organization does not have. It is looked for once for each name, however many
 * rows have it; past the first names it is left out, or a file that is bad throughout would take minutes.
 *
 * @param known ids of those that it has.
 */
export function suggestLicenseIn(known: readonly string[]): (written: string) => string | undefined {
  const nearestTo = nearestIdIn(known)
  const found = new Map<string, string | undefined>()
  return (written) => {
    if (found.size < MAX_SUGGESTED && !found.has(written)) found.set(written, nearestTo(written))
    return found.get(written)
  }
}

/** Of a license that the organization does not have: what to do. @param suggest by `suggestLicenseIn`. */
export function sayUnknown(licenseId: string, suggest: (written: string) => string | undefined): string {
  const near = suggest(licenseId)
  const next =
    near === undefined ? 'GET /api/v2/license/definitions lists those it has' : `did you mean ${near}?`
  return `The organization has no license ${licenseId}: ${next}`
}
