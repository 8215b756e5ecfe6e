/**
 * Seats of the contract: how many are taken, and how many would be. Counts are sets over the last reading of who holds
 * what, with what the journal has seen since; what is not known is told as such.
 */

import { termsOf } from '../../license-terms.ts'
import { isOverSeats, isTakenOver, type Reading, type SeatCount, type Target } from '../model/change.ts'
import type { Impact } from '../model/header.ts'
import { CLOCK_ALLOWANCE_MS } from '../model/timing.ts'
import type { Desk, SeatReading } from '../record/desk.ts'
import { holdingOf, type JournalRow, journalStartOf, lastSeenOf } from '../record/pair-journal.ts'
import { type Coming, findComing } from './find-coming.ts'

/** Of one license: who holds it, as far as is known. */
export interface Occupancy {
  readonly licenseId: string
  /** Paid for; undefined where nobody has told. */
  readonly seats: number | undefined
  /** When the reading below it began; undefined where there is none, and then nothing is known. */
  readonly asOfMs: number | undefined
  /** Whether nobody is missing in that reading; not known where absent. */
  readonly isWhole?: boolean | undefined
  readonly held: ReadonlySet<string>
  /** Those of whom it is not known. */
  readonly unknown: ReadonlySet<string>
}

/** What was read of an order's targets. */
export interface DatedValues {
  readonly atMs: number
  /** In the order of the targets. */
  readonly values: readonly Reading[]
}

/** The last reading, and what the gateway has seen since. */
export interface HoldingsKnown {
  readonly reading: SeatReading
  readonly rows: readonly JournalRow[]
}

export type CountingDesk = Pick<Desk, 'ledger' | 'clock' | 'policy' | 'seats'>

/** Whether the org file says what the contract has of a license, whichever case its id is written in. */
function isCounted(policy: Desk['policy'], licenseId: string): boolean {
  return termsOf(policy, licenseId) !== undefined
}

/**
 * @returns the seats of those licenses that the org file has something of: its own number, else the contract's; undefined
 *   where Genesys's billing has not told it.
 * @throws GatewayError `ledger.unavailable`
 */
export async function readSeats(
  { policy, seats: readings }: Pick<Desk, 'policy' | 'seats'>,
  licenseIds: readonly string[],
): Promise<ReadonlyMap<string, number | undefined>> {
  const seats = new Map<string, number | undefined>()
  for (const licenseId of new Set(licenseIds)) {
    const terms = termsOf(policy, licenseId)
    if (terms) seats.set(licenseId, terms.seats ?? (await readings.contractSeats?.(licenseId)))
  }
  return seats
}

/**
 * @param looked what was read of `targets` besides.
 * @param stand reads who holds what, where somebody else needs that too.
 * @throws GatewayError `ledger.unavailable`
 */
export async function readOccupancies(
  { ledger, clock, policy, seats: readings }: CountingDesk,
  licenseIds: readonly string[],
  targets: readonly Target[] = [],
  looked?: DatedValues,
  stand: () => Promise<HoldingsKnown | undefined> = () =>
    readHoldingsKnown({ ledger, clock, seats: readings }),
): Promise<readonly Occupancy[]> {
  const told = await readSeats({ policy, seats: readings }, licenseIds)
  const counted = [...new Set(licenseIds)].map((licenseId) => ({ licenseId, seats: told.get(licenseId) }))
  if (counted.length === 0) return []
  const standing = await stand()
  if (!standing) {
    // Of a license of which neither is known there is nothing to say.
    const told = counted.filter(({ seats }) => seats !== undefined)
    return told.map((each) => ({ ...each, asOfMs: undefined, held: new Set(), unknown: new Set() }))
  }
  const { reading, rows } = standing
  return counted.map((each) => {
    const own = ownReadings(each.licenseId, targets, looked)
    const { atMs: asOfMs, isWhole } = reading
    return { ...each, asOfMs, isWhole, ...holdingAfter(reading, rows, each.licenseId, own) }
  })
}

/** @returns undefined where there is no reading. @throws GatewayError `ledger.unavailable` */
export async function readHoldingsKnown(
  desk: Pick<Desk, 'ledger' | 'clock' | 'seats'>,
): Promise<HoldingsKnown | undefined> {
  const reading = await desk.seats.newest()
  return reading && { reading, rows: await readRowsBeside(desk, reading) }
}

/** Who holds a license by a reading, and by what has been done since. @throws GatewayError `ledger.unavailable` */
export async function readHoldersSince(
  desk: Pick<Desk, 'ledger' | 'clock'>,
  reading: SeatReading,
  licenseId: string,
): Promise<Pick<Occupancy, 'held' | 'unknown'>> {
  return holdingAfter(reading, await readRowsBeside(desk, reading), licenseId, new Map())
}

function readRowsBeside(
  { ledger, clock }: Pick<Desk, 'ledger' | 'clock'>,
  { atMs, journalFromMs = journalStartOf(atMs) }: SeatReading,
) {
  return ledger.journal(journalFromMs, clock.nowMs() + CLOCK_ALLOWANCE_MS)
}

type OwnReadings = ReadonlyMap<string, { readonly isHeld: boolean; readonly atMs: number }>

