/** Whether an order waits for a second person: asked here by every door, so that no rule is forgotten on one of them. */
import type { ChangeKind } from '../model/change.ts'
import { approvalReasons, isHeldToSeats, type OverSeats } from '../model/policy.ts'
import type { Target } from '../model/targets.ts'
import type { Desk } from '../record/desk.ts'
import type { JournalRow } from '../record/pair-journal.ts'
import {
  licensesGivenOf,
  movesOf,
  type Occupancy,
  readOccupancies,
  seatsOf,
  usersToComeOf,
} from './count-seats.ts'
import { type Coming, findComing } from './find-coming.ts'

/** Where the last reading of who holds what is older, nobody knows how many seats are free. Milliseconds. */
const MAX_READING_AGE_MS = 24 * 3_600_000

type Judging = Pick<Desk, 'policy' | 'ledger' | 'clock' | 'seats'>

interface SeatLookUps {
  /** Counts the seats of the licenses that are given, where somebody else needs the count too. */
  readonly count?: (() => Promise<readonly Occupancy[]>) | undefined
  /** Looks what other changes will give of them, likewise. */
  readonly coming?: (() => Promise<Coming>) | undefined
  /** The change that is about to be released, so that of two at one moment neither goes unseen. */
  readonly releasing?: string | undefined
}

/**
 * @returns why a second person must approve it, one sentence for each rule; none where it may go ahead.
 * @throws GatewayError `ledger.unavailable`, where a rule is about seats.
 */
export async function findApprovalReasons(
  desk: Judging,
  kind: ChangeKind,
  targets: readonly Target[],
  asking: SeatLookUps = {},
): Promise<string[]> {
  return approvalReasons(desk.policy, kind, targets, await findOverSeats(desk, targets, asking))
}

/**
 * The licenses that would be given beyond their seats, or of which nobody knows. It errs on the side of asking: whoever
 * may hold one counts as holding it, and what open changes give is taken.
 */
async function findOverSeats(
  desk: Judging,
  targets: readonly Target[],
  { count, coming, releasing }: SeatLookUps,
): Promise<OverSeats> {
  const held = licensesGivenOf(targets).filter((licenseId) => isHeldToSeats(desk.policy, licenseId))
  const about = new Map<string, string>()
  if (!held.some((licenseId) => seatsOf(desk.policy, licenseId) !== undefined)) return about
  if (releasing !== undefined) await desk.ledger.addJournal(intentOf(desk, releasing, targets))
  // Before the count: what has settled by now is in the journal by then.
  const others = coming ? await coming() : await findComing(desk, held, releasing)
  const occupancies = count ? await count() : await readOccupancies(desk, held)
  for (const occupancy of occupancies) {
    const { licenseId, asOfMs } = occupancy
    const { given, taken } = movesOf(targets, licenseId)
    const gaining = [...given].filter((userId) => !occupancy.held.has(userId))
    if (gaining.length === 0 || !held.includes(licenseId)) continue
    if (asOfMs === undefined || desk.clock.nowMs() - asOfMs > MAX_READING_AGE_MS) {
      about.set(licenseId, unreadOf(occupancy))
      continue
    }
    const elsewhere = usersToComeOf(others, occupancy, given)
    const takers = new Set([...occupancy.held, ...occupancy.unknown, ...elsewhere])
    for (const userId of taken) takers.delete(userId)
    const total = new Set([...takers, ...gaining]).size
    if (total > occupancy.seats) about.set(licenseId, beyondOf(occupancy, total, elsewhere.size))
  }
  return about
}

function unreadOf({ licenseId, asOfMs }: Occupancy): string {
  const last =
    asOfMs === undefined ? 'nobody has read yet who holds it' : `it was last read ${timeTextOf(asOfMs)}`
  return `giving ${licenseId}, since its free seats are not known: ${last}`
}

function beyondOf({ licenseId, seats, unknown, asOfMs = 0 }: Occupancy, total: number, open: number): string {
  const besides = [
    ...(open > 0 ? [`${open} by changes that are open`] : []),
    ...(unknown.size > 0 ? [`${unknown.size} not known`] : []),
  ]
  const of = besides.length === 0 ? '' : ` (${besides.join(', ')})`
  return `giving ${licenseId} beyond its ${seats} seats: ${total} would be taken${of}, as of ${timeTextOf(asOfMs)}`
}

/** `2026-12-01 09:00 UTC`: whoever reads it may be in any zone. */
function timeTextOf(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function intentOf({ clock }: Judging, changeId: string, targets: readonly Target[]): JournalRow {
  const pairs = targets.flatMap((target) =>
    'licenseId' in target && target.desired
      ? [{ licenseId: target.licenseId, userId: target.userId, isHeld: true }]
      : [],
  )
  return { changeId, atMs: clock.nowMs(), sequence: 0, isIntent: true, pairs }
}
