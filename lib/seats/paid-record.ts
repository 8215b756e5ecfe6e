/**
 * What was paid for of each license, and from which UTC day on. The org file has no past and a contract's charges may be
 * mapped anew, so what counted on a day is noted on that day, by a chore once a minute, and a period weighs each of its days
 * by the number of that day. Days before the record began go by the org file's first number on it.
 */
import type { Clock } from '../clock.ts'
import { GatewayError } from '../errors.ts'
import type { LicenseRules } from '../license-terms.ts'
import { dayBefore, utcDayOf } from '../utc-day.ts'
import { periodsOn } from './billing-periods.ts'
import type { BillingRecords, PaidRecord, PaidTerm } from './billing-records.ts'
import { type Paid, paidOf, type Told } from './count-paid.ts'
import { type KeptBilling, toldOn } from './read-told.ts'
import type { Seats } from './seats-port.ts'

/** Of one license: years of them, and of some hundred licenses still one item. The earliest go first. */
const MAX_TERMS = 40

/** Notes what counts today, where that is not what counted before. @throws GatewayError `ledger.unavailable` */
export async function keepPaid(work: {
  readonly seats: Pick<Seats, 'now'>
  readonly records: Pick<BillingRecords, 'paid' | 'putPaid'>
  readonly clock: Pick<Clock, 'nowMs'>
}): Promise<void> {
  const { seats, records, clock } = work
  const licenses = await licensesNow(seats)
  if (licenses === undefined) return
  const seen = await records.paid()
  const next = paidRecordAfter(seen, utcDayOf(clock.nowMs()), licenses)
  // Of two at once the other one's stands, and the next minute looks again.
  if (next !== undefined) await records.putPaid(next, seen)
}

/** @returns undefined before the first reading: there is nothing to weigh yet. */
async function licensesNow({ now }: Pick<Seats, 'now'>) {
  try {
    return (await now()).licenses
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'reading.unavailable') return undefined
    throw error
  }
}

/** @returns undefined where the record says so already. Of a day the last number counts. */
export function paidRecordAfter(
  seen: PaidRecord | undefined,
  today: string,
  licenses: readonly (Pick<Paid, 'seats' | 'seatsFrom'> & { readonly licenseId: string })[],
): PaidRecord | undefined {
  const paid = new Map(licenses.map((each) => [each.licenseId.toLowerCase(), each]))
  const known = seen?.terms ?? new Map<string, readonly PaidTerm[]>()
  const terms = new Map<string, readonly PaidTerm[]>()
  let isChanged = seen === undefined
  for (const id of new Set([...known.keys(), ...paid.keys()])) {
    const old = known.get(id) ?? []
    const { seats, seatsFrom = 'none' } = paid.get(id) ?? {}
    const last = old.at(-1) ?? { seats: undefined, seatsFrom: 'none' as const }
    if (last.seats === seats && last.seatsFrom === seatsFrom) {
      if (old.length > 0) terms.set(id, old)
      continue
    }
    isChanged = true
    terms.set(id, [...earlierThan(today, old, seen), { fromDay: today, seats, seatsFrom }].slice(-MAX_TERMS))
  }
  return isChanged
    ? { version: (seen?.version ?? 0) + 1, sinceDay: seen?.sinceDay ?? today, terms }
    : undefined
}

/** Of the record's first day the first number stays: it is what days before go by, though another counts for the day itself. */
function earlierThan(
  today: string,
  terms: readonly PaidTerm[],
  seen: PaidRecord | undefined,
): readonly PaidTerm[] {
  const earlier = terms.filter(({ fromDay }) => fromDay < today)
  const [first] = terms
  if (earlier.length > 0 || first === undefined || seen?.sinceDay !== today) return earlier
  return [{ ...first, fromDay: dayBefore(today) }]
}

/**
 * What counted on a day, by license: of today the org file and billing say it themselves, of other days the record does.
 * What is told of many days is worked out once.
 */
export function paidByDays({
  policy,
  kept,
  record,
  today,
}: {
  readonly policy: LicenseRules
  readonly kept: KeptBilling
  readonly record: PaidRecord | undefined
  readonly today: string
}): (licenseId: string, day: string) => Paid {
  const known = new Map<string, { readonly told: Told; readonly paid: Map<string, Paid> }>()
  return (licenseId, day) => {
    const keys = [day.slice(0, 7), ...periodsOn(day, kept.periods).map(({ key }) => key)].join(' ')
    const { told, paid } = known.get(keys) ?? { told: toldOn(day, kept), paid: new Map<string, Paid>() }
    known.set(keys, { told, paid })
    const now = paid.get(licenseId) ?? paidOf(policy, licenseId, told)
    paid.set(licenseId, now)
    return day === today ? now : paidOnDay(record, licenseId, day, now)
  }
}

/** Where days from that one on began before it was on record what is paid for, and the org file's first number stands for them. */
export function seatsFromDayOf(record: PaidRecord | undefined, fromDay: string): string | undefined {
  if (record === undefined || fromDay >= record.sinceDay) return undefined
  const isTold = [...record.terms.values()].some(([first]) => first?.seatsFrom === 'orgFile')
  return isTold ? record.sinceDay : undefined
}

/** @param paid what billing has told of the day, and the org file as it is now. */
function paidOnDay(record: PaidRecord | undefined, licenseId: string, day: string, paid: Paid): Paid {
  if (record === undefined) return paid
  const { seats, seatsFrom, contractSeats, ...rest } = paid
  const told = seatsFrom === 'contract' ? seats : contractSeats
  const term = termOn(record, licenseId, day)
  if (term?.seats !== undefined) {
    const beside = term.seatsFrom === 'contract' || told === undefined ? {} : { contractSeats: told }
    return { seats: term.seats, seatsFrom: term.seatsFrom, ...beside, ...rest }
  }
  return told === undefined ? { seatsFrom: 'none', ...rest } : { seats: told, seatsFrom: 'contract', ...rest }
}

function termOn({ sinceDay, terms }: PaidRecord, licenseId: string, day: string): PaidTerm | undefined {
  const own = terms.get(licenseId.toLowerCase()) ?? []
  if (day >= sinceDay) return own.findLast(({ fromDay }) => fromDay <= day)
  // A contract's own past is told by its charges.
  const [first] = own
  return first && first.fromDay <= sinceDay && first.seatsFrom === 'orgFile' ? first : undefined
}
