import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type PairBase,
  type PairDifference,
  type PairRow,
  tellPair,
} from '../../lib/inventory/pair-timeline.ts'

const SECONDS = 1_000

/** From asking for a page to its answer. Milliseconds. */
const PAGE_MS = 200

const lookAt = (seconds: number, isHeld: boolean, tookMs = PAGE_MS) => ({
  isHeld,
  askedAtMs: seconds * SECONDS,
  answeredAtMs: seconds * SECONDS + tookMs,
})
const rowAt = (seconds: number, isHeld: boolean | undefined, wasHeld?: boolean): PairRow => ({
  changeId: 'X',
  atMs: seconds * SECONDS,
  isHeld,
  wasHeld,
})
const lacking: PairBase = { isHeld: false, seenAtMs: 0 }

describe('what happened to a pair between two looks', () => {
  it('is nothing where both say the same and nobody was at work', () => {
    expect(tellPair(lacking, [], lookAt(3_600, false))).toEqual({ differences: [] })
  })

  it('was done outside where no change explains it, some time between the looks', () => {
    expect(tellPair(lacking, [], lookAt(3_600, true)).differences).toEqual([
      { isGiven: true, atMs: 3_600_200, afterMs: 0, by: 'outside' },
    ])
  })

  it('was done by when the page was answered, for it may have been done after that was asked for', () => {
    const first = tellPair(lacking, [], lookAt(3_600, true, 30_000))
    expect(first.differences).toEqual([{ isGiven: true, atMs: 3_630_000, afterMs: 0, by: 'outside' }])
    // What came after the page was written may have come before it was answered.
    const base = { isHeld: true, seenAtMs: 3_600_000 }
    expect(tellPair(base, [], lookAt(90_000, false, 500)).differences).toEqual([
      { isGiven: false, atMs: 90_000_500, afterMs: 3_600_000, by: 'outside' },
    ])
  })

  it('was done by the change that was at work, when it was seen to hold', () => {
    const rows = [rowAt(600, undefined), rowAt(602, true)]
    expect(tellPair(lacking, rows, lookAt(3_600, true))).toEqual({
      differences: [{ isGiven: true, atMs: 602_000, by: { changeId: 'X' } }],
    })
  })

  it('is told of each in its order: given by us, and taken outside', () => {
    const rows = [rowAt(600, undefined), rowAt(602, true)]
    expect(tellPair(lacking, rows, lookAt(3_600, false)).differences).toEqual([
      { isGiven: true, atMs: 602_000, by: { changeId: 'X' } },
      { isGiven: false, atMs: 3_600_200, afterMs: 602_000, by: 'outside' },
    ])
  })

  it('was done outside where our change found it so, and sent nothing', () => {
    expect(tellPair(lacking, [rowAt(600, true)], lookAt(3_600, true)).differences).toEqual([
      { isGiven: true, atMs: 600_000, afterMs: 0, by: 'outside' },
    ])
  })

  it('is ours where the answer was lost, and the page shows what was wished for', () => {
    expect(tellPair(lacking, [rowAt(600, undefined)], lookAt(3_600, true)).differences).toEqual([
      { isGiven: true, atMs: 3_600_200, by: { changeId: 'X' } },
    ])
  })

  it('is not told of while the page may be behind what was written, and is with the next', () => {
    const rows = [rowAt(3_598, undefined), rowAt(3_599, true)]
    const stale = tellPair(lacking, rows, lookAt(3_600, false))
    expect(stale).toEqual({ differences: [], contested: { isHeld: false, knownAtMs: 0, fromMs: 3_598_000 } })
    const base = { isHeld: false, seenAtMs: 3_600_000, contested: stale.contested }
    expect(tellPair(base, rows, lookAt(90_000, true))).toEqual({
      differences: [{ isGiven: true, atMs: 3_599_000, by: { changeId: 'X' } }],
    })
  })

  it('is told of once where what was seen of it comes on record late', () => {
    const unclear = rowAt(3_550, undefined)
    const shown = tellPair(lacking, [unclear], lookAt(3_600, true))
    expect(shown.differences).toEqual([])
    const base = { isHeld: true, seenAtMs: 3_600_000, contested: shown.contested }
    expect(tellPair(base, [unclear, rowAt(3_560, true)], lookAt(90_000, true)).differences).toEqual([
      { isGiven: true, atMs: 3_560_000, by: { changeId: 'X' } },
    ])
  })

  it('is told in its order where two looks carry one time: taken outside, and given back by us', () => {
    const rows = [rowAt(600, undefined, false), rowAt(600, true)]
    const held = { isHeld: true, seenAtMs: 0 }
    expect(tellPair(held, rows, lookAt(3_600, true)).differences).toEqual([
      { isGiven: false, atMs: 600_000, afterMs: 0, by: 'outside' },
      { isGiven: true, atMs: 600_001, by: { changeId: 'X' } },
    ])
  })

  it('is not put down to a change that wished for the opposite of somebody whom it could not see', () => {
    const unseen: PairRow = { changeId: 'X', atMs: 600_000, isHeld: undefined, wanted: false }
    expect(tellPair(lacking, [unseen], lookAt(3_600, true)).differences).toEqual([
      { isGiven: true, atMs: 3_600_200, afterMs: 0, by: 'outside' },
    ])
  })

  it('is not put down to a change that wished for the opposite', () => {
    const rows = [rowAt(600, undefined), rowAt(602, true), rowAt(667, undefined, false)]
    expect(tellPair(lacking, rows, lookAt(3_600, false)).differences.at(-1)).toEqual({
      isGiven: false,
      atMs: 667_000,
      afterMs: 602_000,
      by: 'outside',
    })
  })
})

