/** Puts many sources in one order that are each in order themselves, holding a block of each and no more. */

export interface Keyed {
  /** What they are in order of; no source has one twice. */
  readonly key: string
}

/**
 * Stretches in the order of keys: all that any source has of a key is in the same one, and in it in the order of the sources.
 *
 * @param sources each block in order, after the one before it, and with somebody in it.
 */
export async function* mergeBlocks<Row extends Keyed>(
  sources: readonly AsyncIterator<readonly Row[], void, void>[],
): AsyncGenerator<readonly Row[], void, void> {
  let held = sources.map((source) => ({ source, block: [] as readonly Row[], at: 0 }))
  for (;;) {
    await Promise.all(
      held
        .filter(({ block, at }) => at === block.length)
        .map(async (each) => {
          each.at = 0
          each.block = (await each.source.next()).value ?? []
        }),
    )
    held = held.filter(({ block }) => block.length > 0)
    const until = held.map(({ block }) => block.at(-1)?.key ?? '').sort()[0]
    if (until === undefined) return
    const stretch: Row[] = []
    for (const each of held) {
      for (let row = each.block[each.at]; row && row.key <= until; row = each.block[++each.at])
        stretch.push(row)
    }
    yield stretch
  }
}
