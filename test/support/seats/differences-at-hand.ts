/** Differences as the ledger finds them, of an array; for histories of any length. */
import { comparePairs, foldId } from '../../../lib/inventory/inventory-person.ts'
import type { Difference } from '../../../lib/inventory/inventory-port.ts'
import type { RecordedDifferences } from '../../../lib/inventory/reading-store.ts'

/** Of one pair what was given at the time at which it was taken was given before. */
export function compareTimes(one: Difference, other: Difference): number {
  return one.atMs - other.atMs || comparePairs(one, other) || Number(other.isGiven) - Number(one.isGiven)
}

export function differencesAtHand(differences: readonly Difference[]): RecordedDifferences {
  const sorted = differences.toSorted(compareTimes)
  const byPair = Map.groupBy(sorted, ({ userId, licenseId }) => `${foldId(userId)} ${foldId(licenseId)}`)
  async function* each(found: readonly Difference[] = []): AsyncGenerator<Difference> {
    yield* found
  }
  return {
    between: (fromMs, toMs) => each(sorted.filter(({ atMs }) => atMs >= fromMs && atMs < toMs)),
    of: ({ userId, licenseId }, isGiven, toMs = Number.POSITIVE_INFINITY) =>
      each(
        sorted
          .filter((one) => one.isGiven === isGiven && one.atMs <= toMs)
          .filter((one) => foldId(userId ?? one.userId) === foldId(one.userId))
          .filter((one) => foldId(licenseId ?? one.licenseId) === foldId(one.licenseId))
          .reverse(),
      ),
    ofPair: ({ userId, licenseId }, fromMs) =>
      each(byPair.get(`${foldId(userId)} ${foldId(licenseId)}`)?.filter(({ atMs }) => atMs >= fromMs)),
    byUser: (licenseId, afterUserId = '') =>
      each(
        sorted
          .filter((one) => foldId(one.licenseId) === foldId(licenseId) && foldId(one.userId) > afterUserId)
          .sort((one, other) => comparePairs(one, other) || compareTimes(one, other)),
      ),
  }
}
