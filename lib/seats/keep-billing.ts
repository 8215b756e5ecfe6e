/**
 * Asks Genesys's billing once a UTC day what it has to say, and keeps it: contracts' periods, the charges of those that are
 * not long over, billable usage. It is run each minute and, where the day's work is done, costs one read of the ledger.
 * Where billing tells nothing or fails, all else goes on: the org file's seats and calendar months count then.
 */
import type { Clock } from '../clock.ts'
import { GatewayError } from '../errors.ts'
import type { Billing, BillingAnswer } from '../genesys/billing.ts'
import type { Inventory } from '../inventory/inventory-port.ts'
import { DAY_MS, endOfDay, startOfDay, utcDayOf } from '../utc-day.ts'
import {
  contractPeriodsOf,
  type DatedPeriod,
  isToldNoMore,
  monthBefore,
  monthPeriod,
  periodBefore,
  periodsOn,
} from './billing-periods.ts'
import { type BillingLook, type BillingRecords, type KeptPeriod, keyOfPeriod } from './billing-records.ts'
import { gatherAtWork } from './read-told.ts'

/** Told of what came of it; bound to the log. */
export interface BillingLog {
  noteBilling(kept: {
    readonly day: string
    readonly periods: number
    readonly charges: number
    /** Why there are no contracts, or no billable usage. */
    readonly without: readonly string[]
  }): void
  noteBillingFailure(error: unknown, retryAtMs: number): void
}

export interface BillingKeeper {
  /** Asked for only where there is something to ask. */
  readonly openBilling: () => Promise<Billing>
  readonly records: BillingRecords
  readonly inventory: Pick<Inventory, 'counts'>
  readonly clock: Clock
  readonly log: BillingLog
}

/** Without the day's reading billing is not asked before that hour, UTC, since the reading comes first. */
const LATEST_HOUR = 6

/** After a failure. Milliseconds. */
const RETRY_MS = 3_600_000

/** Between two requests, so that one minute has no more than 240 of them. Milliseconds. */
const PACE_MS = 250

/** Periods whose charges are read in one run; the next goes on with the others. */
const PERIODS_A_RUN = 10

/** The year before and the one at work, by months. */
const PERIODS_WITH_CHARGES = 14

/** For so many days after its end a period's charges may still move ([?]: no source says when they are settled). */
const SETTLING_DAYS = 10

/** Ten years of months: what is older is left out, so that one item holds them. */
const MAX_PERIODS = 120

/** A contract has some dozens. */
const MAX_CHARGES = 1_000

/** Said of what was told too long ago. */
const CONTRACT_GONE = 'the contract is told no more, so its seats count for today no longer'

interface OpenKeeper extends BillingKeeper {
  readonly billing: Billing
}

/** What a night of work has found. */
interface Found {
  charges: number
  readonly without: string[]
}

/** @throws GatewayError `ledger.unavailable` */
export async function keepBilling(keeper: BillingKeeper): Promise<void> {
  const { records, clock, log } = keeper
  const nowMs = clock.nowMs()
  const seen = await records.look()
  if (seen?.doneDay === utcDayOf(nowMs) || nowMs < (seen?.retryAtMs ?? 0)) return
  if (!(await isTimeTo(keeper, nowMs))) return
  const found: Found = { charges: 0, without: [] }
  let look: BillingLook = { ...seen, version: (seen?.version ?? 0) + 1, retryAtMs: undefined }
  try {
    const billing = await keeper.openBilling()
    for await (const next of workOf({ ...keeper, billing }, look, nowMs, found)) look = next
  } catch (error) {
    if (isLedgers(error)) throw error
    look = { ...look, retryAtMs: nowMs + RETRY_MS }
    log.noteBillingFailure(error, nowMs + RETRY_MS)
  }
  const isKept = await records.putLook(look, seen, await gatherAtWork(records, look, utcDayOf(nowMs)))
  const { doneDay: day, contracts } = look
  if (isKept && day !== undefined && day !== seen?.doneDay) {
    log.noteBilling({ day, periods: contracts?.periods.length ?? 0, ...found })
  }
}

/** Billing comes after the day's reading of who holds what, and does not wait for it for ever. */
async function isTimeTo({ inventory }: BillingKeeper, nowMs: number): Promise<boolean> {
  if (new Date(nowMs).getUTCHours() >= LATEST_HOUR) return true
  try {
    const { asOfMs } = await inventory.counts()
    return utcDayOf(asOfMs) === utcDayOf(nowMs)
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'reading.unavailable') return true
    throw error
  }
}

/** What is left of the day's work, the look as it is after each step of it. */
async function* workOf(
  keeper: OpenKeeper,
  begun: BillingLook,
  nowMs: number,
  found: Found,
): AsyncGenerator<BillingLook> {
  const today = utcDayOf(nowMs)
  let look = begun
  if (look.atMs === undefined || utcDayOf(look.atMs) !== today) {
    look = lookAfter(look, await keeper.billing.contracts(), nowMs, found)
    yield look
  }
  const stale = stalePeriodsOf(look, nowMs)
  for (const period of stale.slice(0, PERIODS_A_RUN)) {
    await keeper.clock.sleep(PACE_MS)
    await keepCharges(keeper, period, found)
    look = withRead(look, period, nowMs)
    yield look
  }
  if (stale.length > PERIODS_A_RUN) return
  await keepUsage(keeper, look, nowMs, found)
  yield { ...look, doneDay: today }
}

