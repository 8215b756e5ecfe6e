/** What truly happened to whom, as the org had it: what histories are held against. */

export type By = { readonly changeId: string } | 'outside'

/** Somebody was given a license, or lost one. Epoch milliseconds, by which it had not happened yet and had. */
interface Flip {
  readonly isGiven: boolean
  readonly fromMs: number
  readonly toMs: number
  readonly by: By
}

export type Held = Readonly<Record<string, readonly string[]>>

/** A holding as a history tells it. */
export interface ToldHolding {
  readonly userId: string
  readonly licenseId: string
  readonly from: string
  readonly fromAfter?: string | undefined
  readonly until?: string | undefined
  readonly untilAfter?: string | undefined
  readonly by: By | 'before records'
  readonly endedBy?: By | undefined
}

export const pairKey = (userId: string, licenseId: string) => `${userId} ${licenseId}`

/** @param held who held what when the first reading was made. */
export function truthLog(held: Held) {
  const first = pairsIn(held)
  let last = first
  const flips = new Map<string, Flip[]>()
  /** What each change of the gateway's wants of a pair. */
  const wishes = new Set<string>()
  /** What has been told to have ended: from then on it is so for ever. */
  let ended: ReadonlySet<string> = new Set()

  /** An end of a holding is true where the same was done then, by the same, and nobody undid it before it was seen. */
  function isTrue(pair: string, isGiven: boolean, end: { at: string; after: string | undefined; by: By }) {
    const [atMs, afterMs] = [Date.parse(end.at), end.after === undefined ? undefined : Date.parse(end.after)]
    return (flips.get(pair) ?? []).some((flip) => {
      if (flip.isGiven !== isGiven) return false
      // What became of a write to somebody who had vanished is unclear: that it came about is then told as its own.
      const isClaimed = flip.by === 'outside' && wishes.has(wishKey(pair, isGiven, nameOf(end.by)))
      if (isClaimed) return flip.fromMs <= atMs
      if (nameOf(flip.by) !== nameOf(end.by)) return false
      // What the gateway did is dated by when it was seen; what was not, by the two looks that it lies between.
      return flip.by === 'outside'
        ? flip.fromMs <= atMs && afterMs !== undefined && flip.toMs >= afterMs
        : flip.fromMs <= atMs && atMs <= flip.toMs + SEEN_WITHIN_MS
    })
  }

  /** What the gateway did is in the history of its pair, each time. */
  function faultsOfOmission(told: readonly ToldHolding[]): string[] {
    const ofChanges = new Set(
      told.flatMap(({ userId, licenseId, by, endedBy }) => [
        ...(typeof by === 'object' ? [wishKey(pairKey(userId, licenseId), true, by.changeId)] : []),
        ...(typeof endedBy === 'object'
          ? [wishKey(pairKey(userId, licenseId), false, endedBy.changeId)]
          : []),
      ]),
    )
    return [...flips].flatMap(([pair, of]) =>
      of.flatMap(({ by, isGiven }) => {
        if (by === 'outside' || ofChanges.has(wishKey(pair, isGiven, by.changeId))) return []
        return [`${pair} was ${isGiven ? 'given' : 'taken'} by ${by.changeId}, and is not told so`]
      }),
    )
  }

  return {
    /** What the org has now, after something was done by somebody between two times. */
    note(now: Held, by: By, fromMs: number, toMs: number): void {
      const pairs = pairsIn(now)
      for (const pair of new Set([...last, ...pairs])) {
        if (last.has(pair) === pairs.has(pair)) continue
        flips.set(pair, [...(flips.get(pair) ?? []), { isGiven: pairs.has(pair), fromMs, toMs, by }])
      }
      last = pairs
    },
    wish(pair: string, isGiven: boolean, changeId: string): void {
      wishes.add(wishKey(pair, isGiven, changeId))
    },
    held: (): ReadonlySet<string> => last,
    /** Pairs that were changed outside since a reading began, which may have seen them before or after. Epoch milliseconds. */
    changedSince: (ms: number): ReadonlySet<string> =>
      new Set(
        [...flips].flatMap(([pair, of]) =>
          of.some(({ by, toMs }) => by === 'outside' && toMs >= ms) ? [pair] : [],
        ),
      ),
    /**
     * What is wrong with the histories of all, as of a time at which somebody looked at all of the org.
     *
     * @param unsure pairs of which that look need not show what is held now.
     */
    faultsOf(told: readonly ToldHolding[], unsure: ReadonlySet<string>): string[] {
      const open = new Set(
        told.filter(({ until }) => until === undefined).map((each) => pairKey(each.userId, each.licenseId)),
      )
      const wrong = (pair: string) => !unsure.has(pair) && last.has(pair) !== open.has(pair)
      const endedBefore = ended
      ended = new Set(told.filter(({ until }) => until !== undefined).map(withoutNames))
      return [
        ...[...last].filter(wrong).map((pair) => `${pair} is held, and not told`),
        ...[...open].filter(wrong).map((pair) => `${pair} is told, and not held`),
        ...[...endedBefore].filter((each) => !ended.has(each)).map((each) => `${each} is told no more`),
        ...faultsOfOmission(told),
        ...told.flatMap((holding) => {
          const { userId, licenseId, from, fromAfter, until, untilAfter, by, endedBy } = holding
          const pair = pairKey(userId, licenseId)
          const isBegun =
            by === 'before records' ? first.has(pair) : isTrue(pair, true, { at: from, after: fromAfter, by })
          const isEnded =
            until === undefined ||
            (endedBy !== undefined && isTrue(pair, false, { at: until, after: untilAfter, by: endedBy }))
          return isBegun && isEnded
            ? []
            : [`${JSON.stringify(holding)} is not what happened: ${JSON.stringify(flips.get(pair) ?? [])}`]
        }),
        ...faultsOfOrder(told),
      ]
    },
  }
}

/** By when a change is settled that was sent. Milliseconds. */
const SEEN_WITHIN_MS = 600_000

/** Names are those of the newest reading, whatever is told. */
function withoutNames({
  userId,
  licenseId,
  from,
  fromAfter,
  until,
  untilAfter,
  by,
  endedBy,
}: ToldHolding): string {
  return JSON.stringify({ userId, licenseId, from, fromAfter, until, untilAfter, by, endedBy })
}

const wishKey = (pair: string, isGiven: boolean, changeId: string) => `${pair} ${isGiven} ${changeId}`

const nameOf = (by: By) => (by === 'outside' ? by : by.changeId)

function pairsIn(held: Held): ReadonlySet<string> {
  return new Set(
    Object.entries(held).flatMap(([userId, licenses]) => licenses.map((license) => pairKey(userId, license))),
  )
}

/** Of one pair nothing begins before the one before it has ended. */
function faultsOfOrder(told: readonly ToldHolding[]): string[] {
  const byPair = Map.groupBy(told, ({ userId, licenseId }) => pairKey(userId, licenseId))
  return [...byPair].flatMap(([pair, holdings]) => {
    const inOrder = holdings.toSorted((a, b) => (a.from < b.from ? -1 : 1))
    return inOrder.flatMap(({ from }, n) => {
      const before = inOrder[n - 1]
      const isAfter = before === undefined || (before.until !== undefined && before.until <= from)
      return isAfter ? [] : [`${pair} is held twice at ${from}`]
    })
  })
}
