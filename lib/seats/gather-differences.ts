/** What the differences of a period come to: how many were given, taken and changed outside, and who is behind an overage. */
import type { Difference, Inventory } from '../inventory/inventory-port.ts'
import { utcDayOf } from '../utc-day.ts'
import type { LicensePeriod, PersonBehind } from './seats-port.ts'
import { type Counted, lastWithin, overageOf } from './weigh-days.ts'

/** People listed behind one overage; of more the number is told. */
const MAX_PEOPLE = 1_000

interface Moves {
  readonly given: number
  readonly taken: number
  readonly changedOutside: number
}

const none: Moves = { given: 0, taken: 0, changedOutside: 0 }

export interface Gathered {
  /** In the period, of a license by its id in any case. */
  movesOf(licenseId: string): Moves
  /** The earliest first, of a license that is over its seats, from the time on that was asked for. */
  differencesOf(licenseId: string): readonly Difference[]
}

/**
 * @param over licenses over their seats by their ids, and from when on each of their differences is wanted, epoch milliseconds.
 * @throws GatewayError as the inventory's.
 */
export async function gatherDifferences(
  inventory: Pick<Inventory, 'differences'>,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
  over: ReadonlyMap<string, number>,
): Promise<Gathered> {
  const moves = new Map<string, Moves>()
  const wantedFrom = new Map([...over].map(([id, sinceMs]) => [id.toLowerCase(), sinceMs]))
  const kept = new Map<string, Difference[]>()
  const beginMs = Math.min(fromMs, ...wantedFrom.values())
  for await (const difference of inventory.differences(beginMs, untilMs)) {
    const id = difference.licenseId.toLowerCase()
    if (difference.atMs >= fromMs) moves.set(id, withMove(moves.get(id) ?? none, difference))
    const sinceMs = wantedFrom.get(id)
    if (sinceMs === undefined || difference.atMs < sinceMs) continue
    const list = kept.get(id) ?? []
    list.push(difference)
    kept.set(id, list)
  }
  return {
    movesOf: (licenseId) => moves.get(licenseId.toLowerCase()) ?? none,
    differencesOf: (licenseId) => kept.get(licenseId.toLowerCase()) ?? [],
  }
}

function withMove(moves: Moves, { by, isGiven }: Difference): Moves {
  if (by === 'outside') return { ...moves, changedOutside: moves.changedOutside + 1 }
  return isGiven ? { ...moves, given: moves.given + 1 } : { ...moves, taken: moves.taken + 1 }
}

/** The first count on record: on the day on which records begin there may have been another before the day's last. */
export function firstOf(all: readonly Counted[], recordsFromMs: number): Counted | undefined {
  const [first] = all
  return first?.day === utcDayOf(recordsFromMs) ? { ...first, atMs: recordsFromMs } : first
}

type Behind = 'overSince' | 'isOverFromFirst' | 'heldFromFirst' | 'people' | 'morePeople'

/**
 * Since when a license is over its seats, and who is behind it.
 *
 * @param differences since the last count within the seats, else since the first one; the earliest first.
 * @param seatsOn what was paid for on a day, where that is known.
 */
export function behindOverage(
  {
    held,
    over,
    all,
    recordsFromMs,
  }: Pick<LicensePeriod, 'held' | 'over'> & {
    readonly all: readonly Counted[]
    readonly recordsFromMs: number
  },
  differences: readonly Difference[],
  seatsOn: (day: string) => number | undefined,
): Pick<LicensePeriod, Behind> {
  if (held === undefined || !over) return { people: [] }
  const first = lastWithin(all) ? undefined : firstOf(all, recordsFromMs)
  const gained = differences.reduce((sum, { isGiven }) => sum + (isGiven ? 1 : -1), 0)
  const known = first ? [{ ...first, held: held - gained }, ...all] : all
  const { sinceDay, fromMs } = overageOf(known, differences, seatsOn)
  const { people, more } = givenAndHeld(differences, fromMs ?? 0)
  const heldFromFirst = Math.max(0, held - people.length - more)
  return {
    overSince: sinceDay,
    ...(fromMs === undefined ? { isOverFromFirst: true, heldFromFirst } : {}),
    people,
    morePeople: more || undefined,
  }
}

/** Who was given a license since a time and holds it still, the latest first. */
function givenAndHeld(
  differences: readonly Difference[],
  fromMs: number,
): { readonly people: readonly PersonBehind[]; readonly more: number } {
  const last = new Map<string, Difference>()
  for (const difference of differences) {
    if (difference.atMs < fromMs) continue
    const id = difference.userId.toLowerCase()
    // One that comes again comes last.
    last.delete(id)
    last.set(id, difference)
  }
  const given = [...last.values()].filter(({ isGiven }) => isGiven).reverse()
  const people = given
    .slice(0, MAX_PEOPLE)
    .map(({ userId, atMs, afterMs, by }): PersonBehind => ({ userId, sinceMs: atMs, afterMs, by }))
  return { people, more: given.length - people.length }
}