function holdingAfter(
  reading: SeatReading,
  rows: readonly JournalRow[],
  licenseId: string,
  own: OwnReadings,
): Pick<Occupancy, 'held' | 'unknown'> {
  const holders = reading.holdersOf(licenseId)
  const seen = lastSeenOf(rows, licenseId)
  const held = new Set<string>()
  const unknown = new Set<string>()
  for (const userId of new Set([...holders, ...seen.keys(), ...own.keys()])) {
    const read = {
      isHeld: holders.has(userId),
      atMs: reading.seenAtMsOf?.(userId) ?? reading.atMs,
      isContested: reading.isContested?.(userId, licenseId),
    }
    const nearer = own.get(userId)
    const isHeld = holdingOf(nearer && nearer.atMs >= read.atMs ? nearer : read, seen.get(userId))
    if (isHeld === undefined) unknown.add(userId)
    else if (isHeld) held.add(userId)
  }
  return { held, unknown }
}

function ownReadings(
  licenseId: string,
  targets: readonly Target[],
  looked: DatedValues | undefined,
): OwnReadings {
  const own = new Map<string, { isHeld: boolean; atMs: number }>()
  for (const [index, target] of targets.entries()) {
    const isHeld = looked?.values[index]
    if (!looked || isHeld === undefined || !isOf(target, licenseId)) continue
    own.set(target.userId, { isHeld, atMs: looked.atMs })
  }
  return own
}

/** What an order does to the seats of each of its licenses: those that it takes over first, at last those whose seats nobody has told. */
export function countSeats(
  occupancies: readonly Occupancy[],
  targets: readonly Target[],
  coming: Coming,
): SeatCount[] {
  const counts = occupancies.map((occupancy): SeatCount => {
    const { licenseId, seats, asOfMs, held, unknown } = occupancy
    // Of nothing that was read nothing is said, not even that nobody is unknown.
    if (asOfMs === undefined) return { licenseId, seats }
    const { given, taken } = movesOf(targets, licenseId)
    const after = new Set([...held, ...given].filter((userId) => !taken.has(userId)))
    const others = [...unknown].filter((userId) => !given.has(userId) && !taken.has(userId))
    const open = seats === undefined ? undefined : usersToComeOf(coming, occupancy, given).size
    const isWhole = occupancy.isWhole === false ? false : undefined
    return {
      licenseId,
      seats,
      asOfMs,
      isWhole,
      taken: held.size,
      after: after.size,
      unknown: others.length,
      open,
    }
  })
  return counts.sort((a, b) => concernOf(b) - concernOf(a))
}

/** What an order takes over its seats, for whoever sees the record without its plan; undefined where that is nothing. */
export function excessesOf(counts: readonly SeatCount[] = []): Impact['overSeats'] {
  const over = counts.flatMap(({ licenseId, seats, after, taken, open = 0 }) =>
    seats !== undefined && after !== undefined && isTakenOver({ seats, taken, after, open })
      ? [{ licenseId, seats, after: after + open }]
      : [],
  )
  return over.length === 0 ? undefined : over
}

function concernOf(count: SeatCount): number {
  if (count.seats === undefined) return -1
  return Number(isTakenOver(count)) + Number(isOverSeats(count) === true)
}

/** Whom others will give a license that they do not hold, and this order does not give them. */
export function usersToComeOf(
  coming: Coming,
  { licenseId, held, unknown }: Occupancy,
  given: ReadonlySet<string>,
): ReadonlySet<string> {
  const users = coming.flatMap((each) => [...movesOf(each, licenseId).given])
  return new Set(users.filter((userId) => !held.has(userId) && !unknown.has(userId) && !given.has(userId)))
}

/** Looked at only for licenses with seats. @param own the change that asks, if it is one. @throws GatewayError `ledger.unavailable` */
export async function findComingToSeats(
  desk: CountingDesk,
  licenseIds: readonly string[],
  own?: string,
): Promise<Coming> {
  const counted = licenseIds.filter((licenseId) => isCounted(desk.policy, licenseId))
  return counted.length === 0 ? [] : await findComing(desk, counted, own)
}

/** The licenses that an order gives to anybody. */
export function licensesGivenOf(targets: readonly Target[]): string[] {
  const given = targets.flatMap((target) =>
    'licenseId' in target && target.desired ? [target.licenseId] : [],
  )
  return [...new Set(given)]
}

/** The licenses that an order gives to anybody or takes from anybody. */
export function licensesMovedOf(targets: readonly Target[]): string[] {
  return [...new Set(targets.flatMap((target) => ('licenseId' in target ? [target.licenseId] : [])))]
}

/** Who is given a license and who loses it. */
export function movesOf(targets: readonly Target[], licenseId: string) {
  const given = new Set<string>()
  const taken = new Set<string>()
  for (const target of targets) {
    if (isOf(target, licenseId)) (target.desired ? given : taken).add(target.userId)
  }
  return { given, taken }
}

function isOf(target: Target, licenseId: string): target is Extract<Target, { licenseId: string }> {
  return 'licenseId' in target && target.licenseId.toLowerCase() === licenseId.toLowerCase()
}
