/** What billing has told of a day, or of a period, from what is kept. Nothing is asked of Genesys for it. */
import type { Clock } from '../clock.ts'
import type { Inventory } from '../inventory/inventory-port.ts'
import type { LicenseRules } from '../license-terms.ts'
import { utcDayOf } from '../utc-day.ts'
import {
  contractPeriodsOf,
  type DatedPeriod,
  isToldNoMore,
  monthPeriod,
  periodsOn,
  toldFrom,
} from './billing-periods.ts'
import {
  type BillingAtWork,
  type BillingLook,
  type BillingRecords,
  type KeptCharges,
  type KeptUsage,
  keyOfPeriod,
} from './billing-records.ts'
import { paidOf, type Told } from './count-paid.ts'

/** What seats are counted from. */
export interface SeatSources {
  readonly inventory: Inventory
  readonly records: BillingRecords
  /** The org file's rules. */
  readonly policy: LicenseRules
  readonly clock: Pick<Clock, 'nowMs'>
}

/** All that is kept of some periods. */
export interface KeptBilling extends Gone {
  /** Of contracts, the newest first; none where billing tells none. */
  readonly periods: readonly DatedPeriod[]
  readonly charges: ReadonlyMap<string, KeptCharges>
  readonly usages: ReadonlyMap<string, KeptUsage>
}

interface Gone {
  /** When billing told of contracts last, where that is too long ago to be true of today. Epoch milliseconds. */
  readonly contractGoneSinceMs?: number | undefined
}

/** @param days UTC days; what billing told of the periods that have any of them is read. @throws GatewayError `ledger.unavailable` */
export async function readKeptBilling(
  { records, clock }: Pick<SeatSources, 'records' | 'clock'>,
  daysOf: (periods: readonly DatedPeriod[]) => readonly string[],
): Promise<KeptBilling> {
  const nowMs = clock.nowMs()
  const look = await records.look()
  const periods = contractPeriodsOf(look, nowMs)
  const days = daysOf(periods)
  const touched = days.flatMap((day) => periodsOn(day, periods).map(({ key }) => key))
  const months = days.map((day) => day.slice(0, 7))
  const [charges, usages] = await Promise.all([
    touched.length === 0 ? new Map<string, KeptCharges>() : records.charges([...new Set(touched)]),
    records.usages([...new Set([...touched, ...months])]),
  ])
  return { periods, charges, usages, contractGoneSinceMs: goneSinceMsOf(look, nowMs) }
}

function goneSinceMsOf(look: Pick<BillingLook, 'contracts'> | undefined, nowMs: number): number | undefined {
  return isToldNoMore(look, nowMs) ? look?.contracts?.toldAtMs : undefined
}

/** What billing told of today: by one get, where what is at work is kept. @throws GatewayError `ledger.unavailable` */
export async function readToldToday(sources: Pick<SeatSources, 'records' | 'clock'>): Promise<Told & Gone> {
  const nowMs = sources.clock.nowMs()
  const today = utcDayOf(nowMs)
  const atWork = await sources.records.atWork()
  const kept = atWork
    ? {
        ...atWork,
        periods: contractPeriodsOf(atWork, nowMs),
        contractGoneSinceMs: goneSinceMsOf(atWork, nowMs),
      }
    : await readKeptBilling(sources, () => [today])
  return { ...toldOn(today, kept), contractGoneSinceMs: kept.contractGoneSinceMs }
}

/** Seats that the contract pays for today, for whoever counts a plan's: billing's record is read once, when one is asked for.
 *
 * @returns what a desk's readings ask; undefined is what billing has not told. It throws GatewayError `ledger.unavailable`.
 */
export function contractSeatsFrom({ policy, ...sources }: Omit<SeatSources, 'inventory'>) {
  let told: Promise<Told> | undefined
  return async (licenseId: string): Promise<number | undefined> => {
    told ??= readToldToday(sources)
    return paidOf(policy, licenseId, await told).seats
  }
}

/** What today and the days after it may need of all that is kept, until there is another look. */
export async function gatherAtWork(
  records: Pick<BillingRecords, 'charges' | 'usages'>,
  look: BillingLook,
  today: string,
): Promise<BillingAtWork> {
  const contracts = toldFrom(today, look)
  const keys = (contracts?.periods ?? []).map(keyOfPeriod)
  const [charges, usages] = await Promise.all([
    records.charges(keys),
    records.usages([...keys, today.slice(0, 7)]),
  ])
  return { contracts, charges, usages }
}

/**
 * What was told of a day: the charges of all periods that have it, since what two contracts pay for at once is paid for
 * together, and of one alone is a part; and billable usage of the one that began last, else of the month.
 */
export function toldOn(day: string, { periods, charges, usages }: KeptBilling): Told {
  const on = periodsOn(day, periods)
  const usage = usages.get(on[0]?.key ?? day.slice(0, 7))
  const dated = on.flatMap(({ key }) => {
    const kept = charges.get(key)
    return (kept?.charges ?? []).map((charge) => ({ charge, readAtMs: kept?.readAtMs ?? 0 }))
  })
  const isWhole = on.every(({ key }) => charges.has(key))
  return isWhole ? { charges: dated, usage } : { charges: dated, isInPart: true, usage }
}

/** The period at work: of the contract, else the month. */
export function currentPeriodOf(periods: readonly DatedPeriod[], nowMs: number): DatedPeriod {
  const today = utcDayOf(nowMs)
  return periodsOn(today, periods)[0] ?? monthPeriod(today.slice(0, 7), nowMs)
}
