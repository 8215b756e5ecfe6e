/**
 * What happened to one pair (user, license) between two looks at it: pure. A look is a page of a reading; between looks the
 * journal has what the gateway itself saw and did. Told are true changes of holding, each by the change that explains it,
 * else as done outside.
 */
import { CLOCK_ALLOWANCE_MS, QUIET_MS, READING_MARGIN_MS } from '../changes/model/timing.ts'
import type { ContestedPair } from './inventory-person.ts'
import type { Difference } from './inventory-port.ts'

/** What the journal says of the pair at a time; undefined where a write may have changed it, or may still. */
export interface PairRow {
  readonly changeId: string
  readonly atMs: number
  readonly isHeld: boolean | undefined
  /** Where that is not known: what was read before, unlike what the change wishes for; undefined where nothing was. */
  readonly wasHeld?: boolean | undefined
  /** Where nothing was: whether the change wishes it to hold, if that is on record. */
  readonly wanted?: boolean | undefined
}

/** What is known of the pair before the rows. */
export interface PairBase {
  readonly isHeld: boolean
  /** When it was looked at, epoch milliseconds. */
  readonly seenAtMs: number
  readonly contested?: Omit<ContestedPair, 'licenseId'> | undefined
}

/** A page's word on the pair. */
export interface PairLook {
  readonly isHeld: boolean
  /** Epoch milliseconds. */
  readonly askedAtMs: number
  readonly answeredAtMs: number
}

export type PairDifference = Omit<Difference, 'userId' | 'licenseId'>

export interface PairStory {
  /** In their order. */
  readonly differences: readonly PairDifference[]
  /** Where the look says nothing, since the gateway was at work: what the next one goes on from. */
  readonly contested?: Omit<ContestedPair, 'licenseId'> | undefined
}

/**
 * @param rows all that the journal has on the pair since long enough before `base`, the earliest first.
 * @param look undefined where there was none since: then all rows are told.
 */
export function tellPair(base: PairBase, rows: readonly PairRow[], look?: PairLook): PairStory {
  const counting = rowsAfter(base, rows)
  if (!look)
    return {
      differences: foldRows(
        base,
        counting.map(({ row }) => row),
      ).differences,
    }
  // What counts over the page is told with the next look.
  const before = counting.filter(({ untilMs }) => untilMs < look.askedAtMs).map(({ row }) => row)
  const story = foldRows(base, before)
  const first = counting[before.length]?.row
  if (first && first.atMs - CLOCK_ALLOWANCE_MS <= look.answeredAtMs)
    return {
      differences: story.differences,
      contested: { isHeld: story.isHeld, knownAtMs: story.knownAtMs, fromMs: first.atMs },
    }
  // It may have been done while the page was under way.
  const flip = flipAt(story, look.isHeld, look.answeredAtMs)
  return { differences: flip ? [...story.differences, flip] : story.differences }
}

interface CountingRow {
  readonly row: PairRow
  /** A page that was asked for later counts over it: what follows shows in that page. */
  readonly untilMs: number
}

/** The rows that count over the base, in order. */
function rowsAfter(base: PairBase, rows: readonly PairRow[]): CountingRow[] {
  let untilMs = Number.POSITIVE_INFINITY
  const all: CountingRow[] = []
  for (const row of rows.toReversed()) {
    // Whatever was unclear is no longer once somebody has looked: it counts no longer than the row after it.
    untilMs = Math.min(untilMs, row.atMs + (row.isHeld === undefined ? QUIET_MS : READING_MARGIN_MS))
    all.unshift({ row, untilMs })
  }
  const { contested, seenAtMs } = base
  return all.filter((each) => (contested ? each.row.atMs >= contested.fromMs : each.untilMs >= seenAtMs))
}

interface Fold {
  readonly differences: PairDifference[]
  readonly isHeld: boolean
  /** When that was last seen. */
  readonly knownAtMs: number
  /** Changes at work since, the latest last, with what each wants. */
  readonly unclear: readonly { readonly changeId: string; readonly wanted: boolean }[]
}

function foldRows({ isHeld: seen, seenAtMs, contested }: PairBase, rows: readonly PairRow[]): Fold {
  let fold: Fold = {
    differences: [],
    isHeld: contested?.isHeld ?? seen,
    knownAtMs: contested?.knownAtMs ?? seenAtMs,
    unclear: [],
  }
  for (const { changeId, atMs, isHeld, wasHeld, wanted } of rows) {
    const seen = isHeld ?? wasHeld
    if (seen !== undefined) {
      const flip = flipAt(fold, seen, atMs)
      // Two looks may carry one time, and histories are put in order by it: the later one is told a millisecond later.
      const lastAtMs = fold.differences.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY
      if (flip) fold.differences.push({ ...flip, atMs: Math.max(flip.atMs, lastAtMs + 1) })
      fold = { ...fold, isHeld: seen, knownAtMs: atMs }
    }
    // Of somebody whom nobody has seen a change may wish for what is so already; else only what is unlike the wish is sent.
    const wish = { changeId, wanted: wanted ?? !fold.isHeld }
    fold = { ...fold, unclear: isHeld === undefined ? [...fold.unclear, wish] : [] }
  }
  return fold
}

/** What somebody saw who looked at that time; undefined where it is as it was. */
function flipAt(
  { isHeld, knownAtMs, unclear }: Fold,
  seen: boolean,
  atMs: number,
): PairDifference | undefined {
  if (seen === isHeld) return undefined
  const by = unclear.findLast(({ wanted }) => wanted === seen)
  return by
    ? { isGiven: seen, atMs, by: { changeId: by.changeId } }
    : { isGiven: seen, atMs, afterMs: Math.min(knownAtMs, atMs), by: 'outside' }
}
