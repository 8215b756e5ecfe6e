import type { Deadline } from '../../clock.ts'
import type { Header } from '../model/header.ts'
import { INVOCATION_LIFE_MS } from '../model/timing.ts'
import { isSettled } from '../model/transitions.ts'
import type { Desk } from './desk.ts'

/** Waits double from the first to the last, milliseconds: the usual write is over within the first few. */
const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 1_000

/** Longest that a repeat waits for the first one's result, milliseconds: who asks gives up after 16 s. */
const PATIENCE_MS = 11_000

/** Kept of the request's time to render the answer, milliseconds. */
const RENDER_RESERVE_MS = 1_000

/**
 * Waits while another invocation carries a change out.
 *
 * @returns it as it then stands: settled, waiting for its time or for a person, or not settled in time.
 */
export async function awaitSettled(
  { ledger, clock }: Pick<Desk, 'ledger' | 'clock'>,
  header: Header,
  deadline: Deadline,
): Promise<Header> {
  const untilMs = clock.monotonicMs() + Math.min(PATIENCE_MS, deadline.remainingMs() - RENDER_RESERVE_MS)
  let latest = header
  for (
    let waitMs = FIRST_WAIT_MS;
    isUnderWay(latest, clock.nowMs());
    waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)
  ) {
    if (clock.monotonicMs() + waitMs > untilMs) break
    await clock.sleep(waitMs)
    latest = (await ledger.get(header.id)) ?? latest
  }
  return latest
}

/** UNKNOWN lasts longer than any request. */
function isUnderWay(header: Header, nowMs: number): boolean {
  const { state, isReleased, notBeforeMs = 0, retryAtMs = 0 } = header
  // Whoever sent it is gone by then, and what came of it was not put on record.
  if (header.state === 'SENT') return nowMs < header.sentAtMs + INVOCATION_LIFE_MS
  if (isSettled(state) || state === 'UNKNOWN' || state === 'AWAITING_APPROVAL') return false
  if (state === 'PLANNED' || state === 'APPROVED')
    return isReleased && nowMs >= Math.max(notBeforeMs, retryAtMs)
  return true
}
