/** What is on record while writes are paused: it waits, and is taken up once they are resumed. */
import { failureOf } from '../model/failure.ts'
import type { Header } from '../model/header.ts'
import { DEFAULT_WINDOW_MS, TICK_MS } from '../model/timing.ts'
import type { WritePause } from '../model/write-switch.ts'
import type { Workbench } from '../record/desk.ts'
import { heldBackError } from '../record/read-pause.ts'
import { amendHeader, moveHeader, type StepTaken, storeHeader } from '../record/write-header.ts'

/** The longest until what waits is looked at again, so that it is carried out that long after they are resumed. Milliseconds. */
const LONGEST_HOLD_MS = 5 * 60_000

/**
 * Puts a change off of which nothing has been sent, or of which a second write would be. What this invocation has claimed
 * goes back to where it came from. A `notAfter` that somebody named stands; the gateway's own begins when writes are resumed.
 *
 * @param seen PLANNED or APPROVED; CLAIMED by this invocation; SENT or UNKNOWN.
 * @param longestMs until it is looked at again.
 */
export async function holdBack(
  bench: Pick<Workbench, 'ledger' | 'clock' | 'log'>,
  seen: Header,
  pause: WritePause,
  longestMs = LONGEST_HOLD_MS,
): Promise<StepTaken> {
  const { clock } = bench
  const nowMs = clock.nowMs()
  // Half of it by chance, so that what waited together does not come together.
  const laterMs = Math.ceil(nowMs + longestMs * (0.5 + clock.random() / 2))
  // What has an end of its own is looked at in time for it.
  const lastMs = seen.isEndOurs ? laterMs : (seen.notAfterMs ?? laterMs) - 2 * TICK_MS
  const retryAtMs = Math.max(nowMs + Math.min(TICK_MS, longestMs / 2), Math.min(laterMs, lastMs))
  const waits = (stored: Awaited<ReturnType<typeof storeHeader>>): StepTaken =>
    stored.kind === 'advanced' ? { ...stored, kind: 'waits' } : stored
  if (seen.state === 'SENT' || seen.state === 'UNKNOWN') {
    return waits(await storeHeader(bench, amendHeader(seen, {}, seen.updatedAtMs, retryAtMs), seen))
  }
  const members = {
    failure: failureOf(heldBackError(pause)),
    retryAtMs,
    notAfterMs: endWhilePaused(seen, retryAtMs),
    workPutOff: undefined,
  }
  if (seen.state !== 'CLAIMED') {
    return waits(await storeHeader(bench, amendHeader(seen, members, seen.updatedAtMs), seen))
  }
  const givenBack = moveHeader(
    seen,
    {
      state: seen.approval?.decision?.isApproved ? 'APPROVED' : 'PLANNED',
      as: 'owner',
      by: 'gateway',
      note: 'nothing was sent: writes are paused',
      with: members,
    },
    nowMs,
  )
  return waits(await storeHeader(bench, givenBack, seen))
}

function endWhilePaused({ notAfterMs, isEndOurs }: Header, retryAtMs: number): number | undefined {
  if (notAfterMs === undefined || !isEndOurs) return notAfterMs
  return Math.max(notAfterMs, retryAtMs + DEFAULT_WINDOW_MS)
}
