/** The lines of a period: what is paid for and counted of each license, and what no license is. */
import { DAY_MS } from '../people/logins.ts'
import { initialLicenses } from '../people/people.ts'
import type { Truth } from '../truth.ts'
import type { OrgContract, OrgName } from './billing.ts'
import { chargeName, type LicenseCharge, licenseCharges } from './charges.ts'
import { type Between, billedByLogin, peaks } from './counting.ts'
import type { ContractMonth } from './periods.ts'

export const CURRENCY = 'EUR'

/** Who else is on a contract that covers several. */
const OTHER: OrgName = { id: '7d3b0f52-9c1e-4a86-8f0d-2b5e6c7a8d91', name: 'Sister org' }

/** Whom a contract is for. */
export function organizationsOf(org: OrgName, { covers }: OrgContract): readonly OrgName[] {
  if (covers === 'shared') return [org, OTHER]
  return covers === 'others' ? [OTHER] : [org]
}

interface At {
  readonly truth: Truth
  readonly period: ContractMonth
  readonly nowMs: number
}

/** What a period charges, a line each. */
export function chargesOf(
  org: OrgName,
  contract: OrgContract,
  { truth, period, nowMs }: At,
): readonly object[] {
  const { covers, isSparse } = contract
  // Billing reaches to the day before.
  const untilMs = Math.min(period.untilMs, Math.floor(nowMs / DAY_MS) * DAY_MS)
  const actual = actualOf(truth, contract, { fromMs: period.fromMs, untilMs })
  const licenses = licenseCharges.flatMap((charge) => {
    const counted = { prepaid: seatsOf(truth, contract, charge), actual: actual.get(charge.licenseId) ?? 0 }
    if (counted.prepaid === 0 && counted.actual === 0) return []
    const shown = covers === 'others' ? [OTHER] : [org]
    const line = lineOf(contract, charge, shown, counted)
    if (covers !== 'shared') return [line]
    return [line, lineOf(contract, charge, [OTHER], { prepaid: 40, actual: 41 })]
  })
  return isSparse ? licenses : [...licenses, requestsLine(organizationsOf(org, contract))]
}

function actualOf(truth: Truth, { counting }: OrgContract, stretch: Between): ReadonlyMap<string, number> {
  if (counting === 'concurrent') return peaks(truth, stretch)
  return new Map([...billedByLogin(truth, stretch)].map(([id, billed]) => [id, billed.length]))
}

const SEATS_IN_FIVES = 5

function seatsOf({ users }: Truth, { seats }: OrgContract, { licenseId }: LicenseCharge): number {
  if (seats) return seats[licenseId] ?? 0
  let holders = 0
  for (let index = 0; index < users; index++) if (initialLicenses(index).includes(licenseId)) holders += 1
  return Math.ceil(holders / SEATS_IN_FIVES) * SEATS_IN_FIVES
}

function lineOf(
  { counting, isSparse }: OrgContract,
  charge: LicenseCharge,
  organizations: readonly OrgName[],
  { prepaid, actual }: { readonly prepaid: number; readonly actual: number },
) {
  const name = chargeName(charge, counting)
  const { sku, price } = charge
  // Told of nobody, and neither what was paid for nor what is over it.
  if (isSparse) return { id: `charge-${sku}`, name, actualQuantity: actual }
  const over = Math.max(0, actual - prepaid)
  return {
    id: `charge-${sku}`,
    name,
    product: { id: `product-${sku}`, sku, name, unitOfMeasure: 'User' },
    organizations,
    prepaidQuantity: prepaid,
    fairuseQuantity: 0,
    actualQuantity: actual,
    overageQuantity: over,
    overageRate: price,
    overageCharge: Number((over * price).toFixed(2)),
    overageCurrency: CURRENCY,
  }
}

/** What no license is. */
function requestsLine(organizations: readonly OrgName[]) {
  const name = 'Genesys Cloud API Requests'
  return {
    id: 'charge-GC-API',
    name,
    product: { id: 'product-GC-API', sku: 'GC-API', name, unitOfMeasure: 'Request' },
    organizations,
    prepaidQuantity: 0,
    fairuseQuantity: 1_500_000,
    actualQuantity: 812_345,
    overageQuantity: 0,
    overageRate: 0.0004,
    overageCharge: 0,
    overageCurrency: CURRENCY,
  }
}

export function wallet(org: OrgName) {
  return {
    id: 'wallet-1',
    name: 'AI Experience tokens',
    organizations: [org],
    product: { id: 'product-AI', sku: 'GC-AI', name: 'AI Experience tokens', unitOfMeasure: 'Token' },
    startingBalance: 1_000,
    endingBalance: 940,
    balanceIncrease: 0,
    balanceDecrease: 60,
    balanceConsumption: 60,
    balanceOverage: 0,
    balanceOverageRate: 1.43,
    balanceOverageCharge: 0,
    balanceOverageCurrency: CURRENCY,
    unitOfMeasure: 'Token',
  }
}