/** What happens, and how many seconds after what came before. */
const step = fc.record({
  afterSeconds: fc.integer({ min: 3, max: 400 }),
  what: fc.constantFrom('outside', 'grant', 'revoke', 'grant', 'revoke', 'look', 'look', 'stirred look'),
  landsMs: fc.integer({ min: 0, max: 2_000 }),
  seenMs: fc.integer({ min: 0, max: 2_000 }),
})

interface Flip {
  readonly atMs: number
  readonly isHeld: boolean
  readonly by: string
}

/** Plays steps, each look with all the rows that were on record by then. */
function play(steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[]) {
  const flips: Flip[] = []
  const rows: PairRow[] = []
  const told: PairDifference[] = []
  const truthAt = (ms: number) => flips.findLast(({ atMs }) => atMs <= ms)?.isHeld ?? false
  let nowMs = 0
  let base: PairBase = lacking
  const look = () => {
    // What the page says may be as old as two seconds.
    const isHeld = truthAt(nowMs + 150)
    const story = tellPair(
      base,
      rows.filter(({ atMs }) => atMs <= nowMs + PAGE_MS),
      { isHeld, askedAtMs: nowMs, answeredAtMs: nowMs + PAGE_MS },
    )
    told.push(...story.differences)
    base = { isHeld, seenAtMs: nowMs, contested: story.contested }
  }
  for (const [n, { afterSeconds, what, landsMs, seenMs }] of steps.entries()) {
    nowMs += afterSeconds * SECONDS
    if (what === 'look') look()
    else if (what === 'stirred look') {
      // Somebody is quicker than the page that is asked for, or only just too late for it.
      const atMs = nowMs + (landsMs % PAGE_MS)
      flips.push({ atMs, isHeld: !truthAt(nowMs), by: 'outside' })
      look()
    } else if (what === 'outside') flips.push({ atMs: nowMs, isHeld: !truthAt(nowMs), by: 'outside' })
    else {
      const wanted = what === 'grant'
      if (truthAt(nowMs) === wanted) {
        rows.push({ changeId: String(n), atMs: nowMs, isHeld: wanted })
        continue
      }
      rows.push({ changeId: String(n), atMs: nowMs, isHeld: undefined, wasHeld: !wanted })
      flips.push({ atMs: nowMs + landsMs, isHeld: wanted, by: String(n) })
      nowMs += landsMs
      rows.push({ changeId: String(n), atMs: nowMs + seenMs, isHeld: wanted })
    }
  }
  nowMs += 3_600 * SECONDS
  look()
  return { flips, told, isHeld: truthAt(nowMs) }
}

describe('over many looks, changes of ours and of others', () => {
  it('differences alternate, end where the org is, name each change of ours that came about, and tell between when what others did was done', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 14 }), (steps) => {
        const { flips, told, isHeld } = play(steps)
        let held = false
        for (const each of told) {
          expect(each.isGiven).toBe(!held)
          held = each.isGiven
        }
        expect(held).toBe(isHeld)
        const ours = flips.filter(({ by }) => by !== 'outside').map(({ by, isHeld: given }) => [by, given])
        const toldOurs = told.flatMap(({ by, isGiven }) => (by === 'outside' ? [] : [[by.changeId, isGiven]]))
        expect(toldOurs).toEqual(ours)
        expect(told.length - ours.length).toBeLessThanOrEqual(flips.length - ours.length)
        for (const { by, isGiven, afterMs = Number.POSITIVE_INFINITY, atMs } of told) {
          if (by !== 'outside') continue
          const isBetween = flips.some(
            (flip) =>
              flip.by === 'outside' && flip.isHeld === isGiven && flip.atMs >= afterMs && flip.atMs <= atMs,
          )
          expect(isBetween).toBe(true)
        }
      }),
      { seed: 20_261_129, numRuns: 3_000 },
    )
  })
})
