/**
 * What a license is called on a bill. "Genesys Cloud CX 2 Concurrent" is Genesys's own example; the other names follow it
 * and are our choice ([?]): no API joins them to license ids. So are the prices, which are there to be left out by whoever reads.
 */
import { definitions } from '../definitions.ts'

/** How a contract counts: whoever logged in, or the most at one time. */
export type BilledBy = 'named' | 'concurrent'

interface Product {
  readonly name: string
  readonly sku: string
  /** For each over the contract, in euro. */
  readonly price: number
}

/** By license id. Of what costs nothing there is none. */
const products: Readonly<Record<string, Product>> = {
  communicate: { name: 'Genesys Cloud EX', sku: 'GC-120-NV-EX', price: 20.03 },
  cloudCX1: { name: 'Genesys Cloud CX 1', sku: 'GC-170-NV-CX1', price: 75.01 },
  cloudCX2: { name: 'Genesys Cloud CX 2', sku: 'GC-170-NV-CX2', price: 115.02 },
  cloudCX3: { name: 'Genesys Cloud CX 3', sku: 'GC-170-NV-CX3', price: 155.07 },
  gc1WEMupgrade: { name: 'Genesys Cloud CX 1 WEM Add-on II', sku: 'GC-170-NV-WEM1', price: 52.11 },
  gc2WEMupgrade: { name: 'Genesys Cloud CX 2 WEM Add-on I', sku: 'GC-170-NV-WEM2', price: 42.13 },
  gcSTAupgrade: { name: 'Genesys Cloud STA Upgrade', sku: 'GC-170-NV-STA', price: 31.17 },
  wallboardUser: { name: 'Genesys Cloud Wallboard User', sku: 'GC-170-NV-WALL', price: 9.19 },
  predictiveEngagementLicense: { name: 'Genesys Predictive Engagement', sku: 'GC-170-NV-PE', price: 12.23 },
  agentAssistOmniLicense: { name: 'Genesys Agent Assist', sku: 'GC-170-NV-AA', price: 40.29 },
  agentAssistLicense: { name: 'Genesys Agent Assist Voice', sku: 'GC-170-NV-AAV', price: 33.31 },
  cxCloudSF: { name: 'CX Cloud from Genesys and Salesforce', sku: 'GC-170-NV-SF', price: 99.37 },
  cxCloudSN: { name: 'CX Cloud from Genesys and ServiceNow', sku: 'GC-170-NV-SN', price: 98.41 },
}

/** Of these the highest alone is billed; in ascending order. */
const tiers = ['collaborate', 'collaboratePro', 'communicate', 'cloudCX1', 'cloudCX2', 'cloudCX3']

export interface LicenseCharge extends Product {
  readonly licenseId: string
}

/** What can be charged, in the order of the definitions. */
export const licenseCharges: readonly LicenseCharge[] = definitions.flatMap(({ id }) => {
  const product = products[id]
  return product ? [{ licenseId: id, ...product }] : []
})

/** The name on the bill. */
export function chargeName({ name }: LicenseCharge, counting: BilledBy): string {
  return `${name} ${counting === 'named' ? 'Named' : 'Concurrent'}`
}

/** What whoever holds all that is billed for: the highest base license, and each add-on. */
export function billedOf(held: ReadonlySet<string>): readonly string[] {
  const highest = tiers.findLast((tier) => held.has(tier))
  return licenseCharges
    .map(({ licenseId }) => licenseId)
    .filter((id) => (tiers.includes(id) ? id === highest : held.has(id)))
}
