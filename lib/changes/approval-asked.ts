/** Whether an order waits for a second person: asked here by every door, so that no rule is forgotten on one of them. */
import { type ChangeKind, type Header, MAX_LICENSES_LISTED, type Target } from './change.ts'
import { approvalReasons, isHeldToSeats, type OverSeats } from './policy.ts'
import { licensesGiven, movesOf, type Occupancy, occupancyOf } from './seats.ts'
import type { Desk } from './work.ts'

/** Where the last reading of who holds what is older, nobody knows how many seats are free. Milliseconds. */
const MAX_READING_AGE_MS = 24 * 3_600_000

type Judging = Pick<Desk, 'policy' | 'ledger' | 'clock' | 'seats'>

/**
 * @param occupancies of the licenses that are given, where somebody has just counted them.
 * @returns why a second person must approve it, one sentence for each rule; none where it may go ahead.
 * @throws GatewayError `ledger.unavailable`, where a rule is about seats.
 */
export async function approvalAsked(
  desk: Judging,
  kind: ChangeKind,
  targets: readonly Target[],
  occupancies?: readonly Occupancy[],
): Promise<string[]> {
  return approvalReasons(desk.policy, kind, targets, await overSeats(desk, targets, occupancies))
}

/**
 * The licenses that would be given beyond their seats, or of which nobody knows. It errs on the side of asking: whoever
 * may hold one counts as holding it, and what open changes give is taken.
 */
async function overSeats(
  desk: Judging,
  targets: readonly Target[],
  counted: readonly Occupancy[] | undefined,
): Promise<OverSeats> {
  const held = licensesGiven(targets).filter((licenseId) => isHeldToSeats(desk.policy, licenseId))
  if (held.length === 0) return new Map()
  const occupancies = (counted ?? (await occupancyOf(desk, held))).filter(({ licenseId }) =>
    held.includes(licenseId),
  )
  const about = new Map<string, string>()
  const nowMs = desk.clock.nowMs()
  let open: readonly (readonly Target[])[] | undefined
  for (const occupancy of occupancies) {
    const { licenseId, asOfMs } = occupancy
    const { given, taken } = movesOf(targets, licenseId)
    const gaining = [...given].filter((userId) => !occupancy.held.has(userId))
    if (gaining.length === 0) continue
    if (asOfMs === undefined || nowMs - asOfMs > MAX_READING_AGE_MS) {
      about.set(licenseId, unreadOf(occupancy))
      continue
    }
    open ??= await givenByOpen(desk, held)
    const elsewhere = open.flatMap((each) => [...movesOf(each, licenseId).given])
    const takers = new Set([...occupancy.held, ...occupancy.unknown, ...elsewhere])
    for (const userId of taken) takers.delete(userId)
    const total = new Set([...takers, ...gaining]).size
    if (total > occupancy.seats) about.set(licenseId, beyondOf(occupancy, total, elsewhere.length))
  }
  return about
}

function unreadOf({ licenseId, asOfMs }: Occupancy): string {
  const last =
    asOfMs === undefined ? 'nobody has read yet who holds it' : `it was last read ${spoken(asOfMs)}`
  return `giving ${licenseId}, since its free seats are not known: ${last}`
}

function beyondOf({ licenseId, seats, unknown, asOfMs = 0 }: Occupancy, total: number, open: number): string {
  const besides = [
    ...(open > 0 ? [`${open} by changes that are open`] : []),
    ...(unknown.size > 0 ? [`${unknown.size} not known`] : []),
  ]
  const of = besides.length === 0 ? '' : ` (${besides.join(', ')})`
  return `giving ${licenseId} beyond its ${seats} seats: ${total} would be taken${of}, as of ${spoken(asOfMs)}`
}

/** `2026-12-01 09:00 UTC`: whoever reads it may be in any zone. */
function spoken(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** Plans read at a time. */
const LANES = 16

/** The targets of changes that are released and have not ended, as far as they may give one of the licenses. */
async function givenByOpen({ ledger }: Judging, licenseIds: readonly string[]): Promise<readonly Target[][]> {
  const wanted = new Set(licenseIds.map((each) => each.toLowerCase()))
  const left = (await ledger.open()).filter((header) => mayBeAbout(header, wanted))
  const found: Target[][] = []
  const lane = async () => {
    for (let header = left.shift(); header !== undefined; header = left.shift()) {
      found.push([...(await ledger.plan(header)).targets])
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return found
}

/** A header names some of its licenses, and of many not all. */
function mayBeAbout({ subject }: Header, licenseIds: ReadonlySet<string>): boolean {
  if (!('licenses' in subject)) return false
  return (
    subject.licenses.length >= MAX_LICENSES_LISTED ||
    subject.licenses.some((each) => licenseIds.has(each.toLowerCase()))
  )
}
