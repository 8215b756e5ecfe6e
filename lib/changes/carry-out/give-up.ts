/** What is done about a change of which certainly nothing was applied: it has failed, or it is tried again later. */
import type { Failure } from '../model/change.ts'
import { triesOf } from '../model/due.ts'
import type { Header, HeaderMembers } from '../model/header.ts'
import type { Workbench } from '../record/desk.ts'
import { type Beside, type Move, moveHeader, type StepTaken, storeHeader } from '../record/write-header.ts'

/** Before the first further try; it doubles each time, up to the longest. Milliseconds. */
const FIRST_WAIT_MS = 60_000
const LONGEST_WAIT_MS = 30 * 60_000

/**
 * Ends a change as FAILED. One that nobody waits for with a retry of their own (confirmed by a person, planned for a
 * time, a planned revert) is given back for as long as its time is not up, where what failed it passes.
 *
 * @param members what else is known by now, such as the evidence.
 */
export async function giveUp(
  bench: Pick<Workbench, 'ledger' | 'clock' | 'log'>,
  seen: Header,
  failure: Failure,
  note: string,
  members: Partial<HeaderMembers> = {},
  beside: Beside = {},
): Promise<StepTaken> {
  const nowMs = bench.clock.nowMs()
  const retryAtMs = nowMs + waitMs(seen, failure)
  const { isPatient, notAfterMs } = seen
  const isGivenBack = isPatient && failure.isPassing && notAfterMs !== undefined && retryAtMs <= notAfterMs
  const move: Move = isGivenBack
    ? {
        state: seen.approval?.decision?.isApproved ? 'APPROVED' : 'PLANNED',
        as: 'owner',
        by: 'gateway',
        note: `${note}; tried again at ${new Date(retryAtMs).toISOString()}`,
        with: { ...members, failure, retryAtMs },
      }
    : { state: 'FAILED', as: 'owner', by: 'gateway', note, with: { ...members, failure } }
  return await storeHeader(bench, moveHeader(seen, move, nowMs), seen, beside)
}

function waitMs(header: Header, { retryAfterSeconds = 0 }: Failure): number {
  const tries = triesOf(header)
  // What lists keep together holds parts back already, and a list ends with the last of its parts.
  const longestMs = header.partOf ? FIRST_WAIT_MS : LONGEST_WAIT_MS
  const backoffMs = Math.min(longestMs, FIRST_WAIT_MS * 2 ** (tries - 1))
  return Math.max(backoffMs, retryAfterSeconds * 1_000)
}
