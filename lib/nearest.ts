/** Longest word that is compared, which bounds the work: no verb and hardly a license's id is longer. */
const MAX_LENGTH = 64

/** Letters by which a slip differs at most from what was meant, and of what is short. */
const MOST_SLIPS = 2
const MOST_IN_SHORT = 1

/**
 * The candidate that a word is a slip of: a letter or two wrong, missing, added or swapped, fewer in short words. Of two
 * that are equally near the one that begins like the word, so that `of` is `off`.
 */
export function nearest(typed: string, candidates: Iterable<string>): string | undefined {
  const word = typed.toLowerCase()
  if (word.length > MAX_LENGTH) return undefined
  const near = [...candidates]
    .map((candidate) => {
      const most = candidate.length > 5 ? MOST_SLIPS : MOST_IN_SHORT
      return { candidate, most, distance: distance(word, candidate, most) }
    })
    .filter((each) => each.distance > 0 && each.distance <= each.most)
  const least = near.reduce((least, each) => Math.min(least, each.distance), Number.POSITIVE_INFINITY)
  const best = near.filter((each) => each.distance === least).map((each) => each.candidate)
  return best.find((candidate) => candidate.startsWith(word)) ?? best[0]
}

/**
 * Of ids that somebody may have meant: the one that reads the same but for case, blanks and punctuation, else the one that
 * it is a slip of.
 */
export function nearestIdIn(ids: readonly string[]): (typed: string) => string | undefined {
  const byLetters = new Map(ids.map((id) => [lettersOf(id), id]))
  const byLower = new Map(ids.map((id) => [id.toLowerCase(), id]))
  return (typed) => {
    const letters = lettersOf(typed)
    if (letters === '') return undefined
    const same = byLower.get(typed.toLowerCase()) ?? byLetters.get(letters)
    return same ?? byLetters.get(nearest(letters, byLetters.keys()) ?? '')
  }
}

function lettersOf(id: string): string {
  return id.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
}

/** Damerau-Levenshtein, each pair of letters swapped at most once. What is further than `most` is given up, however far it is. */
function distance(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return Number.POSITIVE_INFINITY
  let leastOfLast = 0
  let beforeLast: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row]
    let least = row
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1]
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      const steps = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwapped && row > 1 && column > 1 ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
      current.push(steps)
      least = Math.min(least, steps)
    }
    // Of two rows, since what is swapped looks back over one.
    if (least > most && leastOfLast > most) return Number.POSITIVE_INFINITY
    leastOfLast = least
    beforeLast = last
    last = current
  }
  return last[other.length] ?? 0
}
