/** What whoever confirms a plan should know: prerequisites that would be missing, and users upstream does not know. */
import type { GenesysReads } from '../genesys/client.ts'
import type { LicenseDefinition } from '../license/models.ts'
import type { Findings, Holding, Target } from './change.ts'
import { expected } from './render.ts'

/** @throws GatewayError where the definitions cannot be read. */
export async function findingsOf(
  genesys: GenesysReads,
  targets: readonly Target[],
  holdings: readonly Holding[],
): Promise<Findings> {
  const needs = new Map((await genesys.getDefinitions()).map((each) => [each.id, prerequisitesOf(each)]))
  const after = new Map(
    holdings.map(({ userId, licenses }) => [userId, new Set(expected(userId, licenses, targets))]),
  )
  const missingPrerequisites: Findings['missingPrerequisites'][number][] = []
  const contradictions: Findings['contradictions'][number][] = []
  const unknownUsers = new Set<string>()

  for (const target of targets) {
    if (!('userId' in target)) continue
    const { userId, licenseId, desired } = target
    const held = after.get(userId)
    if (!held) {
      unknownUsers.add(userId)
      continue
    }
    if (desired) {
      const prerequisites = (needs.get(licenseId) ?? []).filter((each) => !held.has(each))
      if (prerequisites.length > 0) missingPrerequisites.push({ userId, licenseId, prerequisites })
    } else {
      const neededBy = [...held].filter((each) => needs.get(each)?.includes(licenseId))
      if (neededBy.length > 0) contradictions.push({ userId, licenseId, neededBy })
    }
  }
  return { missingPrerequisites, contradictions, unknownUsers: [...unknownUsers] }
}

function prerequisitesOf({ prerequisites }: LicenseDefinition): string[] {
  return (prerequisites ?? []).map(({ id }) => id)
}
