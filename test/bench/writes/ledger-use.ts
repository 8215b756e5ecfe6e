/** How a write used the ledger, from the times of its calls. */
import type { LedgerCall } from '../processes/ledger.ts'

type Span = Pick<LedgerCall, 'startedAtMs' | 'endedAtMs'>

/**
 * How many calls at most came one after the other, each begun when the one before it had ended: what the ledger's
 * distance counts as often as that.
 */
export function longestChain(calls: readonly Span[]): number {
  let length = 0
  let endedAtMs = Number.NEGATIVE_INFINITY
  // Taking whichever ends first leaves the most room for others.
  for (const call of calls.toSorted((a, b) => a.endedAtMs - b.endedAtMs)) {
    if (call.startedAtMs < endedAtMs) continue
    length += 1
    endedAtMs = call.endedAtMs
  }
  return length
}

/** Calls that were still under way when the answer went out, or that began later. */
export function afterAnswer<T extends Span>(calls: readonly T[], answeredAtMs: number): T[] {
  return calls.filter(({ endedAtMs }) => endedAtMs > answeredAtMs)
}
