/** What is done about a change of which certainly nothing was applied: it has failed, or it is tried again later. */
import type { Failure, Header } from '../model/change.ts'
import type { Workbench } from '../record/desk.ts'
import { type Move, moveHeader, storeHeader } from '../record/write-header.ts'

/** Before the first further try; it doubles each time, up to the longest. Milliseconds. */
const FIRST_WAIT_MS = 60_000
const LONGEST_WAIT_MS = 30 * 60_000

/**
 * Ends a change as FAILED. One that nobody waits for with a retry of their own (confirmed by a person, planned for a
 * time, a planned revert) is given back for as long as its time is not up, where what failed it passes.
 *
 * @param members what else is known by now, such as the evidence.
 * @returns undefined where another write came first.
 */
export async function giveUp(
  bench: Pick<Workbench, 'ledger' | 'clock' | 'log'>,
  seen: Header,
  failure: Failure,
  note: string,
  members: Partial<Header> = {},
): Promise<Header | undefined> {
  const nowMs = bench.clock.nowMs()
  const retryAtMs = nowMs + waitMs(seen, failure)
  const isGivenBack = seen.isPatient && failure.isPassing && retryAtMs <= (seen.notAfterMs ?? 0)
  const common = { leaseUntilMs: undefined, ...members }
  const move: Move = isGivenBack
    ? {
        state: seen.approval?.decision?.isApproved ? 'APPROVED' : 'PLANNED',
        by: 'gateway',
        note: `${note}; tried again at ${new Date(retryAtMs).toISOString()}`,
        with: { ...common, failure, retryAtMs },
      }
    : { state: 'FAILED', by: 'gateway', note, with: { ...common, failure } }
  return await storeHeader(bench, moveHeader(seen, move, nowMs), seen)
}

function waitMs({ history }: Header, { retryAfterSeconds = 0 }: Failure): number {
  const tries = history.filter(({ state }) => state === 'CLAIMED').length
  const backoffMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1))
  return Math.max(backoffMs, retryAfterSeconds * 1_000)
}
