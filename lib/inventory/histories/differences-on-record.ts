/** What is on record of one user or of one license, with what the journal has shown since the reading. */
import { comparePairs, foldId } from '../inventory-person.ts'
import type { Difference, HoldingsOf, Pair } from '../inventory-port.ts'
import { mergeSorted } from '../merge-sorted.ts'
import type { RecordedDifferences } from '../reading-store.ts'

/** Each is read part after part as it is asked for. */
export interface DifferencesOnRecord {
  /** The latest first, of one time the highest ids. @param toMs none that are later, epoch milliseconds. */
  given(toMs?: number): AsyncIterable<Difference>
  /** In the same order. */
  taken(): AsyncIterable<Difference>
  /** What happened to the pair after that; undefined where nothing did. */
  nextOf(difference: Difference): Promise<Difference | undefined>
  /** The first of each pair, in the order of pairs. @param after only of pairs that come after it. */
  firsts(after?: Pair): AsyncIterable<Difference>
}

/** @param pending of that user or license, in any order; none of them is in `recorded`. */
export function differencesOnRecord(
  of: HoldingsOf,
  recorded: RecordedDifferences,
  pending: readonly Difference[],
): DifferencesOnRecord {
  const latestFirst = (one: Difference, other: Difference) => compareTimes(other, one)
  const ofKind = (isGiven: boolean, toMs?: number) => {
    const few = pending.filter(
      (each) => each.isGiven === isGiven && (toMs === undefined || each.atMs <= toMs),
    )
    return mergeSorted(recorded.of(of, isGiven, toMs), few.sort(latestFirst), latestFirst)
  }
  return {
    given: (toMs) => ofKind(true, toMs),
    taken: () => ofKind(false),

    async nextOf(difference) {
      const few = pending.filter((each) => comparePairs(each, difference) === 0).sort(compareTimes)
      for await (const each of mergeSorted(recorded.ofPair(difference, difference.atMs), few, compareTimes))
        if (compareTimes(difference, each) < 0) return each
      return undefined
    },

    async *firsts(after) {
      const all =
        of.userId === undefined
          ? mergeSorted(recorded.byUser(of.licenseId, after?.userId), pending.toSorted(byPair), byPair)
          : (await firstOfEach([ofKind(true), ofKind(false)])).toSorted(byPair)
      let last = after
      for await (const each of all) {
        if (last && comparePairs(last, each) >= 0) continue
        last = each
        yield each
      }
    },
  }
}

/** One a license, so few of one user. @param all the latest first, each. */
async function firstOfEach(all: readonly AsyncIterable<Difference>[]): Promise<readonly Difference[]> {
  const firsts = new Map<string, Difference>()
  for (const some of all)
    for await (const each of some) {
      const known = firsts.get(foldId(each.licenseId))
      if (!known || compareTimes(each, known) < 0) firsts.set(foldId(each.licenseId), each)
    }
  return [...firsts.values()]
}

/** The earliest first, then by ids. What was given at the time at which it was taken was given before. */
function compareTimes(one: Difference, other: Difference): number {
  return one.atMs - other.atMs || comparePairs(one, other) || Number(other.isGiven) - Number(one.isGiven)
}

function byPair(one: Difference, other: Difference): number {
  return comparePairs(one, other) || compareTimes(one, other)
}
