/** The times a change lives by. All in milliseconds; ADR 7 says what rests on them. */
import { PER_TRY_TIMEOUT_MS } from '../../genesys/scope.ts'

/** No function lives longer, so a claim older than that has no living owner. */
export const INVOCATION_LIFE_MS = 30_000

/** How long after a write a read may still show the state before it: our choice, upstream documents nothing. */
export const STALENESS_MS = 2_000

/** How long upstream may take to act on a request that nobody waits for any more: our choice too. */
const UPSTREAM_GRACE_MS = 20_000

/** By how much the clocks of two containers may differ. */
export const CLOCK_ALLOWANCE_MS = 5_000

/** After that long from the permit nothing of the sender's can land any more, and a read shows it. */
export const QUIET_MS =
  INVOCATION_LIFE_MS + PER_TRY_TIMEOUT_MS + UPSTREAM_GRACE_MS + STALENESS_MS + CLOCK_ALLOWANCE_MS

/** Between two ticks: what is due is taken up that much later at most. */
export const TICK_MS = 60_000

/** What waits for that long is due at the very next tick: put off by a whole minute it would miss one that comes a moment early. */
export const NEXT_TICK_MS = TICK_MS / 2

/** By how much a reading may be behind what was written when it began: upstream's staleness, and the clocks'. */
export const READING_MARGIN_MS = STALENESS_MS + CLOCK_ALLOWANCE_MS

/** A change released without a notAfter of its own is carried out within that, or not at all. */
export const DEFAULT_WINDOW_MS = 15 * 60_000

/** A plan that nobody applies lapses, and so does a request that nobody approves unless the org file says otherwise. */
export const PLAN_LIFE_MS = 8 * 3_600_000

/** A list that could not be planned by then is given up: of 100,000 people a reading takes ten minutes. */
export const PLANNING_LIFE_MS = 3 * 3_600_000

/** A list that has had no turn for that long is handed on anew: its message was lost, or given up. */
export const LOST_TURN_MS = 5 * TICK_MS

/** How far a list has come is told that often at most. */
export const PROGRESS_EVERY_MS = 10_000

/** Where the next part of a list cannot be begun for so long, no other begins either: whoever was woken has had the time. */
export const LIST_PATIENCE_MS = 24 * 3_600_000

/** Where reading back keeps failing, somebody is told after that. */
export const READ_BACK_PATIENCE_MS = 15 * 60_000

/** A repeat of a keyless toggle POST within that of the last answer is the same request: official clients wait 60 s at most. */
export const REPEAT_WINDOW_MS = 2 * 60_000

/** And within that of a person's look at what came of the first: the official CLI resends for about 17 minutes. */
export const SETTLED_REPEAT_WINDOW_MS = 20 * 60_000

/** Of the sender's time, kept to read back and record what it did. */
export const RECORD_RESERVE_MS = 3_000

/** With less than this left of the invocation's time, beside the reserve, nothing is sent. */
export const MIN_SENDING_MS = 2_000
