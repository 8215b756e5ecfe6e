/** The tick: what time does to changes, and what a crash abandoned. Once a minute, and safe to run twice. */
import { advance } from './advance.ts'
import type { Desk, Workbench } from './work.ts'

/** Changes looked at in one tick; what is left over is still due at the next. */
const MAX_CHANGES = 100

/** With less than this left of the invocation, milliseconds, no further change is begun. */
const MIN_WORK_MS = 12_000

export interface Ticked {
  readonly advanced: number
  readonly failed: number
}

/**
 * Advances what is due, one after the other: it shares the rate limit with people who wait.
 *
 * @param openBench called only where something is due: it takes an access token, which a new stack has not yet.
 * @throws GatewayError `ledger.unavailable` where what is due cannot be found out.
 */
export async function tick(
  { ledger, clock, log }: Desk,
  openBench: () => Promise<Workbench>,
): Promise<Ticked> {
  const due = await ledger.due(clock.nowMs(), MAX_CHANGES)
  let advanced = 0
  let failed = 0
  if (due.length === 0) return { advanced, failed }
  const bench = await openBench()
  for (const changeId of due) {
    if (bench.scope.deadline.remainingMs() < MIN_WORK_MS) break
    try {
      await advance(bench, changeId)
      advanced += 1
    } catch (error) {
      // One that cannot be advanced must not hold up the others; it stays due.
      failed += 1
      log.left(changeId, 'the tick could not advance it', error)
    }
  }
  return { advanced, failed }
}
