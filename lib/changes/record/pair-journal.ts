/**
 * The journal: what the gateway itself has seen of (license, user) pairs, kept beside the evidence so that it shows at
 * once in whatever is counted afterwards. It says what is known since a time, whatever the reading before that is.
 */
import { pairOf, type Reading } from '../model/change.ts'
import type { Header } from '../model/header.ts'
import { QUIET_MS, READING_MARGIN_MS } from '../model/timing.ts'
import type { ChangeState } from '../model/transitions.ts'
import { type Evidence, isAsDesired } from '../model/verdict.ts'

/** What was seen of one pair; undefined where a write may have changed it, or may still. */
export interface PairSeen {
  readonly licenseId: string
  readonly userId: string
  readonly isHeld: Reading
  /** Where that is not known: what was read before, unlike what is wished for; undefined where nothing was. */
  readonly wasHeld?: Reading
  /** Where that is not known, and nothing was read before: whether the change wishes it to hold. */
  readonly wanted?: boolean | undefined
}

export interface JournalRow {
  readonly changeId: string
  /**
   * When looking began, epoch milliseconds: nothing it says is older. Two changes on one pair are in order by it on any
   * clocks, since the lock lets the second look only when its own clock is past the end of the first (ADR 7, rule 5).
   */
  readonly atMs: number
  /** Of two rows of one change at one time the later has the higher one. */
  readonly sequence: number
  /** Nothing was seen: these pairs are about to be given, and whoever judges seats at the same moment must know. */
  readonly isIntent?: boolean | undefined
  readonly pairs: readonly PairSeen[]
}

/** States in which what was sent, and is not seen yet, may still come or has come and gone. */
const unclearStates: readonly ChangeState[] = ['SENT', 'UNKNOWN', 'NEEDS_ATTENTION']

/**
 * What evidence says of pairs, by the state that it is recorded for.
 *
 * @param seen the header before the move.
 * @returns undefined for toggles, and where nothing was sent and nothing read.
 */
export function journalRowOf(
  { id, version }: Pick<Header, 'id' | 'version'>,
  state: ChangeState,
  { kind, targets, after, atMs, yieldedTo }: Evidence,
): JournalRow | undefined {
  if (kind !== 'assignments' || targets.length === 0) return undefined
  const isUnclear = unclearStates.includes(state)
  const pairs = targets.flatMap((target, index): PairSeen[] => {
    // What a newer change is at is that one's to say: this one's look at it may be stale.
    if (yieldedTo[index] !== undefined) return []
    const { licenseId, userId } = pairOf(target)
    const reading = after[index]
    if (reading === undefined) return [{ licenseId, userId, isHeld: undefined, wanted: target.desired }]
    if (!isUnclear || isAsDesired(target, reading)) return [{ licenseId, userId, isHeld: reading }]
    return [{ licenseId, userId, isHeld: undefined, wasHeld: reading }]
  })
  if (pairs.length === 0) return undefined
  return { changeId: id, atMs, sequence: version, pairs }
}

/** What is known of one pair, and since when. */
export interface Known {
  readonly isHeld: Reading
  readonly atMs: number
}

/**
 * The last word of the journal on each user's holding of a license.
 *
 * @param rows the earliest first.
 */
export function lastSeenOf(rows: readonly JournalRow[], licenseId: string): ReadonlyMap<string, Known> {
  const last = new Map<string, Known>()
  for (const { atMs, isIntent, pairs } of rows) {
    if (isIntent) continue
    for (const pair of pairs) {
      if (pair.licenseId.toLowerCase() !== licenseId.toLowerCase()) continue
      last.set(pair.userId.toLowerCase(), { isHeld: pair.isHeld, atMs })
    }
  }
  return last
}

/** The same of every pair, by user and license in lower case, with the license as it is written there. */
export function lastSeenByUser(
  rows: readonly JournalRow[],
): ReadonlyMap<string, ReadonlyMap<string, Known & { readonly licenseId: string }>> {
  const last = new Map<string, Map<string, Known & { readonly licenseId: string }>>()
  for (const { atMs, isIntent, pairs } of rows) {
    if (isIntent) continue
    for (const { userId, licenseId, isHeld } of pairs) {
      const ofUser = last.get(userId.toLowerCase()) ?? new Map()
      last.set(userId.toLowerCase(), ofUser.set(licenseId.toLowerCase(), { licenseId, isHeld, atMs }))
    }
  }
  return last
}

/** From when on rows count beside a reading that began at a time. Epoch milliseconds. */
export function journalStartOf(readingAtMs: number): number {
  return readingAtMs - QUIET_MS
}

/**
 * What holds of a pair, by a reading and the journal's last word.
 *
 * A reading looks at a pair some time after it began, and what it sees may be older by upstream's staleness and the
 * clocks' difference: within that margin the journal wins, which knows what was written. Where a write may have been
 * under way, nothing seen before the end of its quiet period says what became of it. Where the reading was told something
 * else while the gateway was at work on the pair (contested), nobody knows whether it was told what was so before, or what
 * somebody else has done since: only what the gateway saw later says which.
 */
export function holdingOf(
  reading: { readonly isHeld: boolean; readonly atMs: number; readonly isContested?: boolean | undefined },
  row?: Known,
): Reading {
  if (row === undefined) return reading.isHeld
  if (reading.isContested && reading.isHeld !== row.isHeld && row.atMs < reading.atMs) return undefined
  const marginMs = row.isHeld === undefined ? QUIET_MS : READING_MARGIN_MS
  return reading.atMs > row.atMs + marginMs ? reading.isHeld : row.isHeld
}
