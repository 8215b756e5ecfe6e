/** What is read part after part, with a few that are at hand, in one order. @param few in that order; of equals the read one first. */
export async function* mergeSorted<T>(
  read: AsyncIterable<T>,
  few: readonly T[],
  compare: (one: T, other: T) => number,
): AsyncGenerator<T, void, void> {
  let next = 0
  for await (const each of read) {
    for (let first = few[next]; first !== undefined && compare(first, each) < 0; first = few[++next])
      yield first
    yield each
  }
  yield* few.slice(next)
}
