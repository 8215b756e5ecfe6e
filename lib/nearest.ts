/** Longest word that is compared, which bounds the work: no verb and hardly a license's id is longer. */
const MAX_LENGTH = 64

/**
 * The candidate that a word is a slip of: a letter or two wrong, missing, added or swapped, fewer in short words. Of two
 * that are equally near the one that begins like the word, so that `of` is `off`.
 */
export function nearest(typed: string, candidates: Iterable<string>): string | undefined {
  const word = typed.toLowerCase()
  if (word.length > MAX_LENGTH) return undefined
  const near = [...candidates]
    .map((candidate) => ({ candidate, distance: distance(word, candidate) }))
    .filter((each) => each.distance > 0 && each.distance <= (each.candidate.length > 5 ? 2 : 1))
  const least = near.reduce((least, each) => Math.min(least, each.distance), Number.POSITIVE_INFINITY)
  const best = near.filter((each) => each.distance === least).map((each) => each.candidate)
  return best.find((candidate) => candidate.startsWith(word)) ?? best[0]
}

/** Damerau-Levenshtein, each pair of letters swapped at most once. */
function distance(one: string, other: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1]
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      current.push(
        Math.min(
          (last[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (last[column - 1] ?? 0) + (isSame ? 0 : 1),
          isSwapped && row > 1 && column > 1 ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
    beforeLast = last
    last = current
  }
  return last[other.length] ?? 0
}
