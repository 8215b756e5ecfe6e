/**
 * What is paid for and billed of a license: the org file's seats, else the sum of the charges that the org file maps to it.
 * Where one of them is not there, does not tell a figure, or tells it for several orgs together, the figure is absent: a part
 * of a sum is none.
 */
import { type LicenseRules, type LicenseTable, termsOf } from '../license-terms.ts'
import type { KeptCharges, KeptUsage } from './billing-records.ts'
import type { LicenseSeats, PeriodReport } from './seats-port.ts'

/** A charge, and when it was looked at, epoch milliseconds. */
export interface DatedCharge {
  readonly readAtMs: number
  readonly charge: KeptCharges['charges'][number]
}

/** What billing has told of some days. */
export interface Told {
  readonly charges: readonly DatedCharge[]
  /** There are others beside them: of a contract's period that has the day, nobody has told the charges. */
  readonly isInPart?: true | undefined
  readonly usage: KeptUsage | undefined
}

export type Paid = Pick<
  LicenseSeats,
  'seats' | 'seatsFrom' | 'contractSeats' | 'unknownCharges' | 'billed' | 'billedAsOfMs'
>

export function paidOf(rules: LicenseRules, licenseId: string, told: Told): Paid {
  const { seats, charges: names = [] } = termsOf(rules, licenseId) ?? {}
  const wanted = new Set(names.map(comparable))
  const lines = told.isInPart ? [] : linesOf(told.charges, wanted, ({ charge }) => charge.name)
  const prepaid = sumOf(lines, ({ charge }) => quantityOf(charge, charge.prepaid))
  const billed = billedOf(lines) ?? countedOf(told.usage, wanted)
  const rest = { ...billed, ...unknownOf(names, told) }
  if (seats !== undefined) {
    const beside = prepaid === undefined ? {} : { contractSeats: prepaid }
    return { seats, seatsFrom: 'orgFile', ...beside, ...rest }
  }
  return prepaid === undefined
    ? { seatsFrom: 'none', ...rest }
    : { seats: prepaid, seatsFrom: 'contract', ...rest }
}

/** Those of all names; none where one of the names has none. */
function linesOf<T>(
  lines: readonly T[],
  names: ReadonlySet<string>,
  nameOf: (line: T) => string,
): readonly T[] {
  const found = lines.filter((line) => names.has(comparable(nameOf(line))))
  return new Set(found.map((line) => comparable(nameOf(line)))).size === names.size ? found : []
}

/** Where billing tells no charges at all, or not of each contract, nobody knows which there are. */
function unknownOf(names: readonly string[], { charges, isInPart }: Told): Pick<Paid, 'unknownCharges'> {
  if (charges.length === 0 || isInPart) return {}
  const there = new Set(charges.map(({ charge }) => comparable(charge.name)))
  const unknown = names.filter((name) => !there.has(comparable(name)))
  return unknown.length === 0 ? {} : { unknownCharges: unknown }
}

/** How many are held beyond the seats; undefined where one of the two is not known. */
export function excessOf(held: number | undefined, seats: number | undefined): number | undefined {
  return held === undefined || seats === undefined ? undefined : Math.max(0, held - seats)
}

/** Charges that count for no license, and names of billable usage that neither a charge has nor anybody maps. */
export function unmappedOf(licenses: LicenseTable = {}, { charges, usage }: Told): PeriodReport['unmapped'] {
  const mapped = new Set(Object.values(licenses).flatMap((each) => (each.charges ?? []).map(comparable)))
  const charged = new Set(charges.map(({ charge }) => comparable(charge.name)))
  const used = (usage?.usages ?? []).filter(({ name }) => !charged.has(comparable(name)))
  return [
    ...charges.flatMap(({ charge }) => {
      const isShared = charge.covers === 'shared'
      if (!isShared && mapped.has(comparable(charge.name))) return []
      const line = { charge: charge.name, prepaid: charge.prepaid, billed: charge.actual }
      return [isShared ? { ...line, isShared: true as const } : line]
    }),
    ...used
      .filter(({ name }) => !mapped.has(comparable(name)))
      .map(({ name, total }) => ({ charge: name, isUsage: true as const, billed: total })),
  ]
}

function billedOf(lines: readonly DatedCharge[]): Pick<Paid, 'billed' | 'billedAsOfMs'> | undefined {
  const billed = sumOf(lines, ({ charge }) => quantityOf(charge, charge.actual))
  return billed === undefined
    ? undefined
    : { billed, billedAsOfMs: Math.min(...lines.map(({ readAtMs }) => readAtMs)) }
}

/** By billable usage, which reaches to a day's end. */
function countedOf(usage: KeptUsage | undefined, wanted: ReadonlySet<string>) {
  const lines = linesOf(usage?.usages ?? [], wanted, ({ name }) => name)
  const billed = sumOf(lines, ({ total }) => total)
  return usage === undefined || billed === undefined ? undefined : { billed, billedAsOfMs: usage.untilMs }
}

/** What several orgs have together is not this one's. */
function quantityOf({ covers }: DatedCharge['charge'], quantity: number | undefined): number | undefined {
  return covers === 'shared' ? undefined : quantity
}

/** @returns undefined of nothing, and where one is not known. */
function sumOf<T>(all: readonly T[], quantity: (each: T) => number | undefined): number | undefined {
  let sum: number | undefined
  for (const each of all) {
    const known = quantity(each)
    if (known === undefined) return undefined
    sum = (sum ?? 0) + known
  }
  return sum
}

/** Case and blanks at the ends tell no charges apart. */
function comparable(name: string): string {
  return name.normalize('NFC').trim().toLowerCase()
}
