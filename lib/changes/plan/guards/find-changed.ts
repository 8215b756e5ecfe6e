/**
 * People changed meanwhile: whose licenses are no longer as they were read. Readings come in, and who it is and what of
 * theirs goes out, as whoever confirms a plan is told it. Pure.
 */
import type { ChangedPeople, Holding, Reading, Target } from '../../model/change.ts'
import { MAX_FINDINGS } from '../../model/change-order.ts'
import { READING_MARGIN_MS } from '../../model/timing.ts'
import { holdingOf, lastSeenByUser } from '../../record/pair-journal.ts'
import type { HoldingsKnown } from '../count-seats.ts'

/** A license that somebody holds by now and did not, or held. */
export interface PairChanged {
  readonly userId: string
  readonly licenseId: string
  readonly isGiven: boolean
}

/**
 * Whose licenses are not as the last reading had them, what the gateway has done since counted in: somebody has changed
 * them outside. Whom the reading does not know are left out, and what the gateway was just at.
 *
 * @param holdings as Genesys told them for the plan.
 * @param lookedAtMs when that was, epoch milliseconds.
 */
export function findChangedOutside(
  standing: HoldingsKnown | undefined,
  holdings: readonly Holding[],
  lookedAtMs: number,
): ChangedPeople {
  if (!standing) return { isKnown: false, people: [] }
  const { reading, rows } = standing
  const seen = lastSeenByUser(rows)
  const changed = holdings.flatMap(({ userId, licenses }): PairChanged[] => {
    const before = reading.licensesOf?.(userId)
    if (!before) return []
    const ofUser = seen.get(userId.toLowerCase())
    const journalled = [...(ofUser?.values() ?? [])].map(({ licenseId }) => licenseId)
    const had = new Set(before.map((each) => each.toLowerCase()))
    const has = new Set(licenses.map((each) => each.toLowerCase()))
    const all = new Map([...journalled, ...before, ...licenses].map((each) => [each.toLowerCase(), each]))
    return [...all].flatMap(([key, licenseId]) => {
      const row = ofUser?.get(key)
      // What was read for the plan may be older than what the gateway did then.
      if (row && row.atMs + READING_MARGIN_MS >= lookedAtMs) return []
      const was = holdingOf(readOf(standing, userId, licenseId, had.has(key)), row)
      const isGiven = has.has(key)
      return was === undefined || was === isGiven ? [] : [{ userId, licenseId, isGiven }]
    })
  })
  return { asOfMs: reading.atMs, isKnown: true, ...countPeople(changed) }
}

/** Whether anything is known that was done since a time. */
export function isAnythingSince({ reading, rows }: HoldingsKnown, sinceMs: number): boolean {
  return reading.atMs > sinceMs || rows.some(({ atMs, isIntent }) => !isIntent && atMs > sinceMs)
}

/**
 * Of whom others have changed what a plan shows, since it was made: in Genesys, as far as a reading since shows, or through
 * the gateway.
 *
 * @param before what the plan saw, in the order of the targets.
 * @param lookedAtMs when that was, epoch milliseconds.
 */
export function findChangedSince(
  standing: HoldingsKnown | undefined,
  targets: readonly Target[],
  before: readonly Reading[],
  lookedAtMs: number,
): ChangedPeople {
  if (!standing) return { isKnown: false, people: [] }
  const { reading, rows } = standing
  const isKnown = reading.atMs > lookedAtMs
  const found = { asOfMs: reading.atMs, isKnown }
  if (!isAnythingSince(standing, lookedAtMs)) return { ...found, people: [] }
  const seen = lastSeenByUser(rows)
  const changed = targets.flatMap((target, index): PairChanged[] => {
    const was = before[index]
    if (!('licenseId' in target) || was === undefined) return []
    const { userId, licenseId } = target
    const isHeld = reading.holdersOf(licenseId).has(userId.toLowerCase())
    const read = readOf(standing, userId, licenseId, isHeld)
    const nearer = read.atMs > lookedAtMs ? read : { isHeld: was, atMs: lookedAtMs }
    const isGiven = holdingOf(nearer, seen.get(userId.toLowerCase())?.get(licenseId.toLowerCase()))
    return isGiven === undefined || isGiven === was ? [] : [{ userId, licenseId, isGiven }]
  })
  const { users, people } = countPeople(changed)
  // Of nobody is less than none where no reading says so.
  return { ...found, users: users === 0 && !isKnown ? undefined : users, people }
}

function readOf({ reading }: HoldingsKnown, userId: string, licenseId: string, isHeld: boolean) {
  return {
    isHeld,
    atMs: reading.seenAtMsOf?.(userId) ?? reading.atMs,
    isContested: reading.isContested?.(userId, licenseId),
  }
}

/** How many people they are, and the first of them. */
export function countPeople(changed: readonly PairChanged[]) {
  const byUser = Map.groupBy(changed, ({ userId }) => userId)
  const people = [...byUser].slice(0, MAX_FINDINGS).map(([userId, ofUser]) => {
    const licensesOf = (isGiven: boolean) =>
      ofUser.flatMap((each) => (each.isGiven === isGiven ? [each.licenseId] : []))
    return { userId, given: licensesOf(true), taken: licensesOf(false) }
  })
  return { users: byUser.size, people }
}
