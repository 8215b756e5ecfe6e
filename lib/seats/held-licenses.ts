/** Which licenses there is something to say of. */
import type { HeldCounts } from '../inventory/inventory-port.ts'
import type { LicenseRules } from '../license-terms.ts'
import type { LicenseSeats } from './seats-port.ts'

type HeldLicense = Pick<LicenseSeats, 'licenseId' | 'held' | 'unknown'>

/** Those that anybody holds and those that the org file names, by id; as Genesys spells it where anybody holds it. */
export function licensesOf(
  { counts }: Pick<HeldCounts, 'counts'>,
  { licenses = {} }: LicenseRules,
): HeldLicense[] {
  const found = new Map<string, HeldLicense>()
  for (const { licenseId, held, unknown } of counts) {
    found.set(licenseId.toLowerCase(), { licenseId, held, unknown: unknown || undefined })
  }
  for (const licenseId of Object.keys(licenses)) {
    if (!found.has(licenseId.toLowerCase())) found.set(licenseId.toLowerCase(), { licenseId, held: 0 })
  }
  return [...found.values()].sort((a, b) => (a.licenseId < b.licenseId ? -1 : 1))
}