function lookAfter(
  look: BillingLook,
  answer: Awaited<ReturnType<Billing['contracts']>>,
  atMs: number,
  { without }: Found,
): BillingLook {
  if (!answer.isAvailable) {
    without.push(answer.because)
    if (isToldNoMore(look, atMs)) {
      without.push(`${CONTRACT_GONE}; it was told last on ${utcDayOf(look.contracts?.toldAtMs ?? atMs)}`)
    }
    return { ...look, atMs, why: answer.why }
  }
  const known = new Map(look.contracts?.periods.map((period) => [keyOfPeriod(period), period]))
  const listed = answer.value.contracts.flatMap(({ periods }) => periods)
  for (const period of listed) {
    const { readAtMs } = known.get(keyOfPeriod(period)) ?? {}
    known.set(keyOfPeriod(period), { ...period, toldAtMs: answer.readAtMs, readAtMs })
  }
  const newest = [...known.values()].sort((a, b) => ((a.start ?? '') < (b.start ?? '') ? 1 : -1))
  const periods = newest.slice(0, MAX_PERIODS)
  return { ...look, atMs, why: undefined, contracts: { toldAtMs: answer.readAtMs, periods } }
}

/** Periods whose charges may be other than they were when they were last read, the newest first. */
function stalePeriodsOf(look: BillingLook, nowMs: number): readonly KeptPeriod[] {
  if (look.why !== undefined) return []
  const byKey = new Map(look.contracts?.periods.map((period) => [keyOfPeriod(period), period]))
  return contractPeriodsOf(look, nowMs)
    .slice(0, PERIODS_WITH_CHARGES)
    .flatMap(({ key, endDay }) => {
      const period = byKey.get(key)
      const readAtMs = period?.readAtMs
      const isStale =
        readAtMs === undefined ||
        (utcDayOf(readAtMs) !== utcDayOf(nowMs) && readAtMs < endOfDay(endDay) + SETTLING_DAYS * DAY_MS)
      return period && isStale ? [period] : []
    })
}

/** What was kept before stays where billing tells none. */
async function keepCharges(
  { billing, records, clock }: OpenKeeper,
  period: KeptPeriod,
  found: Found,
): Promise<void> {
  const answer = await billing.period(period)
  const key = keyOfPeriod(period)
  if (answer.isAvailable) {
    const charges = answer.value.charges.slice(0, MAX_CHARGES)
    await records.putCharges(key, { readAtMs: answer.readAtMs, charges })
    found.charges += charges.length
    return
  }
  found.without.push(answer.because)
  // That there are none for this org is known: another contract's are then all that there are.
  const isNone = answer.why === 'empty' && (await records.charges([key])).size === 0
  if (isNone) await records.putCharges(key, { readAtMs: clock.nowMs(), charges: [] })
}

function withRead(look: BillingLook, read: KeptPeriod, readAtMs: number): BillingLook {
  const { contracts } = look
  if (!contracts) return look
  const periods = contracts.periods.map((period) => (period === read ? { ...period, readAtMs } : period))
  return { ...look, contracts: { ...contracts, periods } }
}

/** Of the period at work, which it reaches into until yesterday, and of the one before it, until that is whole. */
async function keepUsage(
  { billing, records, clock }: OpenKeeper,
  look: BillingLook,
  nowMs: number,
  { without }: Found,
): Promise<void> {
  const [current, before] = periodsOfUsage(look, nowMs)
  const periods = [current, before].flatMap((each) => each ?? [])
  const kept = await records.usages(periods.map(({ key }) => key))
  for (const { key, startDay, endDay } of periods) {
    const fromMs = startOfDay(startDay)
    const untilMs = Math.min(endOfDay(endDay), startOfDay(utcDayOf(nowMs)))
    if (untilMs <= fromMs || (kept.get(key)?.untilMs ?? 0) >= untilMs) continue
    await clock.sleep(PACE_MS)
    const answer = await billing.billableUsage(fromMs, untilMs)
    if (answer.isAvailable) {
      const usages = answer.value.slice(0, MAX_CHARGES).map(({ name, total }) => ({ name, total }))
      await records.putUsage(key, { fromMs, untilMs, readAtMs: answer.readAtMs, usages })
      continue
    }
    refuseUnfinished(answer)
    without.push(answer.because)
    return
  }
}

/** The report of one that is still being made is asked for again, as after a failure. */
function refuseUnfinished(answer: Exclude<BillingAnswer<unknown>, { isAvailable: true }>): void {
  if (answer.why !== 'notReady') return
  throw new GatewayError('upstream.unavailable', answer.because)
}

function periodsOfUsage(look: BillingLook, nowMs: number): readonly (DatedPeriod | undefined)[] {
  const today = utcDayOf(nowMs)
  const periods = contractPeriodsOf(look, nowMs)
  const [current] = periodsOn(today, periods)
  if (current) return [current, periodBefore(current, periods, nowMs)]
  const month = today.slice(0, 7)
  return [monthPeriod(month, nowMs), monthPeriod(monthBefore(month), nowMs)]
}

function isLedgers(error: unknown): boolean {
  return error instanceof GatewayError && error.code.startsWith('ledger.')
}
